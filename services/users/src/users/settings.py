"""What the people who run the users service can set."""

from datetime import timedelta
from typing import Annotated, Self

from chassis.settings import DevelopmentSecret, Port, Rate, ServiceSettings
from pydantic import Field, SecretStr, model_validator

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """The settings of every service, and those of users."""

    port: Port = 8001
    database_url: SecretStr = SecretStr("sqlite:///users.db")
    client_id: str = "users"
    catalog_client_secret: DevelopmentSecret = Field(
        SecretStr("development-client-secret"), description="the secret by which catalog asks for its tokens"
    )
    orders_client_secret: DevelopmentSecret = Field(
        SecretStr("development-client-secret"), description="the secret by which orders asks for its tokens"
    )
    token_seconds: Annotated[int, Field(ge=10, le=86400)] = Field(900, description="how long an access token lives")
    key_ahead_seconds: Annotated[int, Field(ge=0, le=86400)] = Field(
        60, description="how long a new signing key is published before it signs"
    )
    password_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="how many passwords are hashed at once; each takes 64 MiB"
    )
    password_rate: Rate = Field("600/minute", description="passwords that one caller may try, as 10/minute; or off")
    seed_password: Annotated[SecretStr, Field(min_length=12)] | None = Field(
        None,
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
    def _seed_no_production(self) -> Self:
        if self.env == "production" and self.seed_password:
            raise ValueError("production wants no seeded accounts: do not set CONCORD_SEED_PASSWORD")
        return self
