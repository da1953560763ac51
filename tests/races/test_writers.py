"""Races of writers: of two who change one thing, one wins, and neither loses what the other one wrote."""

import asyncio

import pytest
from contracts.answers import ETAG
from contracts.catalog.v2 import Catalog, Product, ProductChanges
from contracts.errors import PreconditionFailed
from contracts.users.errors import EmailTaken
from contracts.users.v2 import Name, NewUser, User, Users

from .world import World

pytestmark = pytest.mark.anyio

WRITERS = 200


async def test_of_many_who_change_one_product_as_they_read_it_one_does(world: World) -> None:
    product, staff = await world.stock(5), world.staff(Catalog)
    tag = (await staff.get_product.answer(product.id)).headers[ETAG]

    answers = await asyncio.gather(
        *(staff.update_product(product.id, ProductChanges(name=f"Notebook {n}"), tag) for n in range(WRITERS)),
        return_exceptions=True,
    )

    (written,) = [answer for answer in answers if isinstance(answer, Product)]
    assert sum(isinstance(answer, PreconditionFailed) for answer in answers) == WRITERS - 1
    assert (await staff.get_product(product.id)).name == written.name


async def test_of_many_who_register_one_address_one_gets_it(world: World) -> None:
    users, name = world.call(Users), Name(given="Ada", family=None)
    new = NewUser(email="ada@example.com", name=name, password="correct horse battery staple")

    answers = await asyncio.gather(*(users.register(new) for _ in range(WRITERS)), return_exceptions=True)

    assert sum(isinstance(answer, User) for answer in answers) == 1
    assert sum(isinstance(answer, EmailTaken) for answer in answers) == WRITERS - 1
