"""SQLAlchemy's async sessions as a FastAPI dependency, as both documentations have it."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.contenders.settings import async_database_url

__all__ = ["SessionDep", "engine", "get_session"]

engine = create_async_engine(async_database_url())
_sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncGenerator[AsyncSession]:
    """Open a session for one request."""
    async with _sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
