"""What a good request to any operation is about: an account and its things, made when an operation needs them."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from chassis.ids import new_id
from contracts.answers import Upload
from contracts.catalog.v2 import Catalog, NewReservation, ReservationLine
from contracts.examples import example_json
from contracts.operation import Operation
from contracts.places import BODIES, Parameter, Place, bare
from contracts.scopes import Scope
from contracts.users.identity import TokenRequest
from contracts.users.v2 import AccountRole, Name, NewUser, Users
from PIL import Image
from pydantic import BaseModel, TypeAdapter
from users.accounts import Accounts

from tests.races.world import World, order_of

from .callers import People

__all__ = ["PASSWORD", "Matter"]

PASSWORD = "correct horse battery staple"
"""That of everybody, as in the contract's examples."""


class Matter:
    """The things of one owner, as one request needs them."""

    def __init__(self, world: World, owner: UUID, email: str) -> None:
        self._world = world
        self.owner = owner
        self._email = email
        self._makers: dict[str, Callable[[], Awaitable[UUID]]] = {
            "user_id": self._account,
            "customer_id": self._account,
            "product_id": self._product,
            "orders order_id": self._order,
            "catalog order_id": self._reservation,
            "catalog v2 reserve order_id": self._new_id,
        }

    @classmethod
    async def made(cls, world: World) -> "Matter":
        """Open an account for the owner."""
        email = f"{uuid4().hex}@example.com"
        new = NewUser(email=email, name=Name(given="Ada", family="Byron"), password=PASSWORD)
        return cls(world, (await world.call(Users).register(new)).id, email)

    async def people(self) -> People:
        """Open accounts for those who are not the owner."""
        new = NewUser(email=f"{uuid4().hex}@example.com", name=Name(given="Grace", family=None), password=PASSWORD)
        staff = await self._world.rule("users", Accounts).register(new, AccountRole.STAFF)
        return People(self.owner, await self._world.join(), staff.id)

    async def arguments(self, op: Operation[..., Any]) -> dict[str, Any]:
        """Make what the operation must be given, and what it may want by its own rules."""
        wanted = [it for it in op.parameters if it.required or it.place is Place.HEADER]
        return {parameter.name: await self._value(op, parameter) for parameter in wanted}

    async def _value(self, op: Operation[..., Any], parameter: Parameter) -> Any:
        match parameter.place:
            case Place.HEADER:
                return "*" if parameter.wire_name == "If-Match" else uuid4().hex
            case Place.FILE:
                return Upload(_picture(), "photo.png", "image/png")
            case Place.QUERY_MODEL:
                return parameter.type()
            case place if place in BODIES:
                return await self._body(bare(parameter.annotation))
            case _:
                thing = await self._thing(op, parameter.name)
                is_list = TypeAdapter(parameter.annotation).json_schema().get("type") == "array"
                return [thing] if is_list else thing

    async def _thing(self, op: Operation[..., Any], name: str) -> UUID:
        """Make what a parameter names, by the most exact of the names that it goes by."""
        for known in (f"{op.label} {name}", f"{op.api.service} {name}", name):
            if known in self._makers:
                thing = await self._makers[known]()
                if op.scope is Scope.CATALOG_REVIEW:
                    await self._world.place(self.owner, order_of(thing))  # only buyers may
                return thing
        raise AssertionError(f"{op.label} wants a `{name}`: say in tests/doors/matter.py how one is made")

    async def _body(self, annotation: Any) -> BaseModel:
        """Make a body that is not refused for what it says: the example, with what must be new or must be there."""
        if annotation is TokenRequest:
            return TokenRequest(grant_type="password", username=self._email, password=PASSWORD)
        if annotation is NewReservation:
            return NewReservation(lines=[ReservationLine(product_id=await self._product(), quantity=1)])
        said = example_json(annotation)
        for name, text in (("email", f"{uuid4().hex}@example.com"), ("sku", f"S-{uuid4().hex.upper()}")):
            said |= {name: text} if name in said else {}
        for line in said.get("lines", said.get("items", [])):
            line["product_id"] = str(await self._product())
        said.pop("expected_total", None)
        body: BaseModel = TypeAdapter(annotation).validate_python(said)
        return body

    async def _account(self) -> UUID:
        return self.owner

    async def _product(self) -> UUID:
        product = await self._world.stock(10)
        await self._world.staff(Catalog).put_image(product.id, Upload(_picture()))
        return product.id

    async def _order(self) -> UUID:
        return (await self._world.place(self.owner, order_of(await self._product()))).id

    async def _reservation(self) -> UUID:
        order_id = new_id()
        line = ReservationLine(product_id=await self._product(), quantity=1)
        await self._world.service(Catalog).reserve(order_id, NewReservation(lines=[line]))
        return order_id

    async def _new_id(self) -> UUID:
        return new_id()


def _picture() -> bytes:
    """Draw the smallest picture that there is."""
    written = BytesIO()
    Image.new("RGB", (1, 1)).save(written, "png")
    return written.getvalue()
