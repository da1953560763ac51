"""What a person needs to begin: the pages to read, an account, and a first order to send."""

import json
from collections.abc import AsyncIterator, Iterator

import httpx
from contracts.catalog.v2 import Catalog, Product, ProductQuery
from contracts.client import HttpTransport
from contracts.users.identity import Identity, TokenRequest

from demo.board import Board
from demo.shop import Shop

__all__ = ["TOKEN_HOURS", "greet"]

TOKEN_HOURS = 8

_VERSIONS = ("v2", "v1")


async def greet(shop: Shop, http: httpx.AsyncClient, board: Board, password: str) -> None:
    """Tell where everything is, and how to order."""
    board.list_documents({name: [page async for page in _pages(http, url)] for name, url in shop.urls.items()})
    token = await _token(shop, http, password)
    product = await _first_product(shop, http)
    board.list_accounts(password, TOKEN_HOURS, _order(shop.urls["orders"], token, product))


async def _pages(http: httpx.AsyncClient, url: str) -> AsyncIterator[str]:
    for version in _VERSIONS:
        page = f"{url}/{version}/docs"
        if (await http.get(page)).is_success:  # a version that is deleted has none
            yield page


async def _token(shop: Shop, http: httpx.AsyncClient, password: str) -> str:
    identity = Identity(HttpTransport(http, base_url=shop.urls["users"]))
    asked = TokenRequest(grant_type="password", username="customer@example.com", password=password, client_id="you")
    return (await identity.issue_token(asked)).access_token


async def _first_product(shop: Shop, http: httpx.AsyncClient) -> Product:
    catalog = Catalog(HttpTransport(http, base_url=shop.urls["catalog"]))
    page = await catalog.list_products(ProductQuery(limit=1))
    return page.items[0]


def _order(url: str, token: str, product: Product) -> Iterator[str]:
    """Write an order as a command line, ready to paste."""
    body = json.dumps({"lines": [{"product_id": str(product.id), "quantity": 1}]})
    yield f"curl -i {url}/v2/orders \\"
    yield f"  -H 'Authorization: Bearer {token}' \\"
    yield "  -H 'Content-Type: application/json' -H 'Idempotency-Key: first-order' \\"
    yield f"  -d '{body}'"
