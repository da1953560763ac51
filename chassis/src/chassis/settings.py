"""What the people who run a service can set: environment variables `CONCORD_*`, or files for secrets.

A file is named like its variable in lower case (`concord_cursor_secret`) and lies in `/run/secrets`,
where Compose mounts its secrets, or in the folder that `CONCORD_SECRETS_DIR` names.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from chassis.values import DevelopmentSecret, Names, Port, Proxies, Rate, Seconds, Share, Url
from chassis.variables import PREFIX, DevelopmentOnly, complaint, describe, variable

__all__ = [
    "DevelopmentSecret",
    "InvalidSettings",
    "Names",
    "Port",
    "Rate",
    "ServiceSettings",
    "describe",
    "load",
]

S = TypeVar("S", bound=BaseSettings)


class InvalidSettings(SystemExit):
    """The service cannot start with these settings; as an exit it prints its message, not a traceback."""


class ServiceSettings(BaseSettings):
    """What every service can be told; each service adds its own and sets its own defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    env: Literal["development", "test", "production"] = Field(
        default="development", description="where this runs; production refuses development secrets"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: Port = Field(default=8000, description="port to listen on; 0 takes a free one")
    operations_host: str = Field(
        default="127.0.0.1", description="address of the operations port, which must never be public"
    )
    operations_port: Port = Field(
        default=9000, description="port for metrics, health, information and log levels; 0 takes a free one"
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="processes that serve the port together; a container does better with one, and replicas"
    )
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///concord.db"),
        description="sqlite:///path/file.db or postgresql://user:password@host/name",
    )
    users_url: Url = Field(default="http://127.0.0.1:8001", description="where the users service is")
    catalog_url: Url = Field(default="http://127.0.0.1:8002", description="where the catalog service is")
    orders_url: Url = Field(default="http://127.0.0.1:8003", description="where the orders service is")
    issuer: str = Field(default="http://127.0.0.1:8001", description="who signs tokens, as their `iss` says it")
    client_id: str = Field(default="service", description="this service's name when it asks for tokens")
    client_secret: DevelopmentSecret = Field(
        default=SecretStr("development-client-secret"), description="this service's secret when it asks for tokens"
    )
    cursor_secret: DevelopmentSecret = Field(
        default=SecretStr("development-cursor-secret"), description="signs the cursors of lists"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least level that is logged"
    )
    log_format: Literal["auto", "json", "pretty"] = Field(
        default="auto", description="auto: pretty in a terminal, else one JSON line an event"
    )
    cors_origins: Names = Field(default=(), description="origins whose pages may call, with commas between")
    trusted_hosts: Names = Field(default=("*",), description="Host headers that are answered; * is any")
    trusted_proxies: Proxies = Field(
        default=(), description="addresses or networks whose X-Forwarded-* headers are believed"
    )
    https_redirect: bool = Field(default=False, description="send http requests to https")
    gzip: bool = Field(default=True, description="compress answers for callers that accept it")
    rate_limit: Rate = Field(default="6000/minute", description="requests of one caller, as 100/minute; or off")
    rate_limit_storage: SecretStr = Field(
        default=SecretStr("memory://"), description="memory:// counts in each process, redis://host:6379 in all"
    )
    peer_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        default=2.0, description="how long another service has for one answer"
    )
    peer_calls: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=50, description="how many calls to one other service are made at a time; more wait"
    )
    peer_retry_share: Share = Field(
        default=0.1, description="how much may be added to the calls to another service by making some again"
    )
    peer_failing_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.5, description="how many calls to another service must fail before it is left alone for a while"
    )
    peer_failing_calls: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=20, description="of how many calls at least that is said"
    )
    peer_failing_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=10.0, description="of how many seconds that is said"
    )
    peer_rest_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=0.5, description="how long another service is left alone, before one call tries it"
    )
    loop_rest_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=60.0, description="how long work in the background that keeps failing rests at most between two tries"
    )
    invariants_seconds: Annotated[float, Field(gt=0, le=86400)] = Field(
        default=60.0, description="how often to look whether all that must always hold still does"
    )
    counted_clients: Names = Field(
        default=("users", "catalog", "orders"),
        description="clients whose use of versions that retire is counted by name; others count as `other`",
    )
    commit: str = Field(default="unknown", description="the commit that this was built from, for metrics and /info")
    otlp_endpoint: Url | None = Field(
        default=None, description="a collector that takes traces by OTLP over HTTP, as http://127.0.0.1:4318; or none"
    )
    trace_ratio: Share = Field(default=0.1, description="how many of the traces that begin here are recorded")
    sentry_dsn: SecretStr | None = Field(default=None, description="where errors are reported to; or none")
    shutdown_seconds: Seconds = Field(default=20, description="how long requests may finish after SIGTERM")
    keep_alive_seconds: Seconds = Field(
        default=75, description="how long an idle connection stays; must be longer than clients keep theirs"
    )

    faults: Path | None = Field(
        default=None, description="a folder of faults that tests make happen; production refuses it"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments, then variables, then secret files; never a stray `.env`."""
        return (init_settings, env_settings, SecretsSettingsSource(settings_cls, _secrets_folder()))

    @model_validator(mode="after")
    def _refuse_known_secrets(self) -> Self:
        fields = type(self).model_fields
        marked = [name for name in fields if DevelopmentOnly.marks(type(self), name)]
        known = [variable(name) for name in marked if getattr(self, name) == fields[name].default]
        if self.env == "production" and known:
            raise ValueError(f"production wants secrets of its own: set {', '.join(known)}")
        return self

    @model_validator(mode="after")
    def _refuse_faults(self) -> Self:
        if self.env == "production" and self.faults:
            raise ValueError("production wants no faults: do not set CONCORD_FAULTS")
        return self


def load(settings: type[S]) -> S:
    """Read the environment and the secret files once, or refuse to start with a table of what is wrong."""
    try:
        return settings()
    except ValidationError as refused:
        raise InvalidSettings(complaint(settings, refused)) from None


def _secrets_folder() -> Path | None:
    named = os.environ.get(f"{PREFIX}SECRETS_DIR")
    folder = Path(named or "/run/secrets")
    if folder.is_dir():
        return folder
    if named:
        raise InvalidSettings(f"{PREFIX}SECRETS_DIR wants a folder of secret files, and {named} is none.")
    return None
