"""Races of writers: of two who change one thing, one wins, and neither loses what the other one wrote."""

import asyncio

import pytest
from contracts.answers import ETAG
from contracts.catalog import v1
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


async def test_writers_of_both_versions_leave_alone_what_only_the_newer_one_knows(world: World) -> None:
    made, staff, older = await world.stock(5), world.staff(Catalog), world.staff(v1.Catalog)

    async def write_v1(n: int) -> None:
        seen = await older.get_product(made.id)
        draft = v1.ProductDraft.model_validate(
            seen.model_dump(include=set(v1.ProductDraft.model_fields)) | {"description": f"as of version 1, {n}"}
        )
        await older.put_product(made.id, draft)

    async def write_v2(n: int) -> None:
        changes = ProductChanges(categories=["paper", f"shelf-{n}"])
        while True:
            tag = (await staff.get_product.answer(made.id)).headers[ETAG]
            try:
                await staff.update_product(made.id, changes, tag)
            except PreconditionFailed:
                continue
            return

    await asyncio.gather(*(write_v1(n) for n in range(30)), *(write_v2(n) for n in range(30)))

    now = await staff.get_product(made.id)
    assert (now.sku, now.name, now.price, now.stock) == (made.sku, made.name, made.price, made.stock)
    assert now.description.startswith("as of version 1, ")
    assert now.categories[0] == "paper"
    assert now.categories[1].startswith("shelf-")
