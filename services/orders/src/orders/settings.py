"""What the people who run the orders service can set."""

from datetime import timedelta
from typing import Annotated

from chassis.settings import Port, ServiceSettings
from pydantic import Field, SecretStr

from orders.store.work import Backoff
from orders.terms import Terms

__all__ = ["Settings"]

Moment = Annotated[float, Field(gt=0, le=3600)]


class Settings(ServiceSettings):
    """The settings of the orders service."""

    port: Port = 8003
    operations_port: Port = 8103
    database_url: SecretStr = SecretStr("sqlite:///orders.db")
    client_id: str = "orders"
    lease_seconds: Moment = Field(
        default=10, description="how long who sets out to finish an order has it alone; longer than all its calls take"
    )
    retry_seconds: Moment = Field(default=0.5, description="the wait after a first failure; it doubles with each")
    retry_longest_seconds: Moment = Field(default=30, description="the longest wait between two tries")
    retry_attempts: int = Field(default=100, ge=1, description="tries after which an order is parked for people to see")
    pending_seconds: Annotated[float, Field(gt=0, le=604_800)] = Field(
        default=7200, description="how long an order may be pending unless it is parked; longer is reported as a fault"
    )
    recovery_seconds: Moment = Field(default=1, description="how often to look for orders that wait")
    include_seconds: Moment = Field(default=1, description="how long to wait for what other services know of an order")
    streams_per_caller: int = Field(default=5, ge=1, description="how many orders one caller may follow at once")
    reread_seconds: Moment = Field(
        default=2, description="how often streams look for what other processes did to their orders"
    )

    @property
    def terms(self) -> Terms:
        """The terms that these settings make."""
        first, longest = timedelta(seconds=self.retry_seconds), timedelta(seconds=self.retry_longest_seconds)
        return Terms(
            lease=timedelta(seconds=self.lease_seconds),
            backoff=Backoff(first, longest, self.retry_attempts),
            patience=self.include_seconds,
            streams=self.streams_per_caller,
            reread=self.reread_seconds,
            pending=timedelta(seconds=self.pending_seconds),
        )
