"""List fifty products of one category."""

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.goods import CATEGORY
from benchmarks.requests import Request
from benchmarks.rivals import Rivals
from benchmarks.shop import open_shop
from benchmarks.stage import Stage

__all__ = ["OURS", "PLAIN", "contest"]

OURS = "Concord, everything on"
PLAIN = "FastAPI + async ORM"
_PATH = f"/v2/products?category={CATEGORY}&limit=50"


def contest(stage: Stage) -> Contest:
    """Start the catalog, and FastAPI over its data."""
    shop = open_shop(stage)
    ours = Request(shop.url("catalog") + _PATH)
    rivals = Rivals(stage, shop, ours.url)
    raw, plain = stage.start(
        rivals.asgi("raw_asgi"),
        rivals.asgi("fastapi_products", {"BENCH_DATABASE_URL": shop.databases["catalog"]}),
    )
    items = rivals.answer.json()["items"]
    return Contest(
        "list 50 products",
        "Fifty products of one of two categories, of 500 in all; 64 connections, one worker on one processor.",
        PLAIN,
        [
            Contender(OURS, [shop.processes["catalog"]], [ours], items, part="items"),
            Contender("raw ASGI, no database", [raw], [Request(raw.spec.url + _PATH)], items, part="items"),
            Contender(PLAIN, [plain], [Request(plain.spec.url + _PATH)], items, part="items"),
        ],
    )
