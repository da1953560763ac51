"""A product as the catalog keeps it, with its versions, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from chassis.conditional import etag
from contracts.catalog.v2 import NewProduct, Price, Product, ProductCard, ProductStatus, Stock

__all__ = ["Item", "once_each"]


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

    @classmethod
    def new(cls, made: UUID, product: NewProduct, moment: datetime) -> Self:
        """Make the first version of a product; one without a SKU gets its id for one."""
        return cls(
            id=made,
            sku=product.sku or f"P-{made.hex.upper()}",
            name=product.name,
            description=product.description,
            categories=once_each(product.categories),
            price_cents=product.price.cents,
            currency=product.price.currency,
            on_hand=product.stock,
            reserved=0,
            available=product.stock,
            status=ProductStatus.ACTIVE,
            version=1,
            stock_version=1,
            created_at=moment,
            updated_at=moment,
        )

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


def once_each(categories: Sequence[str]) -> list[str]:
    """Drop repeats, and keep the order."""
    return list(dict.fromkeys(categories))
