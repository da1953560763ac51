"""Who is calling: what a verified token says of its bearer."""

from enum import StrEnum
from functools import cached_property
from uuid import UUID

from contracts.errors import Forbidden
from pydantic import BaseModel, ConfigDict

__all__ = ["Principal", "Role"]


class Role(StrEnum):
    """What kind of caller this is."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SERVICE = "service"


class Principal(BaseModel):
    """A caller whose token was verified; `generation` ends an account's older sessions and is None for services."""

    model_config = ConfigDict(frozen=True)

    id: str
    role: Role
    scopes: frozenset[str]
    client_id: str
    generation: int | None = None

    @property
    def is_customer(self) -> bool:
        return self.role is Role.CUSTOMER

    @property
    def is_staff(self) -> bool:
        return self.role is Role.STAFF

    @property
    def is_service(self) -> bool:
        return self.role is Role.SERVICE

    @cached_property
    def account_id(self) -> UUID:
        """The account behind this caller; a service has none and is refused."""
        if self.is_service:
            raise Forbidden(f"This wants the token of a person's account and found that of the service {self.id}.")
        return UUID(self.id)

    def has(self, *scopes: str) -> bool:
        """Say whether this caller was granted all of these scopes."""
        return self.scopes.issuperset(scopes)
