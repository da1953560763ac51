"""Version 1 of the catalog's API: version 2's rules, in version 1's words."""

from chassis.binding import ApiRouter, implements
from contracts.answers import LOCATION, Answer
from contracts.catalog.v1 import Catalog, Category, Product, ProductDraft
from contracts.catalog.v1_v2 import ProductDraftV1V2, ProductV1V2
from contracts.wire import Id, PageSize, Skip

from catalog.api.dependencies import ProductsDep

__all__ = ["router"]

router = ApiRouter(Catalog)


@implements(router, Catalog.create_product)
async def create_product(product: ProductDraft, products: ProductsDep) -> Answer[Product]:
    item = await products.create(ProductDraftV1V2.up(product))
    return Answer(ProductV1V2.down(item.shown), headers={LOCATION: f"/v1/products/{item.id}"})


@implements(router, Catalog.get_product)
async def get_product(product_id: Id, products: ProductsDep) -> Product:
    return ProductV1V2.down((await products.get(product_id)).shown)


@implements(router, Catalog.list_products)
async def list_products(
    products: ProductsDep, skip: Skip = 0, limit: PageSize = 20, category: Category | None = None
) -> list[Product]:
    return [ProductV1V2.down(product) for product in await products.on_sale(category, skip, limit)]


@implements(router, Catalog.put_product)
async def put_product(product_id: Id, product: ProductDraft, products: ProductsDep) -> Product:
    item = await products.rewrite(product_id, lambda stored: ProductDraftV1V2.put(product, stored))
    return ProductV1V2.down(item.shown)
