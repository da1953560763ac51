# The image of one service: docker build --build-arg SERVICE=users -t concord-users .
ARG PYTHON=python:3.11-slim-bookworm

# All packages in the versions of the lock file, in one environment; the three images share these layers.
FROM ${PYTHON} AS workspace
RUN pip install --quiet --no-cache-dir --root-user-action=ignore "uv>=0.13,<0.14"
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/concord \
    UV_PYTHON=/usr/local/bin/python3 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /build
COPY pyproject.toml uv.lock ./
COPY contracts/pyproject.toml contracts/
COPY chassis/pyproject.toml chassis/
COPY services/users/pyproject.toml services/users/
COPY services/catalog/pyproject.toml services/catalog/
COPY services/orders/pyproject.toml services/orders/
RUN uv sync --quiet --locked --no-default-groups --all-packages --extra otlp --extra redis --extra sentry --no-build --no-install-workspace
COPY . .
RUN uv sync --quiet --locked --no-default-groups --all-packages --extra otlp --extra redis --extra sentry --no-editable

# What one service needs of it.
FROM workspace AS service
ARG SERVICE
RUN uv sync --quiet --locked --no-default-groups --package "concord-${SERVICE}" --extra otlp --extra redis --extra sentry --no-editable

# Neither uv nor sources nor a shell of anybody's: an interpreter, one environment, one unprivileged user.
FROM ${PYTHON}
ARG SERVICE
ARG COMMIT=unknown
COPY --from=service /opt/concord /opt/concord
ENV PATH=/opt/concord/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CONCORD_ENV=production \
    CONCORD_COMMIT=${COMMIT} \
    CONCORD_HOST=0.0.0.0 \
    CONCORD_PORT=8000 \
    CONCORD_OPERATIONS_HOST=0.0.0.0 \
    CONCORD_OPERATIONS_PORT=9000 \
    SERVICE=${SERVICE}
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000 9000
ENTRYPOINT ["sh", "-c", "exec python -m \"$SERVICE\" \"$@\"", "service"]
