"""What the people who run the users service can set."""

from datetime import timedelta
from typing import Annotated, Self

from chassis.settings import DevelopmentSecret, Port, Rate, ServiceSettings
from pydantic import Field, SecretStr, model_validator

from users.terms import Terms

__all__ = ["Settings"]

_OWASP_MEMORY = 19_456  # the least that OWASP's password storage cheat sheet has for Argon2id


class Settings(ServiceSettings):
    """The settings of every service, and those of users."""

    port: Port = 8001
    operations_port: Port = 8101
    database_url: SecretStr = SecretStr("sqlite:///users.db")
    client_id: str = "users"
    catalog_client_secret: DevelopmentSecret = Field(
        default=SecretStr("development-client-secret"), description="the secret by which catalog asks for its tokens"
    )
    orders_client_secret: DevelopmentSecret = Field(
        default=SecretStr("development-client-secret"), description="the secret by which orders asks for its tokens"
    )
    token_seconds: Annotated[int, Field(ge=10, le=86400)] = Field(
        default=900, description="how long an access token lives"
    )
    key_ahead_seconds: Annotated[int, Field(ge=10, le=86400)] = Field(
        default=60, description="how long a new signing key is published before it signs"
    )
    password_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        default=2, description="how many passwords are hashed at once"
    )
    password_memory_kib: Annotated[int, Field(ge=1024, le=1_048_576)] = Field(
        default=65_536, description="the memory that hashing a password takes; production wants 19456 or more"
    )
    password_rate: Rate = Field(
        default="600/minute", description="passwords that one caller may try, as 10/minute; or off"
    )
    seed_password: Annotated[SecretStr, Field(min_length=12)] | None = Field(
        default=None,
        description="the password of customer@example.com and staff@example.com, made at start; not in production",
    )

    @property
    def terms(self) -> Terms:
        """The terms that these settings make."""
        secrets = {
            "users": self.client_secret,
            "catalog": self.catalog_client_secret,
            "orders": self.orders_client_secret,
        }
        return Terms(
            issuer=self.issuer,
            token_lifetime=timedelta(seconds=self.token_seconds),
            key_ahead=timedelta(seconds=self.key_ahead_seconds),
            password_threads=self.password_threads,
            password_memory_kib=self.password_memory_kib,
            cursor_secret=self.cursor_secret.get_secret_value().encode(),
            client_secrets={client_id: secret.get_secret_value() for client_id, secret in secrets.items()},
            seed_password=self.seed_password.get_secret_value() if self.seed_password else None,
        )

    @property
    def rates(self) -> dict[str, str]:
        """How often passwords may be tried, by the operations that take one."""
        return dict.fromkeys(("issue_token", "change_password"), self.password_rate)

    @model_validator(mode="after")
    def _be_strict_in_production(self) -> Self:
        if self.env == "production" and self.seed_password:
            raise ValueError("production wants no seeded accounts: do not set CONCORD_SEED_PASSWORD")
        if self.env == "production" and self.password_memory_kib < _OWASP_MEMORY:
            raise ValueError(f"production wants CONCORD_PASSWORD_MEMORY_KIB to be {_OWASP_MEMORY} or more")
        return self
