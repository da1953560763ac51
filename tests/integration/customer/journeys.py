"""A customer's whole way through the shop in both versions, and what was seen at each step."""

from uuid import uuid4

from contracts.answers import IDEMPOTENCY_REPLAYED
from contracts.catalog import v1 as catalog_v1
from contracts.catalog.v2 import Catalog, NewProduct, Price, ProductQuery
from contracts.errors import ApiError
from contracts.orders import v1 as orders_v1
from contracts.orders.v2 import NewLine, NewOrder, Orders, Part
from contracts.users import v1 as users_v1
from contracts.users.v2 import Users

from .caller import Caller, Visitor

__all__ = ["in_version_1", "in_version_2"]


async def in_version_2(visitor: Visitor, staff: Caller) -> dict[str, object]:
    """Register, browse, order, repeat, follow, read, ask too much, cancel."""
    shelf = f"shelf-{uuid4().hex[:8]}"
    kettle = await Catalog(staff).create_product(
        NewProduct(name="Kettle", categories=[shelf], price=Price.of(2500, "EUR"), stock=5)
    )
    ada = await visitor.join()
    orders, wanted = Orders(ada), NewOrder(lines=[NewLine(product_id=kettle.id, quantity=2)])
    placed = await orders.place_order.answer(wanted, idempotency_key="first")
    again = await orders.place_order.answer(wanted, idempotency_key="first")
    async with await orders.follow_order(placed.value.id) as events:
        ends = [event.final async for event in events]
    read = await orders.get_order(placed.value.id, include=[Part.CUSTOMER, Part.PRODUCTS])
    too_much = NewOrder(lines=[NewLine(product_id=kettle.id, quantity=4)])
    try:
        refused = str(await orders.place_order(too_much, idempotency_key="second"))
    except ApiError as error:
        refused = type(error).__name__
    me = await Users(ada).get_me()
    return {
        "registered": me.name.given if me.name else None,
        "shelf": [product.name for product in (await Catalog(ada).list_products(ProductQuery(category=shelf))).items],
        "placed": [placed.status, str(placed.value.status)],
        "repeated": [again.value == placed.value, again.headers.get(IDEMPOTENCY_REPLAYED)],
        "followed": ends[-1:],
        "read": [str(read.status), len(read.products or []), read.missing],
        "too much": refused,
        "cancelled": str((await orders.cancel_order(placed.value.id)).status),
        "left": (await Catalog(ada).get_product(kettle.id)).stock.on_hand,
    }


async def in_version_1(visitor: Visitor, staff: Caller) -> dict[str, object]:
    """Register, browse, order, repeat, ask too much, cancel."""
    shelf = f"shelf-{uuid4().hex[:8]}"
    draft = catalog_v1.ProductDraft(name="Kettle", description="", price_cents=2500, category=shelf, stock=5)
    kettle = await catalog_v1.Catalog(staff).create_product(draft)
    new = users_v1.NewUser(full_name="Ada Byron", email=f"{uuid4().hex}@example.com", password=visitor.password)
    user = await users_v1.Users(visitor.nobody).register(new)
    ada = await visitor.sign_in(new.email)
    orders, catalog = orders_v1.Orders(ada), catalog_v1.Catalog(ada)
    wanted, too_much = (
        orders_v1.NewOrder(items=[orders_v1.NewItem(product_id=kettle.id, quantity=pieces)]) for pieces in (2, 4)
    )
    placed = await orders.place_order.answer(wanted, idempotency_key="first")
    again = await orders.place_order.answer(wanted, idempotency_key="first")
    try:
        refused = str(await orders.place_order(too_much, idempotency_key="second"))
    except ApiError as error:
        refused = type(error).__name__
    return {
        "registered": (await users_v1.Users(ada).get_user(user.id)).full_name,
        "shelf": [product.name for product in await catalog.list_products(category=shelf)],
        "placed": [placed.status, str(placed.value.status), placed.value.total_cents],
        "repeated": [again.value == placed.value, again.headers.get(IDEMPOTENCY_REPLAYED)],
        "too much": refused,
        "cancelled": str((await orders.cancel_order(placed.value.id)).status),
        "left": (await catalog.get_product(kettle.id)).stock,
    }
