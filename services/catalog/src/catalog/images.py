"""Product images: kept in the database, so that every replica has them."""

from functools import partial
from hashlib import sha256
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from chassis.conditional import etag
from chassis.database import Database
from contracts.answers import Download
from contracts.catalog.errors import ImageNotFound, UnusableImage
from contracts.catalog.v2 import Image, ImageSize
from sqlalchemy import Connection
from structlog import get_logger

from catalog import pictures, products
from catalog.store import images as store

__all__ = ["Images"]

_AT_ONCE = 2  # decoding takes a processor and 100 MB

_log = get_logger(__name__)


class Images:
    """One image of each product, and its thumbnail."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._decoders = CapacityLimiter(_AT_ONCE)

    async def put(self, product_id: UUID, content: bytes) -> tuple[Image, str]:
        """Keep a product's image, and tell what it is and its ETag; raises what the contract declares."""
        picture = await to_thread.run_sync(partial(pictures.examine, content), limiter=self._decoders)
        digest = sha256(content).hexdigest()
        image = store.StoredImage(media_type=picture.media_type, digest=digest, content=content)

        def unit(tx: Connection) -> None:
            products.find(tx, product_id)
            store.put(tx, product_id, image)

        await self._database.write(unit)
        shown = Image(media_type=picture.media_type, width=picture.width, height=picture.height, bytes=len(content))
        return shown, etag(digest)

    async def get(self, product_id: UUID, size: ImageSize) -> tuple[Download, str]:
        """Fetch a product's image and its ETag; raises ProductNotFound and ImageNotFound.

        The full image stands in for a thumbnail that is not made yet, or could not be.
        """

        def unit(tx: Connection) -> tuple[Download, str]:
            thumbnail = store.find(tx, product_id, "thumbnail") if size is ImageSize.THUMBNAIL else None
            if thumbnail:
                return Download(thumbnail.content, pictures.THUMBNAIL_TYPE), etag(thumbnail.digest, size)
            full = store.find(tx, product_id, "content")
            if full is None:
                raise ImageNotFound(f"image of product {products.find(tx, product_id).id}")
            return Download(full.content, full.media_type), etag(full.digest)

        return await self._database.read(unit)

    async def make_thumbnail(self, product_id: UUID, content: bytes) -> None:
        """Make the thumbnail of an image that was put; it may be lost, for the full image stands in for it."""
        try:
            small = await to_thread.run_sync(partial(pictures.shrink, content), limiter=self._decoders)
        except UnusableImage as error:
            _log.warning("thumbnail_not_made", product_id=str(product_id), reason=error.detail)
            return
        digest = sha256(content).hexdigest()
        await self._database.write(lambda tx: store.add_thumbnail(tx, product_id, digest, small))
