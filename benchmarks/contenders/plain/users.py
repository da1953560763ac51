"""The plain users service: who may order, and who somebody is."""

from uuid import UUID

from fastapi import HTTPException

from benchmarks.contenders.plain.models import Person, Standing
from benchmarks.contenders.plain.service import make_app
from benchmarks.contenders.plain.tables import AccountRow
from benchmarks.contenders.sessions import SessionDep
from benchmarks.contenders.tutorial import CallerDep

__all__ = ["app"]

app = make_app()


@app.get("/v2/users/{user_id}/standing")
async def get_standing(user_id: UUID, session: SessionDep, caller: CallerDep) -> Standing:
    """Tell whether an account may order."""
    row = await session.get(AccountRow, user_id)
    if row is None:
        raise HTTPException(404, "No such account")
    return Standing(user_id=row.id, status=row.status, generation=row.generation)


@app.get("/v2/people/{user_id}")
async def get_person(user_id: UUID, session: SessionDep, caller: CallerDep) -> Person:
    """Tell who somebody is."""
    row = await session.get(AccountRow, user_id)
    if row is None:
        raise HTTPException(404, "No such account")
    return Person(id=row.id, given=row.given, family=row.family)
