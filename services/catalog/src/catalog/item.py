"""A product as the catalog keeps it, with its versions, and how it is shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.conditional import etag
from contracts.catalog.v2 import NewProduct, Price, Product, ProductCard, ProductStatus, Stock

__all__ = ["Item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One product; `version` moves when staff change it, `stock_version` with its pieces."""

    id: UUID
    sku: str
    name: str
    description: str
    categories: list[str]
    price_cents: int
    currency: str
    on_hand: int
    reserved: int
    available: int
    status: ProductStatus
    version: int
    stock_version: int
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """The product's own version first: that is what an edit must match, so that a sale does not fail it."""
        return etag(self.version, self.stock_version)

    @property
    def is_sold(self) -> bool:
        return self.status is ProductStatus.ACTIVE

    @property
    def price(self) -> Price:
        return Price.of(self.price_cents, self.currency)

    @property
    def shown(self) -> Product:
        return Product(
            id=self.id,
            sku=self.sku,
            name=self.name,
            description=self.description,
            categories=self.categories,
            price=self.price,
            stock=Stock(on_hand=self.on_hand, reserved=self.reserved, available=self.available),
            status=self.status,
            created_at=self.created_at,
            updated_at=self.updated_at,
        )

    @property
    def card(self) -> ProductCard:
        return ProductCard(id=self.id, name=self.name, price=self.price, status=self.status)

    @property
    def draft(self) -> NewProduct:
        """What staff would write to make this product."""
        return NewProduct(
            sku=self.sku,
            name=self.name,
            description=self.description,
            categories=self.categories,
            price=self.price,
            stock=self.available,
        )
