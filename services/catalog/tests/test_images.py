"""Images: what a file holds decides, small copies follow, and nothing large gets in."""

import struct
import tempfile
import zlib
from io import BytesIO
from pathlib import Path
from random import Random
from uuid import UUID

import httpx
import pytest
from anyio import fail_after
from chassis.ids import new_id
from contracts.answers import ETAG, Upload
from contracts.catalog.errors import ImageNotFound, ProductNotFound, UnusableImage
from contracts.catalog.v2 import Catalog, Image, ImageSize
from contracts.errors import PayloadTooLarge, UnsupportedMediaType
from PIL import Image as Picture

from .conftest import Shop
from .samples import a_product

pytestmark = pytest.mark.anyio


@pytest.fixture
async def product_id(staff: Catalog) -> UUID:
    return (await staff.create_product(a_product())).id


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
async def test_an_image_comes_back_as_it_was_put(staff: Catalog, shopper: Catalog, product_id: UUID, kind: str) -> None:
    content = drawn(kind, 64, 48)

    put = await staff.put_image.answer(product_id, Upload(content, "photo.exe", "text/plain"))
    seen = await shopper.get_image.answer(product_id)

    assert put.value == Image(media_type=f"image/{kind}", width=64, height=48, bytes=len(content))
    assert (seen.value.content, seen.value.media_type) == (content, f"image/{kind}")
    assert seen.headers[ETAG] == put.headers[ETAG]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA"])
async def test_a_thumbnail_is_made_after_the_answer(staff: Catalog, product_id: UUID, mode: str) -> None:
    await staff.put_image(product_id, Upload(drawn("png", 1600, 1200, mode)))

    with fail_after(30):
        seen = await staff.get_image.answer(product_id, ImageSize.THUMBNAIL)
        while seen.value.media_type != "image/webp":
            seen = await staff.get_image.answer(product_id, ImageSize.THUMBNAIL)

    with Picture.open(BytesIO(seen.value.content)) as thumbnail:
        assert thumbnail.size == (320, 240)
    assert seen.headers[ETAG] != (await staff.get_image.answer(product_id)).headers[ETAG]


async def test_a_thumbnail_stands_as_the_camera_was_held(staff: Catalog, product_id: UUID) -> None:
    turned = Picture.Exif()
    turned[0x0112] = 6  # turn by a quarter

    await staff.put_image(product_id, Upload(drawn("jpeg", 640, 320, exif=turned)))
    with fail_after(30):
        seen = await staff.get_image(product_id, ImageSize.THUMBNAIL)
        while seen.media_type != "image/webp":
            seen = await staff.get_image(product_id, ImageSize.THUMBNAIL)

    with Picture.open(BytesIO(seen.content)) as thumbnail:
        assert thumbnail.size == (160, 320)


async def test_a_new_image_takes_the_place_of_the_old_one_and_of_its_thumbnail(
    staff: Catalog, product_id: UUID
) -> None:
    await staff.put_image(product_id, Upload(drawn("png", 640, 640)))
    broken = without_pixels(drawn("png", 100, 50))

    await staff.put_image(product_id, Upload(broken))

    assert (await staff.get_image(product_id)).content == broken
    assert (await staff.get_image(product_id, ImageSize.THUMBNAIL)).content == broken


async def test_names_that_climb_out_of_folders_are_only_names(staff: Catalog, product_id: UUID) -> None:
    content = drawn("png", 8, 8)

    await staff.put_image(product_id, Upload(content, "../../../etc/passwd", "image/png"))

    assert (await staff.get_image(product_id)).content == content


async def test_what_is_a_picture_and_something_else_too_is_served_as_a_picture_only(
    staff: Catalog, shop: Shop, product_id: UUID
) -> None:
    both = drawn("png", 8, 8) + b"<script>alert(1)</script>PK\x05\x06" + bytes(18)

    await staff.put_image(product_id, Upload(both, "page.html", "text/html"))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://catalog") as http:
        seen = await http.get(f"/v2/products/{product_id}/image")
    assert seen.content == both
    assert (seen.headers["content-type"], seen.headers["x-content-type-options"]) == ("image/png", "nosniff")


async def test_an_upload_leaves_no_file_behind_taken_or_refused(
    staff: Catalog, product_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    large = drawn("png", 64, 48).ljust(2 * 1024 * 1024, b"\x00")

    await staff.put_image(product_id, Upload(large, "../../large.png"))
    for refused in (large + bytes(100_000), bytes(2 * 1024 * 1024), claiming(20_000, 20_000)):
        with pytest.raises((PayloadTooLarge, UnsupportedMediaType, UnusableImage)):
            await staff.put_image(product_id, Upload(refused, "../../large.png"))

    assert list(folder.rglob("*")) == []


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"\x89PNG", b"RIFF\x00\x00\x00\x00WAVE"])
async def test_other_files_are_refused_whatever_they_are_called(
    staff: Catalog, product_id: UUID, content: bytes
) -> None:
    with pytest.raises(UnsupportedMediaType, match="PNG, JPEG or WebP"):
        await staff.put_image(product_id, Upload(content, "photo.png", "image/png"))

    with pytest.raises(ImageNotFound):
        await staff.get_image(product_id)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
async def test_a_broken_image_is_refused(staff: Catalog, product_id: UUID, kind: str) -> None:
    with pytest.raises(UnusableImage, match="broken"):
        await staff.put_image(product_id, Upload(drawn(kind, 64, 48)[:20]))


async def test_an_image_without_pixels_is_refused(staff: Catalog, product_id: UUID) -> None:
    with pytest.raises(UnusableImage, match="broken"):
        await staff.put_image(product_id, Upload(drawn("png", 64, 48)[:33] + chunk(b"IEND", b"")))


async def test_damaged_images_are_taken_or_refused_and_never_an_error_of_ours(staff: Catalog, product_id: UUID) -> None:
    chance = Random(7)
    whole = [drawn(kind, 64, 48) for kind in ("png", "jpeg", "webp")]
    outcomes: set[str] = set()

    for _ in range(150):
        try:
            await staff.put_image(product_id, Upload(damaged(chance.choice(whole), chance)))
            outcomes.add("taken")
        except (UnusableImage, UnsupportedMediaType) as refused:
            outcomes.add(refused.code)

    assert outcomes >= {"taken", "unusable_image"}


@pytest.mark.parametrize("side", [5_001, 10_000, 20_000])
async def test_a_small_file_that_claims_many_pixels_is_refused(staff: Catalog, product_id: UUID, side: int) -> None:
    with pytest.raises(UnusableImage, match=f"this one has {side} x {side}"):
        await staff.put_image(product_id, Upload(claiming(side, side)))


@pytest.mark.parametrize("extra", [1, 100_000])
async def test_a_file_of_more_than_two_megabytes_is_refused(staff: Catalog, product_id: UUID, extra: int) -> None:
    with pytest.raises(PayloadTooLarge):
        await staff.put_image(product_id, Upload(b"\x00" * (2 * 1024 * 1024 + extra)))


async def test_a_file_of_two_megabytes_is_taken(staff: Catalog, product_id: UUID) -> None:
    content = drawn("png", 64, 48).ljust(2 * 1024 * 1024, b"\x00")

    image = await staff.put_image(product_id, Upload(content))

    assert image.bytes == len(content)


async def test_there_is_no_image_of_what_is_not_there(staff: Catalog, product_id: UUID) -> None:
    with pytest.raises(ProductNotFound):
        await staff.get_image(new_id())
    with pytest.raises(ProductNotFound):
        await staff.put_image(new_id(), Upload(drawn("png", 8, 8)))
    with pytest.raises(ImageNotFound, match=str(product_id)):
        await staff.get_image(product_id, ImageSize.THUMBNAIL)


def drawn(kind: str, width: int, height: int, mode: str = "RGB", exif: Picture.Exif | None = None) -> bytes:
    """Draw something that is not all of one colour."""
    written = BytesIO()
    gradient = Picture.linear_gradient("L").transform((width, height), Picture.Transform.EXTENT, (0, 0, 256, 256))
    gradient.convert(mode).save(written, kind, exif=exif or Picture.Exif())
    return written.getvalue()


def damaged(content: bytes, chance: Random) -> bytes:
    """Change a few bytes, and sometimes lose the end."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed[: chance.randrange(12, len(changed))] if chance.random() < 0.2 else changed)


def claiming(width: int, height: int) -> bytes:
    """Make a PNG whose header says that it is large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def without_pixels(png: bytes) -> bytes:
    """Take the pixels out of a PNG, and leave it in good order otherwise."""
    return png[:33] + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
