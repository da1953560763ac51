"""Plain FastAPI as its tutorial on OAuth2 with passwords and tokens has it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.contenders.sessions import SessionDep

__all__ = ["app"]

_SECRET = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"  # noqa: S105 (the tutorial's own)
_hasher = PasswordHash((Argon2Hasher(memory_cost=65_536),))

app = FastAPI()


class Base(DeclarativeBase):
    """All tables."""


class AccountRow(Base):
    """An account."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    email_key: Mapped[str]
    password_hash: Mapped[str]


class Token(BaseModel):
    """A token."""

    access_token: str
    token_type: str


@app.post("/oauth/token")
async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()], session: SessionDep) -> Token:
    """Give out a token for a password."""
    account = await session.scalar(select(AccountRow).where(AccountRow.email_key == form.username.lower()))
    if account is None or not _hasher.verify(form.password, account.password_hash):
        raise HTTPException(401, "Incorrect username or password", {"WWW-Authenticate": "Bearer"})
    claims = {"sub": str(account.id), "exp": datetime.now(UTC) + timedelta(minutes=15)}
    return Token(access_token=jwt.encode(claims, _SECRET, "HS256"), token_type="bearer")  # noqa: S106 (its type)


@app.get("/ready")
async def ready() -> str:
    """Say that this serves."""
    return "ready"
