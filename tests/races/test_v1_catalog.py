"""Version 1 of the catalog beside version 2, and before a database that refuses to commit."""

import asyncio
from pathlib import Path

import pytest
from contracts.answers import ETAG
from contracts.catalog import v1
from contracts.catalog.v2 import Catalog, ProductChanges
from contracts.errors import PreconditionFailed
from contracts.examples import example

from .doubt import changing, doubtful_world
from .world import Urls, World

pytestmark = pytest.mark.anyio


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


async def test_version_1_does_not_say_that_it_was_done_when_it_was_not_saved(urls: Urls, tmp_path: Path) -> None:
    async with doubtful_world(urls, tmp_path) as (world, doubt):
        staff, draft = world.staff(v1.Catalog), example(v1.ProductDraft)
        product = (await doubt(v1.Catalog.create_product, lambda: staff.create_product(draft))).id
        await doubt(v1.Catalog.put_product, lambda: staff.put_product(product, draft))

    assert doubt.wrong == []
    assert doubt.tried == changing("catalog v1")
