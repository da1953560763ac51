"""Images and their thumbnails: one of each product."""

from dataclasses import asdict, dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select, update

from catalog.store.once import insert_or_replace
from catalog.tables import images

__all__ = ["StoredImage", "add_thumbnail", "find", "put"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """A file as it is kept; its digest is that of the content."""

    media_type: str
    digest: str
    content: bytes


def put(tx: Connection, product_id: UUID, image: StoredImage) -> None:
    """Keep an image instead of the one before, whose thumbnail goes with it."""
    insert_or_replace(tx, images, {"product_id": product_id, "thumbnail": None} | asdict(image))


def find(tx: Connection, product_id: UUID, column: Literal["content", "thumbnail"]) -> StoredImage | None:
    """Find a product's image, or its thumbnail; None when there is none."""
    content = images.c[column]
    query = select(images.c.media_type, images.c.digest, content).where(images.c.product_id == product_id)
    row = tx.execute(query.where(content.is_not(None))).one_or_none()
    return None if row is None else StoredImage(media_type=row[0], digest=row[1], content=row[2])


def add_thumbnail(tx: Connection, product_id: UUID, digest: str, thumbnail: bytes) -> None:
    """Add the thumbnail of the image with this digest, unless there is another image by now."""
    same = (images.c.product_id == product_id) & (images.c.digest == digest)
    tx.execute(update(images).where(same).values(thumbnail=thumbnail))
