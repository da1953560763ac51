"""An account as the users service knows it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from chassis.conditional import etag
from chassis.ids import new_id
from contracts.users.v2 import AccountRole, AccountStatus, Name, Person, PersonalData, Standing, User

__all__ = ["Account", "email_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One row: a closed one has an id and a history, and nothing personal."""

    id: UUID
    email: str | None
    given: str | None
    family: str | None
    password_hash: str | None = field(repr=False)
    role: AccountRole
    status: AccountStatus
    generation: int
    version: int
    created_at: datetime
    updated_at: datetime
    password_changed_at: datetime | None

    @classmethod
    def opened(cls, email: str, name: Name, password_hash: str, role: AccountRole, at: datetime) -> Self:
        """Make a new account."""
        return cls(
            id=new_id(),
            email=email,
            given=name.given,
            family=name.family,
            password_hash=password_hash,
            role=role,
            status=AccountStatus.ACTIVE,
            generation=1,
            version=1,
            created_at=at,
            updated_at=at,
            password_changed_at=at,
        )

    @property
    def name(self) -> Name | None:
        return None if self.given is None else Name(given=self.given, family=self.family)

    @property
    def etag(self) -> str:
        return etag(self.version)

    @property
    def shown(self) -> User:
        """The account as callers see it."""
        return User(
            id=self.id,
            email=self.email,
            name=self.name,
            status=self.status,
            role=self.role,
            created_at=self.created_at,
            updated_at=self.updated_at,
        )

    def exported(self, at: datetime) -> PersonalData:
        """Write down all that is personal here."""
        return PersonalData(exported_at=at, account=self.shown, password_changed_at=self.password_changed_at)

    @property
    def person(self) -> Person:
        return Person(id=self.id, name=self.name, status=self.status)

    @property
    def standing(self) -> Standing:
        return Standing(user_id=self.id, status=self.status, generation=self.generation)


def email_key(email: str) -> str:
    """Write an address as it is compared: the contract has ASCII only, and case counts for nobody."""
    return email.lower()
