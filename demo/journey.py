"""A day in the shop, from a first account to an order that outlives an outage."""

from secrets import token_urlsafe

from demo.arriving import browse, browse_v1, open_account, sign_in
from demo.buying import Basket, ask_for_too_much, place, read, read_v1, send_again
from demo.outage import count, order_without_catalog, revive_catalog
from demo.visit import Visit

__all__ = ["travel"]


async def travel(visit: Visit) -> None:
    """Take all steps; raises a Surprise, or what a call raised, where one goes another way than it should."""
    password = token_urlsafe()
    await open_account(visit, password)
    await sign_in(visit, password)
    products = await browse(visit)
    await browse_v1(visit, products[0])

    basket = Basket(products[:3], (1, 2, 3), token_urlsafe())
    order = await place(visit, basket)
    await read(visit, order)
    await read_v1(visit, order)
    await send_again(visit, basket, order)

    plenty, scarce = products[3], products[4]
    await ask_for_too_much(visit, Basket((plenty, scarce), (1, scarce.stock.available + 1), token_urlsafe()))

    later = Basket(products[:1], (2,), token_urlsafe())
    pending = await order_without_catalog(visit, later)
    await revive_catalog(visit, pending)
    await count(visit, products, (basket, later))
