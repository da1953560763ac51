"""What the people who run the users service can set."""

from datetime import timedelta
from typing import Annotated, Self

from chassis.settings import DevelopmentSecret, Port, Rate, ServiceSettings
from pydantic import Field, SecretStr, model_validator

__all__ = ["Settings"]

_OWASP_MEMORY = 19_456  # the least that OWASP's password storage cheat sheet has for Argon2id


class Settings(ServiceSettings):
    """The settings of every service, and those of users."""

    port: Port = 8001
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
    key_ahead_seconds: Annotated[int, Field(ge=0, le=86400)] = Field(
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
    def client_secrets(self) -> dict[str, str]:
        """The secrets of the services that ask for tokens, by their names as clients."""
        secrets = {
            "users": self.client_secret,
            "catalog": self.catalog_client_secret,
            "orders": self.orders_client_secret,
        }
        return {client_id: secret.get_secret_value() for client_id, secret in secrets.items()}

    @property
    def token_lifetime(self) -> timedelta:
        return timedelta(seconds=self.token_seconds)

    @property
    def key_ahead(self) -> timedelta:
        return timedelta(seconds=self.key_ahead_seconds)

    @property
    def seeds(self) -> str | None:
        """The password of the seeded accounts, if there are to be any."""
        return self.seed_password.get_secret_value() if self.seed_password else None

    @model_validator(mode="after")
    def _be_strict_in_production(self) -> Self:
        if self.env == "production" and self.seed_password:
            raise ValueError("production wants no seeded accounts: do not set CONCORD_SEED_PASSWORD")
        if self.env == "production" and self.password_memory_kib < _OWASP_MEMORY:
            raise ValueError(f"production wants CONCORD_PASSWORD_MEMORY_KIB to be {_OWASP_MEMORY} or more")
        return self
