"""The services read of each other's answers what they declare, on every call, and need nothing else of them."""

import ast
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from contracts.answers import Answer
from contracts.catalog.v2 import Catalog, NewReview
from contracts.codec import as_read, decode
from contracts.operation import Operation
from contracts.orders.v2 import Orders, OrderStatus, Part
from contracts.tools.apis import apis
from contracts.tools.cli import app
from contracts.tools.footprints import declared
from contracts.users.v2 import Users
from typer.testing import CliRunner

from .races.world import Wire, World, order_of, running_world
from .sources import ROOT, SERVICES, modules

JSON = {"content-type": "application/json"}


class Miser(Wire):
    """Answers nothing but the members that the caller has declared to read, whatever the service said."""

    asked: ClassVar[set[Operation[..., Any]]] = set()

    async def send(self, op: Operation[..., Any], arguments: dict[str, Any]) -> Answer[Any]:
        assert op.reader is not None, f"{op.label} is called without a reader"
        self.asked.add(op)
        declaration: Operation[..., Any] = getattr(op.api, op.name)
        whole = await super().send(declaration, arguments)
        return decode(op, whole.status or 200, JSON, as_read(op, whole.value).model_dump_json().encode())


@pytest.fixture
async def misers(sqlite_urls: dict[str, str]) -> Any:
    Miser.asked.clear()
    async with running_world(sqlite_urls, wire=Miser) as world:
        yield world


def peers_of(service: str) -> set[str]:
    """Name the operations of all other services."""
    return {op.name for (other, _), api in apis().items() if other != service for op in api.operations()}


def unread_calls(service: str) -> Iterator[str]:
    """Find where a service takes an operation of a peer without saying what it reads of the answer."""
    names = peers_of(service)
    clients = {f"_{other}" for other in SERVICES if other != service}
    for module, file in modules(service):
        tree = ast.parse(file.read_text())
        read = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "as_"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in names and id(node) not in read:
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else ""
                if owner in clients:
                    yield f"{module}:{node.lineno} calls {owner}.{node.attr} without a reader"


@pytest.mark.anyio
async def test_services_work_when_their_peers_answer_nothing_but_what_is_read(misers: World) -> None:
    account, product = await misers.join(), await misers.stock(10)

    placed = await misers.place(account, order_of(product.id, quantity=2))
    mine = misers.customer(Orders, account)
    seen = await mine.get_order(placed.id, [Part.CUSTOMER, Part.PRODUCTS])
    catalog = misers.customer(Catalog, account)
    await catalog.add_review(product.id, NewReview(rating=5, text="Smooth paper."))
    reviews = await catalog.list_reviews(product.id)
    broken = await misers.violations()
    cancelled = await mine.cancel_order(placed.id)
    await misers.customer(Users, account).close_user(account)

    assert (placed.status, cancelled.status) == (OrderStatus.CONFIRMED, OrderStatus.CANCELLED)
    assert (seen.missing, seen.customer and seen.customer.name and seen.customer.name.given) == ([], "Ada")
    assert (broken, reviews.missing, [item.author for item in reviews.items]) == ([], [], ["Ada Byron"])
    between = {item.operation for item in declared() if item.consumer in SERVICES}
    assert {f"{op.method} {op.path}" for op in Miser.asked} == between


def test_no_service_calls_another_without_saying_what_it_reads() -> None:
    found = [line for service in SERVICES for line in unread_calls(service)]

    assert found == []


def test_what_is_committed_is_what_the_packages_declare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    ran = CliRunner().invoke(app, ["readers", "--check"])

    assert ran.exit_code == 0, ran.output
