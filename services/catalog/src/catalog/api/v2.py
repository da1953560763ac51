"""Version 2 of the catalog's API."""

from typing import Annotated

from chassis.auth import Caller
from chassis.binding import ApiRouter, implements
from contracts.answers import ETAG, LOCATION, Answer, Download, Upload
from contracts.catalog.v2 import (
    Adjustment,
    Catalog,
    Image,
    ImageSize,
    NewProduct,
    NewReservation,
    NewReview,
    Product,
    ProductCards,
    ProductChanges,
    ProductIds,
    ProductQuery,
    Reservation,
    ReservationStatus,
    Review,
    ReviewPage,
)
from contracts.places import File, IfMatch
from contracts.wire import Cursor, Id, Page, PageSize
from fastapi import BackgroundTasks

from catalog.api.dependencies import ImagesDep, ProductsDep, ReservationsDep, ReviewsDep
from catalog.item import Item

__all__ = ["router"]

router = ApiRouter(Catalog)


@implements(router, Catalog.create_product)
async def create_product(product: NewProduct, products: ProductsDep) -> Answer[Product]:
    item = await products.create(product)
    return Answer(item.shown, headers={LOCATION: f"/v2/products/{item.id}", ETAG: item.etag})


@implements(router, Catalog.get_product)
async def get_product(product_id: Id, products: ProductsDep) -> Answer[Product]:
    return _tagged(await products.get(product_id))


@implements(router, Catalog.list_products)
async def list_products(query: ProductQuery, products: ProductsDep) -> Page[Product]:
    return await products.search(query)


@implements(router, Catalog.get_products)
async def get_products(product_id: ProductIds, products: ProductsDep) -> ProductCards:
    return ProductCards(items=await products.cards(product_id))


@implements(router, Catalog.update_product)
async def update_product(
    product_id: Id, changes: ProductChanges, products: ProductsDep, if_match: IfMatch = None
) -> Answer[Product]:
    return _tagged(await products.update(product_id, changes, if_match))


@implements(router, Catalog.discontinue_product)
async def discontinue_product(product_id: Id, products: ProductsDep) -> Answer[Product]:
    return _tagged(await products.discontinue(product_id))


@implements(router, Catalog.adjust_stock)
async def adjust_stock(
    product_id: Id, adjustment: Adjustment, products: ProductsDep, caller: Caller
) -> Answer[Product]:
    return _tagged(await products.adjust(product_id, adjustment, caller.id))


@implements(router, Catalog.put_image)
async def put_image(
    product_id: Id, image: Annotated[Upload, File()], images: ImagesDep, later: BackgroundTasks
) -> Answer[Image]:
    shown, tag = await images.put(product_id, image.content)
    later.add_task(images.make_thumbnail, product_id, image.content)
    return Answer(shown, headers={ETAG: tag})


@implements(router, Catalog.get_image)
async def get_image(product_id: Id, images: ImagesDep, size: ImageSize = ImageSize.FULL) -> Answer[Download]:
    image, tag = await images.get(product_id, size)
    return Answer(image, headers={ETAG: tag})


@implements(router, Catalog.add_review)
async def add_review(product_id: Id, review: NewReview, reviews: ReviewsDep, caller: Caller) -> Review:
    return await reviews.add(product_id, caller.account_id, review)


@implements(router, Catalog.list_reviews)
async def list_reviews(
    product_id: Id, reviews: ReviewsDep, limit: PageSize = 20, cursor: Cursor | None = None
) -> ReviewPage:
    return await reviews.page(product_id, limit, cursor)


@implements(router, Catalog.reserve)
async def reserve(order_id: Id, reservation: NewReservation, reservations: ReservationsDep) -> Reservation:
    return await reservations.reserve(order_id, reservation)


@implements(router, Catalog.get_reservation)
async def get_reservation(order_id: Id, reservations: ReservationsDep) -> Reservation:
    return await reservations.get(order_id)


@implements(router, Catalog.list_reservations)
async def list_reservations(
    reservations: ReservationsDep,
    status: ReservationStatus | None = None,
    limit: PageSize = 20,
    cursor: Cursor | None = None,
) -> Page[Reservation]:
    return await reservations.page(status, limit, cursor)


@implements(router, Catalog.commit_reservation)
async def commit_reservation(order_id: Id, reservations: ReservationsDep) -> Reservation:
    return await reservations.commit(order_id)


@implements(router, Catalog.release_reservation)
async def release_reservation(order_id: Id, reservations: ReservationsDep) -> Reservation:
    return await reservations.release(order_id)


def _tagged(item: Item) -> Answer[Product]:
    return Answer(item.shown, headers={ETAG: item.etag})
