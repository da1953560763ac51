"""Customers whose contracts are of another release than the shop's, and all that they must see in it."""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from typing import TypeAlias

from tests.crash.stack import NAMES, PASSWORD

from .compose import Compose, execute
from .project import ROOT
from .release import Release
from .shop import STAFF

__all__ = ["SEEN", "Customer", "Seen", "declarations"]

Seen: TypeAlias = dict[str, dict[str, object]]

SEEN: Seen = {
    "version 2": {
        "registered": "Ada",
        "shelf": ["Kettle"],
        "placed": [201, "confirmed"],
        "repeated": [True, "true"],
        "followed": [True],
        "read": ["confirmed", 1, []],
        "too much": "OutOfStock",
        "cancelled": "cancelled",
        "left": 5,
    },
    "version 1": {
        "registered": "Ada Byron",
        "shelf": ["Kettle"],
        "placed": [201, "confirmed", 5000],
        "repeated": [True, "true"],
        "too much": "Conflict",
        "cancelled": "cancelled",
        "left": 5,
    },
    "unknown": {
        # What the caller says, and the service does not know: never done by halves, and told which member it is.
        "the caller asks for an operation": "ContractViolated, answered 404",
        "the caller asks for a version": "ContractViolated, answered 404",
        "the caller sends a member": "Malformed: extra_forbidden at /gift",
        "the caller sends a parameter": "answered: confirmed",
        "the caller sends a word for a choice": "Malformed: enum at /include/0",
        "the service wants a member": "Malformed: missing at /lines",
        # What the service says, and the caller does not know: more is read over, less is noticed.
        "the service answers members": "answered: confirmed",
        "the service answers a word for a choice": "answered: wrapped",
        "the service answers a member less": "ContractViolated, answered 200",
        "the service refuses for a reason": "ContractViolated, answered 409",
    },
}
"""What must work and what must be refused, whichever of the two is older."""

_FOLDER = "tests/integration/customer"


@dataclass(frozen=True)
class Customer:
    """Somebody with the contracts package that is installed in an image, and with nothing of this machine."""

    image: str

    async def visit(self, compose: Compose) -> Seen:
        """Go through the shop, in a container beside its edge, and tell what was seen."""
        urls = {name: f"http://edge:{port}" for port, name in enumerate(NAMES, start=8001)}
        network = ("--network", f"{compose.project}_inside")
        script = ("-v", f"{ROOT / _FOLDER}:/customer/{_FOLDER}:ro", "-w", "/customer")
        program = ("--entrypoint", "python", self.image, "-m", _FOLDER.replace("/", "."))
        told = json.dumps({"urls": urls, "staff": STAFF, "password": PASSWORD})
        said = await execute("docker", "run", "--rm", "-i", *network, *script, *program, given=told.encode())
        seen: Seen = json.loads(said)
        return seen


def declarations(release: Release) -> dict[str, str]:
    """Read which modules a release froze, each with a digest of it."""
    with zipfile.ZipFile(release.folder / "declarations.zip") as frozen:
        return {name: hashlib.sha256(frozen.read(name)).hexdigest() for name in frozen.namelist()}
