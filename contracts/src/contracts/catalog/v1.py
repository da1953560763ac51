"""The catalog, version 1: products with one category, a price in cents and one number of pieces."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from contracts.answers import LOCATION, Success
from contracts.catalog.errors import ProductNotFound
from contracts.dialect import ENVELOPE
from contracts.errors import Conflict
from contracts.operation import Api, operation
from contracts.retirement import Retirement
from contracts.scopes import Scope
from contracts.wire import Count, Id, Line, PageSize, Request, Response, Skip, Text, Timestamp

__all__ = ["RETIREMENT", "Catalog", "Category", "Product", "ProductDraft"]

RETIREMENT = Retirement(
    deprecated=datetime(2026, 6, 1, tzinfo=UTC), sunset=datetime(2027, 6, 1, tzinfo=UTC), successor="v2"
)

Category: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
]
"""The name of a category: small letters and digits in groups, with hyphens between."""

Cents: TypeAlias = Annotated[int, Field(strict=True, ge=0, le=9_999_999, description="In the shop's one currency")]
Available: TypeAlias = Annotated[Count, Field(description="Pieces that can be ordered; reserved ones do not count")]

_DRAFT: JsonDict = {
    "name": "Gooseneck kettle, 1.7 l",
    "description": "Stainless steel, for stove and induction.",
    "price_cents": 4990,
    "category": "kitchen",
    "stock": 10,
}
_PRODUCT: JsonDict = {
    "id": "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87",
    **_DRAFT,
    "created_at": "2026-11-21T09:30:00Z",
}


class Product(Response):
    """Something that the shop sells."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PRODUCT]})

    id: Id
    name: Line
    description: Text
    price_cents: Cents
    category: Category
    stock: Available
    created_at: Timestamp


class ProductDraft(Request):
    """All that staff write of a product, whether it is new or replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DRAFT]})

    name: Line
    description: Text
    price_cents: Cents
    category: Category
    stock: Available


class Catalog(Api, service="catalog", version="v1", dialect=ENVELOPE, retirement=RETIREMENT):
    """What the shop sells; use version 2 for stock, images, reviews and several categories."""

    @operation("POST", "/v1/products", status=Success(201, (LOCATION,)), errors=(Conflict,), scope=Scope.CATALOG_ADMIN)
    async def create_product(self, product: ProductDraft) -> Product:
        """Add a product."""
        ...

    @operation("GET", "/v1/products/{product_id}", errors=(ProductNotFound,))
    async def get_product(self, product_id: Id) -> Product:
        """Fetch one product.

        Of several categories, the first is shown.
        """
        ...

    @operation("GET", "/v1/products")
    async def list_products(
        self, skip: Skip = 0, limit: PageSize = 20, category: Category | None = None
    ) -> Annotated[list[Product], Field(max_length=100)]:
        """List the products that are sold, oldest first.

        Products that were discontinued can be fetched, but are not listed.
        """
        ...

    @operation("PUT", "/v1/products/{product_id}", errors=(ProductNotFound, Conflict), scope=Scope.CATALOG_ADMIN)
    async def put_product(self, product_id: Id, product: ProductDraft) -> Product:
        """Replace all that version 1 knows of a product.

        What only version 2 knows stays as it is: the SKU, further categories, reserved pieces. `stock` is what can
        be ordered from now on.
        """
        ...
