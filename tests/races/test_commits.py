"""A database that refuses to commit, behind every operation that changes anything: nobody is told that it was done."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from chassis.faults import Fault, Faults
from chassis.ids import new_id
from chassis.principals import Role
from contracts.answers import Upload
from contracts.catalog import v1 as old_catalog
from contracts.catalog.v2 import (
    Adjustment,
    Catalog,
    NewProduct,
    NewReservation,
    NewReview,
    ProductChanges,
    Reason,
    ReservationLine,
)
from contracts.errors import NoAnswer
from contracts.examples import example
from contracts.operation import Operation
from contracts.orders import v1 as old_orders
from contracts.orders.v2 import Orders
from contracts.scopes import Scope
from contracts.tools.apis import apis
from contracts.users import v1 as old_users
from contracts.users.v2 import AccountRole, Name, NewUser, PasswordChange, RoleChange, UserChanges, Users
from PIL import Image

from .world import Urls, World, insist, order_of, running_world

pytestmark = pytest.mark.anyio

T = TypeVar("T")

ANY_UNIT = Fault(place="unit", name="{any}", moment="within", kind="fail", stays=True)
WRITES_NOTHING = {"users identity issue_token"}
CHANGING = {op.label for api in apis().values() for op in api.operations() if op.method != "GET"} - WRITES_NOTHING


class Doubt:
    """Makes each call twice: first while nothing can be committed, then in earnest."""

    def __init__(self, faults: Faults) -> None:
        self.tried = set[str]()
        self.wrong: list[str] = []
        self._faults = faults

    async def __call__(self, op: Operation[..., Any], call: Callable[[], Awaitable[T]]) -> T:
        armed = self._faults.arm(ANY_UNIT)
        try:
            answer = await call()
        except NoAnswer:
            self.tried.add(op.label)
        else:
            self.wrong.append(f"{op.label} said {answer!r}, and nothing was saved")
        self._faults.disarm(armed)
        return await insist(call)


async def test_no_operation_says_that_it_was_done_when_it_was_not_saved(urls: Urls, tmp_path: Path) -> None:
    folder = tmp_path / "faults"
    folder.mkdir()
    doubt = Doubt(Faults(folder))

    async with running_world(urls, idle=True, faults=folder) as world:
        world.is_insistent = False
        await change_accounts(world, doubt)
        await change_products(world, doubt)
        await change_orders(world, doubt)
        broken = await world.violations()

    assert doubt.wrong == []
    assert doubt.tried == CHANGING
    assert broken == []


async def change_accounts(world: World, doubt: Doubt) -> None:
    new = NewUser(email="countess@example.com", name=Name(given="Ada", family=None), password="correct horse battery")
    changed = PasswordChange(current_password=new.password, new_password="battery horse correct")
    old_new = example(old_users.NewUser)

    account = (await doubt(Users.register, lambda: world.call(Users).register(new))).id
    other = (await doubt(old_users.Users.register, lambda: world.call(old_users.Users).register(old_new))).id
    mine, before = world.customer(Users, account), world.customer(old_users.Users, other)
    replaced = old_users.UserReplacement(full_name="Grace Hopper", email="grace@example.com")
    await doubt(old_users.Users.put_user, lambda: before.put_user(other, replaced))
    await doubt(Users.update_user, lambda: mine.update_user(account, UserChanges(email="a@example.com"), "*"))
    await doubt(Users.change_password, lambda: mine.change_password(changed))
    await doubt(Users.close_user, lambda: world.customer(Users, other).close_user(other))
    staff = await staff_of(world)
    await doubt(Users.set_role, lambda: staff.set_role(account, RoleChange(role=AccountRole.STAFF)))


async def change_products(world: World, doubt: Doubt) -> None:
    staff, before, peer = world.staff(Catalog), world.staff(old_catalog.Catalog), world.service(Catalog)
    draft, order_id = example(old_catalog.ProductDraft), new_id()

    product = (await doubt(Catalog.create_product, lambda: staff.create_product(example(NewProduct)))).id
    old = (await doubt(old_catalog.Catalog.create_product, lambda: before.create_product(draft))).id
    await doubt(old_catalog.Catalog.put_product, lambda: before.put_product(old, draft))
    await doubt(Catalog.update_product, lambda: staff.update_product(product, ProductChanges(name="Tea"), "*"))
    await doubt(Catalog.adjust_stock, lambda: staff.adjust_stock(product, Adjustment(delta=9, reason=Reason.RECEIVED)))
    await doubt(Catalog.put_image, lambda: staff.put_image(product, Upload(picture())))
    wanted = NewReservation(lines=[ReservationLine(product_id=product, quantity=1)])
    await doubt(Catalog.reserve, lambda: peer.reserve(order_id, wanted))
    await doubt(Catalog.commit_reservation, lambda: peer.commit_reservation(order_id))
    await doubt(Catalog.release_reservation, lambda: peer.release_reservation(order_id))
    await doubt(Catalog.discontinue_product, lambda: staff.discontinue_product(product))


async def change_orders(world: World, doubt: Doubt) -> None:
    account, product = await insist(world.join), (await insist(lambda: world.stock(9))).id
    mine, before = world.customer(Orders, account), world.customer(old_orders.Orders, account)
    wanted = old_orders.NewOrder(items=[old_orders.NewItem(product_id=product, quantity=1)])

    order = await doubt(Orders.place_order, lambda: mine.place_order(order_of(product), "k"))
    old = await doubt(old_orders.Orders.place_order, lambda: before.place_order(wanted, "l"))
    reviewer = world.customer(Catalog, account)
    await doubt(Catalog.add_review, lambda: reviewer.add_review(product, NewReview(rating=5, text="Good.")))
    await doubt(Orders.cancel_order, lambda: mine.cancel_order(order.id))
    await doubt(old_orders.Orders.cancel_order, lambda: before.cancel_order(old.id))


async def staff_of(world: World) -> Users:
    """Promote somebody behind the service's back, and call as that person."""
    account: UUID = await insist(world.join)
    await world.execute("users", f"UPDATE accounts SET role = 'staff' WHERE id = '{_written(world, account)}'")
    return world.call(Users, world.issuer.person(Scope.USERS_ADMIN, role=Role.STAFF, account=account, generation=1))


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


def _written(world: World, account: UUID) -> str:
    """Write an id as its database does."""
    return account.hex if world.urls["users"].startswith("sqlite") else str(account)
