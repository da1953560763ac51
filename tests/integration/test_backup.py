"""A backup that is taken while the shop is open, and brings all of it back as it was."""

import os
from pathlib import Path

import pytest

from .compose import execute
from .shop import Count, Shop

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]


async def test_what_was_backed_up_is_there_after_a_restore_and_what_came_later_is_not(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPOSE", os.environ["CONCORD_COMPOSE"])
    basket = await shop.receive(pieces=10)
    await basket.buy(2)
    saved = str(tmp_path / "saved.tar.gz")

    await execute(str(ROOT / "deploy/backup"), saved)
    await basket.buy(3)
    later = await basket.count()
    await execute(str(ROOT / "deploy/restore"), saved)
    await shop.until_ready()
    restored = await basket.count()
    await basket.buy()

    assert later == Count(orders=5, on_hand=5)
    assert restored == Count(orders=2, on_hand=8)
    assert await basket.count() == Count(orders=3, on_hand=7)
