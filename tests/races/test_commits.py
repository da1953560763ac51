"""A database that refuses to commit, behind every operation that changes anything: nobody is told that it was done."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from chassis.ids import new_id
from chassis.principals import Role
from contracts.answers import Upload
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
from contracts.examples import example
from contracts.orders.v2 import Orders
from contracts.scopes import Scope
from contracts.users.v2 import AccountRole, Name, NewUser, PasswordChange, RoleChange, UserChanges, Users
from PIL import Image

from .doubt import Doubt, changing, doubtful_world
from .world import Urls, World, insist, order_of

pytestmark = pytest.mark.anyio


async def test_no_operation_says_that_it_was_done_when_it_was_not_saved(urls: Urls, tmp_path: Path) -> None:
    async with doubtful_world(urls, tmp_path) as (world, doubt):
        await change_accounts(world, doubt)
        await change_products(world, doubt)
        await change_orders(world, doubt)

    assert doubt.wrong == []
    assert doubt.tried == changing("identity", "v2")


async def change_accounts(world: World, doubt: Doubt) -> None:
    new = NewUser(email="countess@example.com", name=Name(given="Ada", family=None), password="correct horse battery")
    changed = PasswordChange(current_password=new.password, new_password="battery horse correct")

    account = (await doubt(Users.register, lambda: world.call(Users).register(new))).id
    other, mine = await insist(world.join), world.customer(Users, account)
    await doubt(Users.update_user, lambda: mine.update_user(account, UserChanges(email="a@example.com"), "*"))
    await doubt(Users.change_password, lambda: mine.change_password(changed))
    await doubt(Users.close_user, lambda: world.customer(Users, other).close_user(other))
    staff = await staff_of(world)
    await doubt(Users.set_role, lambda: staff.set_role(account, RoleChange(role=AccountRole.STAFF)))


async def change_products(world: World, doubt: Doubt) -> None:
    staff, peer, order_id = world.staff(Catalog), world.service(Catalog), new_id()

    product = (await doubt(Catalog.create_product, lambda: staff.create_product(example(NewProduct)))).id
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
    mine = world.customer(Orders, account)

    order = await doubt(Orders.place_order, lambda: mine.place_order(order_of(product), "k"))
    reviewer = world.customer(Catalog, account)
    await doubt(Catalog.add_review, lambda: reviewer.add_review(product, NewReview(rating=5, text="Good.")))
    await doubt(Orders.cancel_order, lambda: mine.cancel_order(order.id))


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
