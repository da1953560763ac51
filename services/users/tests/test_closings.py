"""Closing accounts: against open orders, orders out of reach, other attempts, and crashes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from chassis.ids import new_id
from chassis.peers import Peers
from chassis.providing import Provided
from chassis.testing import running
from contracts.answers import Answer
from contracts.errors import ContractViolated, NoAnswer, Unauthenticated, Unavailable
from contracts.operation import Operation
from contracts.orders.v2 import OpenOrders, Orders
from contracts.users import errors
from contracts.users.errors import UserNotFound
from contracts.users.v2 import AccountRole, AccountStatus, RoleChange
from users.app import build
from users.closings import Closings
from users.settings import Settings
from users.tables import accounts

from .shop import Shop, leave_closing, tag

pytestmark = pytest.mark.anyio


class Gate:
    """Orders that answer only when the test lets them; nobody has an open order."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.open = asyncio.Event()

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        self.asked.set()
        await self.open.wait()
        return Answer(OpenOrders(order_ids=[], count=0), 200)


async def settle(shop: Shop) -> None:
    parts: Provided = shop.app.state.provided
    await parts.get(Closings).settle()


async def test_a_closed_account_keeps_its_id_and_nothing_personal(shop: Shop) -> None:
    user, mine = await shop.join()
    staff = await shop.staff()

    await mine.close_user(user.id)

    closed = await staff.get_user(user.id)
    assert (closed.id, closed.status, closed.email, closed.name) == (user.id, AccountStatus.CLOSED, None, None)
    assert shop.orders.calls == [(Orders.get_open_orders, {"customer_id": user.id})]


async def test_no_trace_of_a_closed_account_is_left_in_its_row(shop: Shop) -> None:
    user, mine = await shop.join("very.personal@example.com")
    await mine.close_user(user.id)
    database = shop.database()

    row = await database.read(lambda tx: tx.execute(accounts.select().where(accounts.c.id == user.id)).one())

    await database.close()
    assert "personal" not in repr(row)
    assert "argon2" not in repr(row)
    assert "Ada" not in repr(row)


async def test_a_closed_account_has_neither_sessions_nor_tokens(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")

    await mine.close_user(user.id)

    with pytest.raises(Unauthenticated):
        await mine.get_me()
    with pytest.raises(errors.InvalidGrant):
        await shop.token("ada@example.com")


async def test_the_address_of_a_closed_account_can_be_used_again(shop: Shop) -> None:
    user, mine = await shop.join("ada@example.com")
    await mine.close_user(user.id)

    again, _ = await shop.join("ada@example.com")

    assert again.id != user.id


async def test_closing_twice_changes_nothing(shop: Shop) -> None:
    user, mine = await shop.join()
    staff = await shop.staff()
    await mine.close_user(user.id)
    closed = await staff.get_user.answer(user.id)

    await staff.close_user(user.id)

    assert await staff.get_user.answer(user.id) == closed


async def test_closing_nobody_is_not_found(shop: Shop) -> None:
    staff = await shop.staff()

    with pytest.raises(UserNotFound) as refused:
        await staff.close_user(new_id())

    assert refused.value.status == 404


async def test_open_orders_keep_an_account_open_and_are_named(shop: Shop) -> None:
    user, mine = await shop.join()
    order_id = new_id()
    shop.orders.answer(Orders.get_open_orders, OpenOrders(order_ids=[order_id], count=1))

    with pytest.raises(errors.OpenOrders) as refused:
        await mine.close_user(user.id)

    assert refused.value.members == {"order_ids": [str(order_id)]}
    assert (await mine.get_me()).status is AccountStatus.ACTIVE


@pytest.mark.parametrize("silence", [Unavailable("gone"), ContractViolated("nonsense")])
async def test_an_account_stays_open_while_orders_cannot_be_asked(shop: Shop, silence: NoAnswer) -> None:
    user, mine = await shop.join()
    shop.orders.refuse(Orders.get_open_orders, silence)

    with pytest.raises(type(silence)):
        await mine.close_user(user.id)

    kept = await mine.get_me()
    assert (kept.status, kept.email, kept.name) == (AccountStatus.ACTIVE, user.email, user.name)


async def test_one_of_two_of_the_staff_may_close_the_account(shop: Shop) -> None:
    user, _ = await shop.join("ada@example.com")
    staff = await shop.staff()
    await staff.set_role(user.id, RoleChange(role=AccountRole.STAFF))

    await staff.close_user(user.id)

    assert (await staff.get_user(user.id)).status is AccountStatus.CLOSED


async def test_while_orders_are_asked_the_account_is_closing_and_services_are_told(settings: Settings) -> None:
    shop, gate = Shop(settings), Gate()
    shop.app = build(settings, Peers({"orders": gate}))
    async with running(shop.app), asyncio.TaskGroup() as group:
        user, mine = await shop.join()
        service = await shop.service()
        group.create_task(mine.close_user(user.id))
        await gate.asked.wait()

        standing = await service.get_standing(user.id)

        gate.open.set()
    assert standing.status is AccountStatus.CLOSING


async def test_of_two_who_close_one_account_at_once_the_later_one_decides(settings: Settings) -> None:
    shop, gate = Shop(settings), Gate()
    shop.app = build(settings, Peers({"orders": gate}))
    async with running(shop.app):
        user, mine = await shop.join()
        staff = await shop.staff()
        first = asyncio.ensure_future(mine.close_user(user.id))
        await gate.asked.wait()
        gate.asked.clear()
        second = asyncio.ensure_future(staff.close_user(user.id))
        await gate.asked.wait()

        gate.open.set()
        outcomes = await asyncio.gather(first, second, return_exceptions=True)

        assert isinstance(outcomes[0], Unavailable)
        assert outcomes[1] is None
        assert (await staff.get_user(user.id)).status is AccountStatus.CLOSED


async def test_a_closing_that_a_crash_left_behind_is_finished(shop: Shop) -> None:
    user, _ = await shop.join()
    staff = await shop.staff()
    await leave_closing(shop, user.id, seconds=120)

    await settle(shop)

    assert (await staff.get_user(user.id)).status is AccountStatus.CLOSED


async def test_a_closing_that_a_crash_left_behind_is_taken_back_when_orders_are_open(shop: Shop) -> None:
    user, mine = await shop.join()
    await leave_closing(shop, user.id, seconds=120)
    shop.orders.answer(Orders.get_open_orders, OpenOrders(order_ids=[new_id()], count=1))

    await settle(shop)

    assert (await mine.get_me()).status is AccountStatus.ACTIVE


async def test_a_closing_that_somebody_may_still_be_at_is_left_alone(shop: Shop) -> None:
    user, mine = await shop.join()
    await leave_closing(shop, user.id, seconds=5)

    await settle(shop)

    assert (await mine.get_me()).status is AccountStatus.CLOSING
    assert shop.orders.calls == []


class Meddler:
    """Orders that, before they first answer, see to something else."""

    def __init__(self) -> None:
        self.meddle: Callable[[], Awaitable[None]] | None = None

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        meddle, self.meddle = self.meddle, None
        if meddle:
            await meddle()
        return Answer(OpenOrders(order_ids=[], count=0), 200)


async def test_a_closing_that_somebody_finished_meanwhile_is_passed_over(settings: Settings) -> None:
    shop, meddler = Shop(settings), Meddler()
    shop.app = build(settings, Peers({"orders": meddler}))
    async with running(shop.app):
        first, second = [(await shop.join(f"{name}@example.com"))[0].id for name in ("a", "b")]
        staff = await shop.staff()
        for user_id in (first, second):
            await leave_closing(shop, user_id, seconds=120)
        meddler.meddle = lambda: staff.close_user(second)

        await settle(shop)

        assert [(await staff.get_user(user_id)).status for user_id in (first, second)] == [AccountStatus.CLOSED] * 2
        assert await tag(staff, second) == '"3"'
