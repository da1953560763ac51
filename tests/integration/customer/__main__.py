"""`python -m tests.integration.customer`: a customer of the shop who has a contracts package of his own.

Where the shop is and who opens it stands in JSON on the standard input; what he saw is printed as JSON. Nothing is
needed here but a contracts package, of any release, and what it brings.
"""

import asyncio
import hashlib
import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

import httpx
from pydantic import BaseModel

import contracts

from .ahead import meet
from .caller import Caller, Visitor
from .journeys import in_version_1, in_version_2

_EXAMPLE = """example:
  echo '{"urls": {"users": "http://127.0.0.1:8001", "catalog": "http://127.0.0.1:8002",
    "orders": "http://127.0.0.1:8003"}, "staff": "staff@example.com", "password": "..."}' |
    python -m tests.integration.customer
"""


class Shop(BaseModel):
    """Where the shop is, and who opens it."""

    urls: dict[str, str]
    staff: str
    password: str


def main() -> None:
    """Go through the shop, and print what was seen."""
    ArgumentParser(
        prog="python -m tests.integration.customer",
        description="Go through the shop in both versions, and tell as JSON what was seen.",
        epilog=_EXAMPLE,
        formatter_class=RawDescriptionHelpFormatter,
    ).parse_args()
    shop = Shop.model_validate_json(sys.stdin.read())
    print(json.dumps({"contracts": _declarations(), **asyncio.run(_visit(shop))}))


async def _visit(shop: Shop) -> dict[str, object]:
    async with httpx.AsyncClient(trust_env=False) as http:
        visitor = Visitor(Caller(http, shop.urls), shop.password)
        staff = await visitor.sign_in(shop.staff)
        return {
            "version 2": await in_version_2(visitor, staff),
            "version 1": await in_version_1(visitor, staff),
            "unknown": await meet(staff, await visitor.join()),
        }


def _declarations() -> dict[str, str]:
    """Say which contracts package this is: a digest of each of its modules."""
    package = Path(contracts.__file__).parent
    return {
        str(file.relative_to(package.parent)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(package.rglob("*.py"))
    }


if __name__ == "__main__":
    main()
