"""Pictures: what a file of bytes holds, and small copies of it; blocking work, to be done off the event loop."""

from dataclasses import dataclass
from io import BytesIO

from contracts.catalog.errors import UnusableImage
from contracts.errors import PayloadTooLarge, UnsupportedMediaType
from PIL import Image, ImageOps

__all__ = ["THUMBNAIL_TYPE", "Picture", "examine", "shrink"]

THUMBNAIL_TYPE = "image/webp"

_MOST_BYTES = 2 * 1024 * 1024
_MOST_PIXELS = 25_000_000  # a decoded picture takes 4 bytes a pixel, and a small file can claim any size
_SIDE = 320

Image.MAX_IMAGE_PIXELS = None  # our bound is smaller, and refuses where Pillow's only warns


@dataclass(frozen=True, slots=True)
class Picture:
    """What a file turned out to hold."""

    media_type: str
    width: int
    height: int


def examine(content: bytes) -> Picture:
    """Tell what a file holds; raises PayloadTooLarge, UnsupportedMediaType and UnusableImage."""
    if len(content) > _MOST_BYTES:
        raise PayloadTooLarge(f"An image may have {_MOST_BYTES} bytes, and this one has {len(content)}.")
    kind = _kind(content)
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            width, height = image.size
            if width * height <= _MOST_PIXELS:
                image.verify()
                return Picture(f"image/{kind.lower()}", width, height)
    except Exception as error:  # Pillow raises whatever a broken file makes it trip over
        raise UnusableImage(f"The file begins like a {kind} and is broken; save it anew.") from error
    raise UnusableImage(f"An image may have {_MOST_PIXELS} pixels, and this one has {width} x {height}.")


def shrink(content: bytes) -> bytes:
    """Make a thumbnail, turned as the camera was held; raises UnusableImage."""
    kind = _kind(content)
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            image.thumbnail((_SIDE, _SIDE))
            small = ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
    except Exception as error:  # as above
        raise UnusableImage(f"The pixels of this {kind} cannot be read.") from error
    written = BytesIO()
    small.save(written, "WEBP", quality=80)
    return written.getvalue()


def _kind(content: bytes) -> str:
    """Tell the format by the first bytes: names and media types are claims."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    raise UnsupportedMediaType("An image is a PNG, JPEG or WebP file, and this file begins like none of them.")
