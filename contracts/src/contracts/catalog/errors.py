"""The errors that the catalog service answers with."""

from contracts.errors import Conflict, NotFound

__all__ = [
    "AlreadyReviewed",
    "ImageNotFound",
    "NotPurchased",
    "OutOfStock",
    "ProductDiscontinued",
    "ProductNotFound",
    "ReservationDiffers",
    "ReservationExpired",
    "ReservationNotFound",
    "ReservationReleased",
    "SkuTaken",
    "TooMuchStock",
    "UnknownProduct",
    "UnusableImage",
    "WrongCurrency",
]


class ProductNotFound(NotFound):
    """There is no such product."""

    code = "product_not_found"


class ImageNotFound(NotFound):
    """This product has no image."""

    code = "image_not_found"


class ReservationNotFound(NotFound):
    """Nothing was ever reserved for this order."""

    code = "reservation_not_found"


class SkuTaken(Conflict):
    """Another product has this SKU."""

    code = "sku_taken"


class WrongCurrency(Conflict):
    """The shop sells in another currency."""

    code = "wrong_currency"


class TooMuchStock(Conflict):
    """No product has room for that much stock."""

    code = "too_much_stock"


class OutOfStock(Conflict):
    """There is less on the shelf than was wanted."""

    code = "out_of_stock"


class UnknownProduct(Conflict):
    """Some lines name products that do not exist."""

    code = "unknown_product"


class ProductDiscontinued(Conflict):
    """The product is not sold any more."""

    code = "product_discontinued"


class ReservationDiffers(Conflict):
    """Other lines are reserved for this order already."""

    code = "reservation_differs"


class ReservationExpired(Conflict):
    """The reservation was not committed in time, and its stock went back on the shelf."""

    code = "reservation_expired"


class ReservationReleased(Conflict):
    """The reservation was released, which is final."""

    code = "reservation_released"


class UnusableImage(Conflict):
    """The file cannot be shown as an image."""

    code = "unusable_image"


class NotPurchased(Conflict):
    """Only customers who have bought a product may review it."""

    code = "not_purchased"


class AlreadyReviewed(Conflict):
    """You have reviewed this product already."""

    code = "already_reviewed"
