"""Reservations: all or nothing, once, sold or given back, and no piece lost on the way."""

from random import Random
from uuid import UUID

import pytest
from anyio import create_task_group
from chassis.ids import new_id
from contracts.catalog.errors import (
    OutOfStock,
    ProductDiscontinued,
    ReservationDiffers,
    ReservationNotFound,
    ReservationReleased,
    UnknownProduct,
)
from contracts.catalog.v2 import Catalog, NewReservation, Price, ProductChanges, ReservationStatus, Stock
from contracts.errors import Conflict, InvalidCursor

from .samples import a_product, insist, lines

pytestmark = pytest.mark.anyio


async def test_reserved_pieces_are_priced_and_put_aside(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product("Tea", stock=5, cents=250))
    pan = await staff.create_product(a_product("Pan", stock=5, cents=3995))
    order = new_id()

    reservation = await orders.reserve(order, lines((pan.id, 1), (tea.id, 2)))

    assert reservation.order_id == order
    assert reservation.status == ReservationStatus.HELD
    assert [(line.product_id, line.name, line.quantity, line.unit_price) for line in reservation.lines] == [
        (tea.id, "Tea", 2, Price.of(250)),
        (pan.id, "Pan", 1, Price.of(3995)),
    ]
    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=2, available=3)
    assert await orders.get_reservation(order) == reservation


async def test_lines_of_one_product_are_added_up(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=5))

    reservation = await orders.reserve(new_id(), lines((tea.id, 1), (tea.id, 3)))

    assert [line.quantity for line in reservation.lines] == [4]
    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=4, available=1)


async def test_the_same_lines_again_are_the_same_reservation_at_the_same_prices(
    staff: Catalog, orders: Catalog
) -> None:
    tea = await staff.create_product(a_product(stock=5, cents=250))
    pan = await staff.create_product(a_product(stock=5))
    order = new_id()
    before = await orders.reserve(order, lines((tea.id, 2), (pan.id, 1)))
    await staff.update_product(tea.id, ProductChanges(price=Price.of(999)), "*")

    again = await orders.reserve(order, lines((pan.id, 1), (tea.id, 1), (tea.id, 1)))

    assert again == before
    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=2, available=3)


async def test_other_lines_for_one_order_are_refused(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=5))
    order = new_id()
    await orders.reserve(order, lines((tea.id, 2)))

    with pytest.raises(ReservationDiffers):
        await orders.reserve(order, lines((tea.id, 3)))

    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=2, available=3)


async def test_short_lines_are_all_named_and_nothing_is_put_aside(staff: Catalog, orders: Catalog) -> None:
    tea, pan, pot = [await staff.create_product(a_product(stock=pieces)) for pieces in (5, 1, 0)]
    order = new_id()

    with pytest.raises(OutOfStock) as refused:
        await orders.reserve(order, lines((pot.id, 2), (tea.id, 1), (pan.id, 1), (pan.id, 3)))

    assert [(issue.pointer, issue.detail) for issue in refused.value.issues] == [
        ("/lines/0", "wanted 2, available 0"),
        ("/lines/2", "wanted 4, available 1"),
    ]
    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=0, available=5)
    with pytest.raises(ReservationNotFound):
        await orders.get_reservation(order)


async def test_unknown_products_are_named_before_anything_else_is(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=0))

    with pytest.raises(UnknownProduct) as refused:
        await orders.reserve(new_id(), lines((tea.id, 1), (new_id(), 1)))

    assert [(issue.code, issue.place, issue.pointer) for issue in refused.value.issues] == [
        ("unknown_product", "body", "/lines/1")
    ]


async def test_discontinued_products_cannot_be_reserved_any_more(staff: Catalog, orders: Catalog) -> None:
    tea, old = [await staff.create_product(a_product(name, stock=5)) for name in ("Tea", "Old")]
    order = new_id()
    await orders.reserve(order, lines((old.id, 1)))
    await staff.discontinue_product(old.id)

    with pytest.raises(ProductDiscontinued) as refused:
        await orders.reserve(new_id(), lines((tea.id, 9), (old.id, 1)))
    sold = await orders.commit_reservation(order)

    assert [(issue.pointer, issue.detail) for issue in refused.value.issues] == [
        ("/lines/1", "Old is not sold any more")
    ]
    assert sold.status == ReservationStatus.COMMITTED


async def test_committed_pieces_leave_the_shelf_once(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=5))
    order = new_id()
    await orders.reserve(order, lines((tea.id, 2)))

    sold = await orders.commit_reservation(order)
    again = await orders.commit_reservation(order)

    assert (sold.status, sold.expires_at) == (ReservationStatus.COMMITTED, None)
    assert again == sold
    assert await orders.reserve(order, lines((tea.id, 2))) == sold
    assert await stock_of(staff, tea.id) == Stock(on_hand=3, reserved=0, available=3)


async def test_released_pieces_are_available_again_once(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=5))
    order = new_id()
    await orders.reserve(order, lines((tea.id, 2)))

    back = await orders.release_reservation(order)
    again = await orders.release_reservation(order)

    assert back.status == ReservationStatus.RELEASED
    assert again == back
    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=0, available=5)


async def test_sold_pieces_come_back_when_the_order_is_cancelled(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=5))
    order = new_id()
    await orders.reserve(order, lines((tea.id, 2)))
    await orders.commit_reservation(order)

    await orders.release_reservation(order)
    await orders.release_reservation(order)

    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=0, available=5)


async def test_what_is_released_stays_released(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=5))
    order = new_id()
    await orders.reserve(order, lines((tea.id, 2)))
    await orders.release_reservation(order)

    with pytest.raises(ReservationReleased):
        await orders.commit_reservation(order)
    with pytest.raises(ReservationReleased):
        await orders.reserve(order, lines((tea.id, 2)))

    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=0, available=5)


async def test_a_request_to_reserve_that_comes_after_its_release_puts_nothing_aside(
    staff: Catalog, orders: Catalog
) -> None:
    tea = await staff.create_product(a_product(stock=5))
    order = new_id()

    early = await orders.release_reservation(order)
    with pytest.raises(ReservationReleased):
        await orders.reserve(order, lines((tea.id, 2)))

    assert (early.status, early.lines) == (ReservationStatus.RELEASED, [])
    assert await stock_of(staff, tea.id) == Stock(on_hand=5, reserved=0, available=5)


async def test_what_was_never_reserved_is_not_found(orders: Catalog) -> None:
    order = new_id()

    with pytest.raises(ReservationNotFound, match=str(order)):
        await orders.get_reservation(order)
    with pytest.raises(ReservationNotFound, match=str(order)):
        await orders.commit_reservation(order)


async def test_reservations_are_listed_by_order_and_status(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=9))
    order_ids = [new_id() for _ in range(4)]
    for order in order_ids:
        await orders.reserve(order, lines((tea.id, 1)))
    await orders.commit_reservation(order_ids[1])

    first = await orders.list_reservations(ReservationStatus.HELD, limit=2)
    rest = await orders.list_reservations(ReservationStatus.HELD, limit=2, cursor=first.next_cursor)

    assert [reservation.order_id for reservation in first.items] == [order_ids[0], order_ids[2]]
    assert [reservation.order_id for reservation in rest.items] == [order_ids[3]]
    assert rest.next_cursor is None
    assert [line.quantity for line in rest.items[0].lines] == [1]
    with pytest.raises(InvalidCursor):
        await orders.list_reservations(cursor=first.next_cursor)


async def test_no_more_is_sold_than_there_is(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=20))
    buyers = [new_id() for _ in range(50)]

    refused = await at_once(orders, {buyer: lines((tea.id, 1)) for buyer in buyers})

    held = await orders.list_reservations(ReservationStatus.HELD, limit=100)
    assert len(held.items) == 20
    assert [type(error) for error in refused] == [OutOfStock] * 30
    assert await stock_of(staff, tea.id) == Stock(on_hand=20, reserved=20, available=0)


async def test_orders_of_many_products_in_any_order_neither_block_each_other_nor_take_parts(
    staff: Catalog, orders: Catalog
) -> None:
    shelf = [(await staff.create_product(a_product(stock=30))).id for _ in range(5)]
    chance = Random(5)
    wanted = {new_id(): lines(*((product, 1) for product in chance.sample(shelf, 3))) for _ in range(60)}

    refused = await at_once(orders, wanted)

    held = (await orders.list_reservations(ReservationStatus.HELD, limit=100)).items
    assert len(held) + len(refused) == 60
    for product in shelf:
        pieces = sum(line.quantity for reservation in held for line in reservation.lines if line.product_id == product)
        assert await stock_of(staff, product) == Stock(on_hand=30, reserved=pieces, available=30 - pieces)


async def test_one_reservation_sent_many_times_at_once_is_made_once(staff: Catalog, orders: Catalog) -> None:
    tea = await staff.create_product(a_product(stock=30))
    order = new_id()

    async with create_task_group() as group:
        for _ in range(20):
            group.start_soon(insist, lambda: orders.reserve(order, lines((tea.id, 2))))

    assert await stock_of(staff, tea.id) == Stock(on_hand=30, reserved=2, available=28)


async def stock_of(shop: Catalog, product_id: UUID) -> Stock:
    return (await shop.get_product(product_id)).stock


async def at_once(orders: Catalog, wanted: dict[UUID, NewReservation]) -> list[Conflict]:
    """Reserve for many orders at the same time, and return the refusals."""
    refused: list[Conflict] = []

    async def reserve(order: UUID, reservation: NewReservation) -> None:
        try:
            await insist(lambda: orders.reserve(order, reservation))
        except OutOfStock as error:
            refused.append(error)

    async with create_task_group() as group:
        for order, reservation in wanted.items():
            group.start_soon(reserve, order, reservation)
    return refused
