"""The catalog, version 2: products, stock, images, reviews and reservations."""

from typing import Annotated, TypeAlias

from pydantic import MISSING, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from contracts.answers import ETAG, LOCATION, Download, Success, Upload
from contracts.catalog.errors import (
    AlreadyReviewed,
    ImageNotFound,
    NotPurchased,
    OutOfStock,
    ProductDiscontinued,
    ProductNotFound,
    ReservationDiffers,
    ReservationExpired,
    ReservationNotFound,
    ReservationReleased,
    SkuTaken,
    TooMuchStock,
    UnknownProduct,
    UnusableImage,
    WrongCurrency,
)
from contracts.errors import ContractViolated, InvalidCursor, PreconditionFailed, PreconditionRequired
from contracts.operation import Api, operation
from contracts.places import File, IfMatch
from contracts.scopes import Scope
from contracts.wire import (
    Choice,
    Count,
    Cursor,
    Id,
    Line,
    Money,
    Open,
    Page,
    PageSize,
    Quantity,
    Query,
    Request,
    Response,
    Text,
    Timestamp,
)

__all__ = [
    "Adjustment",
    "Catalog",
    "Category",
    "Image",
    "ImageSize",
    "NewProduct",
    "NewReservation",
    "NewReview",
    "Part",
    "Price",
    "Product",
    "ProductCard",
    "ProductCards",
    "ProductChanges",
    "ProductIds",
    "ProductQuery",
    "ProductStatus",
    "Reason",
    "Reservation",
    "ReservationLine",
    "ReservationStatus",
    "ReservedLine",
    "Review",
    "ReviewPage",
    "SignedReview",
    "Sku",
    "Stock",
]

Sku: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Z0-9]+(?:-[A-Z0-9]+)*$")]
"""A stock-keeping unit: capitals and digits in groups, with hyphens between."""

Category: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
]
"""The name of a category as it stands in links: small letters and digits in groups, with hyphens between."""

Categories: TypeAlias = Annotated[
    list[Category], Field(min_length=1, max_length=10, description="The first is the main one; repeats are dropped")
]
ProductIds: TypeAlias = Annotated[list[Id], Field(min_length=1, max_length=100)]
Rating: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=5)]
Opinion: TypeAlias = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]

_ID = "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"
_ORDER_ID = "0199b2a4-11d2-7c3e-8f60-5b7a9c2d4e10"
_TIME = "2026-11-21T09:30:00Z"
_PRICE: JsonDict = {"amount": "49.90", "currency": "EUR"}
_NAME = "Gooseneck kettle, 1.7 l"
_WRITTEN: JsonDict = {
    "sku": "KIT-KETTLE-17",
    "name": _NAME,
    "description": "Stainless steel, for stove and induction.",
    "categories": ["kitchen", "coffee"],
    "price": _PRICE,
}
_STOCK: JsonDict = {"on_hand": 12, "reserved": 2, "available": 10}
_PRODUCT: JsonDict = {
    "id": _ID,
    **_WRITTEN,
    "stock": _STOCK,
    "status": "active",
    "created_at": _TIME,
    "updated_at": _TIME,
}
_CARD: JsonDict = {"id": _ID, "name": _NAME, "price": _PRICE, "status": "active"}
_OPINION: JsonDict = {"rating": 5, "text": "Pours like a dream."}
_REVIEW: JsonDict = {
    "id": "0199b2a6-52f0-7b1a-9d3c-6e8f0a1b2c3d",
    "product_id": _ID,
    **_OPINION,
    "created_at": _TIME,
}
_SIGNED: JsonDict = {**_REVIEW, "author": "Ada Byron"}
_LINE: JsonDict = {"product_id": _ID, "quantity": 2}
_RESERVED: JsonDict = {"product_id": _ID, "name": _NAME, "quantity": 2, "unit_price": _PRICE}
_RESERVATION: JsonDict = {
    "order_id": _ORDER_ID,
    "status": "held",
    "lines": [_RESERVED],
    "expires_at": "2026-11-21T09:45:00Z",
    "created_at": _TIME,
    "updated_at": _TIME,
}


class ProductStatus(Choice):
    """Whether a product is sold."""

    ACTIVE = "active"
    DISCONTINUED = "discontinued"


class Reason(Choice):
    """Why staff change what is on the shelf."""

    RECEIVED = "received"
    RETURNED = "returned"
    DAMAGED = "damaged"
    LOST = "lost"
    COUNTED = "counted"


class ReservationStatus(Choice):
    """What has become of a reservation: held until it expires, then sold or given back."""

    HELD = "held"
    COMMITTED = "committed"
    RELEASED = "released"
    EXPIRED = "expired"


class ImageSize(Choice):
    """How large an image is wanted."""

    FULL = "full"
    THUMBNAIL = "thumbnail"


class Part(Choice):
    """A part of an answer that another service knows, and that may be missing."""

    AUTHORS = "authors"


class Price(Money):
    """The price of one piece: at most 99999.99, so that the largest order still has a total."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PRICE]})

    amount: Annotated[str, StringConstraints(max_length=8, pattern=r"^(?:0|[1-9][0-9]{0,4})\.[0-9]{2}$")]


class Stock(Response):
    """How many pieces there are: those on hand are reserved for orders, or available."""

    model_config = ConfigDict(json_schema_extra={"examples": [_STOCK]})

    on_hand: Count
    reserved: Count
    available: Count


class Product(Response):
    """Something that the shop sells, or once sold."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PRODUCT]})

    id: Id
    sku: Sku
    name: Line
    description: Text
    categories: Categories
    price: Price
    stock: Stock
    status: Open[ProductStatus]
    created_at: Timestamp
    updated_at: Annotated[Timestamp, Field(description="When staff last changed the product; sales do not count")]


class NewProduct(Request):
    """A product to be."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_WRITTEN, "stock": 12}]})

    sku: Annotated[Sku | None, Field(description="Made up when it is absent")] = None
    name: Line
    description: Text = ""
    categories: Categories
    price: Price
    stock: Annotated[Count, Field(description="How many are on the shelf at first")] = 0


class ProductChanges(Request):
    """What to change of a product; what is absent stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"price": {"amount": "44.90", "currency": "EUR"}}]})

    name: Line | MISSING = MISSING
    description: Text | MISSING = MISSING
    categories: Categories | MISSING = MISSING
    price: Price | MISSING = MISSING


class ProductQuery(Query):
    """Which products to list, and how many at a time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q": "kettle", "category": "kitchen", "limit": 20}]})

    q: Annotated[Line | None, Field(description="Words to find in name or description, whatever their case")] = None
    category: Annotated[Category | None, Field(description="Only products of this category")] = None
    status: Annotated[ProductStatus | None, Field(description="Only products of this status")] = None
    limit: PageSize = 20
    cursor: Cursor | None = None


class ProductCard(Response):
    """The little that an order shows of a product."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CARD]})

    id: Id
    name: Line
    price: Price
    status: Open[ProductStatus]


class ProductCards(Response):
    """The cards of those products that exist, sorted by id."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_CARD]}]})

    items: Annotated[list[ProductCard], Field(max_length=100)]


class Adjustment(Request):
    """A change of what is on the shelf, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"delta": 24, "reason": "received"}]})

    delta: Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000, description="So many more, or fewer")]
    reason: Reason


class Image(Response):
    """What an image turned out to be."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"media_type": "image/png", "width": 1200, "height": 900, "bytes": 184320}]}
    )

    media_type: Annotated[str, StringConstraints(max_length=40, pattern=r"^image/[a-z]+$")]
    width: Annotated[int, Field(strict=True, ge=1, le=100_000, description="In pixels")]
    height: Annotated[int, Field(strict=True, ge=1, le=100_000, description="In pixels")]
    bytes: Count


class NewReview(Request):
    """What a customer thinks of a product."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPINION]})

    rating: Rating
    text: Opinion


class Review(Response):
    """A customer's opinion of a product."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REVIEW]})

    id: Id
    product_id: Id
    rating: Rating
    text: Opinion
    created_at: Timestamp


class SignedReview(Review):
    """A customer's opinion of a product, and the customer's name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SIGNED]})

    author: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=250)] | None,
        Field(description="Null when the account is gone, or when `missing` names `authors`"),
    ]


class ReviewPage(Response):
    """One page of reviews, newest first; `next_cursor` is null on the last one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_SIGNED], "next_cursor": None, "missing": []}]}
    )

    items: Annotated[list[SignedReview], Field(max_length=100)]
    next_cursor: Cursor | None
    missing: Annotated[
        list[Open[Part]], Field(max_length=10, description="Parts that another service could not give just now")
    ]


class ReservationLine(Request):
    """A product, and how many of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINE]})

    product_id: Id
    quantity: Quantity


class NewReservation(Request):
    """What an order wants to have put aside; lines of one product are added up."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lines": [_LINE]}]})

    lines: Annotated[list[ReservationLine], Field(min_length=1, max_length=50)]


class ReservedLine(Response):
    """Pieces of one product put aside, at the price of that moment."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESERVED]})

    product_id: Id
    name: Line
    quantity: Annotated[int, Field(strict=True, ge=1, le=50_000)]
    unit_price: Price


class Reservation(Response):
    """What is put aside for one order, with the prices of that moment; lines are sorted by product id."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESERVATION]})

    order_id: Id
    status: Open[ReservationStatus]
    lines: Annotated[
        list[ReservedLine], Field(max_length=50, description="Empty when it was released before it was made")
    ]
    expires_at: Annotated[Timestamp | None, Field(description="When it may be given up; null unless it is held")]
    created_at: Timestamp
    updated_at: Timestamp


class Catalog(Api, service="catalog", version="v2"):
    """What the shop sells: products with their stock, images and reviews, and reservations for orders."""

    @operation(
        "POST",
        "/v2/products",
        status=Success(201, (LOCATION, ETAG)),
        errors=(SkuTaken, WrongCurrency, TooMuchStock),
        scope=Scope.CATALOG_ADMIN,
    )
    async def create_product(self, product: NewProduct) -> Product:
        """Add a product, with what is on the shelf at first."""
        ...

    @operation(
        "GET",
        "/v2/products/{product_id}",
        status=Success(200, (ETAG,)),
        errors=(ProductNotFound,),
        cache="public, no-cache",
    )
    async def get_product(self, product_id: Id) -> Product:
        """Fetch one product.

        The ETag moves with the product and with its stock. Discontinued products can still be read.
        """
        ...

    @operation("GET", "/v2/products", errors=(InvalidCursor,))
    async def list_products(self, query: ProductQuery) -> Page[Product]:
        """List and search products, oldest first."""
        ...

    @operation("GET", "/v2/product-cards")
    async def get_products(self, product_id: ProductIds) -> ProductCards:
        """Fetch the cards of up to 100 products at once.

        Repeat the parameter for each: `?product_id=...&product_id=...`. Products that do not exist are left out.
        """
        ...

    @operation(
        "PATCH",
        "/v2/products/{product_id}",
        status=Success(200, (ETAG,)),
        errors=(ProductNotFound, WrongCurrency, PreconditionRequired, PreconditionFailed),
        scope=Scope.CATALOG_ADMIN,
    )
    async def update_product(self, product_id: Id, changes: ProductChanges, if_match: IfMatch = None) -> Product:
        """Change some of a product.

        `If-Match` is compared with the product's own version: a sale in between does not refuse the change,
        another edit does.
        """
        ...

    @operation(
        "POST",
        "/v2/products/{product_id}/discontinue",
        status=Success(200, (ETAG,)),
        errors=(ProductNotFound,),
        scope=Scope.CATALOG_ADMIN,
        idempotent=True,
    )
    async def discontinue_product(self, product_id: Id) -> Product:
        """Stop selling a product.

        Nothing more can be reserved of it. What is reserved already can still be sold, and the product stays
        readable.
        """
        ...

    @operation(
        "POST",
        "/v2/products/{product_id}/stock",
        status=Success(200, (ETAG,)),
        errors=(ProductNotFound, OutOfStock, TooMuchStock),
        scope=Scope.CATALOG_ADMIN,
    )
    async def adjust_stock(self, product_id: Id, adjustment: Adjustment) -> Product:
        """Put pieces on the shelf or take some off.

        What is reserved is not touched: no more can be taken off than is available.
        """
        ...

    @operation(
        "PUT",
        "/v2/products/{product_id}/image",
        status=Success(200, (ETAG,)),
        errors=(ProductNotFound, UnusableImage),
        scope=Scope.CATALOG_ADMIN,
        max_bytes=2 * 1024 * 1024 + 16 * 1024,
    )
    async def put_image(self, product_id: Id, image: Annotated[Upload, File()]) -> Image:
        """Give a product its image: a PNG, JPEG or WebP file of at most 2 MB.

        What the file holds decides, not its name or the media type it came with. A thumbnail is made soon after.
        """
        ...

    @operation(
        "GET",
        "/v2/products/{product_id}/image",
        status=Success(200, (ETAG,)),
        errors=(ProductNotFound, ImageNotFound),
        media=("image/png", "image/jpeg", "image/webp"),
        cache="public, max-age=60",
    )
    async def get_image(self, product_id: Id, size: ImageSize = ImageSize.FULL) -> Download:
        """Fetch a product's image, or its thumbnail.

        Until the thumbnail is made, the full image stands in for it.
        """
        ...

    @operation(
        "POST",
        "/v2/products/{product_id}/reviews",
        status=201,
        errors=(ProductNotFound, NotPurchased, AlreadyReviewed, ContractViolated),
        scope=Scope.CATALOG_REVIEW,
        limited=True,
    )
    async def add_review(self, product_id: Id, review: NewReview) -> Review:
        """Say what you think of a product that you have bought, once."""
        ...

    @operation("GET", "/v2/products/{product_id}/reviews", errors=(ProductNotFound, InvalidCursor))
    async def list_reviews(self, product_id: Id, limit: PageSize = 20, cursor: Cursor | None = None) -> ReviewPage:
        """List what customers think of a product, newest first.

        When the names of the authors cannot be had just now, the reviews come without them, and `missing` says so.
        """
        ...

    @operation(
        "PUT",
        "/v2/reservations/{order_id}",
        errors=(UnknownProduct, ProductDiscontinued, OutOfStock, ReservationDiffers, ReservationReleased),
        scope=Scope.CATALOG_PEERS,
    )
    async def reserve(self, order_id: Id, reservation: NewReservation) -> Reservation:
        """Put aside all that an order wants, or nothing, and say what it costs.

        Sending the same lines again returns the reservation as it is: once an order has reserved, its prices stand.
        One that has expired is made anew, at the prices of the moment. One that was released stays released, even
        when the release came first.

        A refusal names each line that it is about in `errors`, with a `pointer` such as `/lines/0`.
        """
        ...

    @operation("GET", "/v2/reservations/{order_id}", errors=(ReservationNotFound,), scope=Scope.CATALOG_PEERS)
    async def get_reservation(self, order_id: Id) -> Reservation:
        """Fetch what is put aside for an order."""
        ...

    @operation("GET", "/v2/reservations", errors=(InvalidCursor,), scope=Scope.CATALOG_PEERS)
    async def list_reservations(
        self, status: ReservationStatus | None = None, limit: PageSize = 20, cursor: Cursor | None = None
    ) -> Page[Reservation]:
        """List reservations by the id of their order, to compare them with the orders."""
        ...

    @operation(
        "POST",
        "/v2/reservations/{order_id}/commit",
        errors=(ReservationNotFound, ReservationExpired, ReservationReleased),
        scope=Scope.CATALOG_PEERS,
        idempotent=True,
    )
    async def commit_reservation(self, order_id: Id) -> Reservation:
        """Sell what is put aside: the pieces leave the shelf.

        Committing again changes nothing.
        """
        ...

    @operation("POST", "/v2/reservations/{order_id}/release", scope=Scope.CATALOG_PEERS, idempotent=True)
    async def release_reservation(self, order_id: Id) -> Reservation:
        """Give back what an order has put aside, or has already bought.

        Releasing again changes nothing. Releasing what was never reserved is remembered, so that a request to
        reserve that arrives late puts nothing aside.
        """
        ...
