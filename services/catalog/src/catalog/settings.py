"""What the people who run the catalog can set."""

from datetime import timedelta
from typing import Annotated

from chassis.settings import Port, ServiceSettings
from pydantic import Field, SecretStr

__all__ = ["Settings"]


class Settings(ServiceSettings):
    """The settings of every service, and those of the catalog."""

    port: Port = 8002
    operations_port: Port = 8102
    database_url: SecretStr = SecretStr("sqlite:///catalog.db")
    client_id: str = "catalog"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(
        "EUR", description="the one currency of the shop (ISO 4217, with two decimals)"
    )
    hold_seconds: Annotated[float, Field(gt=0, le=86400)] = Field(
        900.0, description="how long pieces are put aside for an order that is not finished"
    )
    expiry_every_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        5.0, description="how often expired reservations are given back"
    )
    keep_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        30, description="how long expired and released reservations are remembered"
    )
    seed: bool = Field(True, description="start with a few dozen products to try things with; not in production")

    @property
    def hold(self) -> timedelta:
        return timedelta(seconds=self.hold_seconds)

    @property
    def keep(self) -> timedelta:
        return timedelta(days=self.keep_days)

    @property
    def seeds(self) -> bool:
        """Whether there are to be products to try things with."""
        return self.seed and self.env != "production"
