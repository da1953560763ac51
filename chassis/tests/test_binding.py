"""A handler that does not fit its operation is refused when it is mounted, with both sides in the message."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from chassis.binding import ApiRouter, ContractError, implements, routers
from chassis.publishing import publish, written
from contracts.places import IdempotencyKey
from contracts.tools.compare import differences
from contracts.tools.promise import promise
from contracts.wire import Line

from .toyshop import NewToy, OldToys, Toy, Toys, new, old, wishes

Handler = Callable[..., Awaitable[Any]]


async def without_name() -> Toy: ...


async def other_name(title: Line) -> Toy: ...


async def other_type(name: str) -> Toy: ...


async def other_default(name: Line = "Bear") -> Toy: ...


async def fits(name: Line) -> Toy: ...


def not_awaited(name: Line) -> Toy: ...


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (without_name, r"the contract says `name: .*`, and the handler has no such parameter"),
        (other_name, r"the contract says `name: .*`, and the handler has no such parameter"),
        (other_type, r"the contract says `name: .*StringConstraints.*`, the handler says `name: str`"),
        (other_default, r"the contract says `name: .*`, the handler says `name: .* = 'Bear'`"),
        (not_awaited, "the handler is not `async def`"),
    ],
)
def test_a_handler_repeats_the_contract_word_for_word(handler: Handler, reason: str) -> None:
    with pytest.raises(ContractError, match=f"^catalog v2 get_toy: {reason}"):
        implements(ApiRouter(Toys), Toys.get_toy)(handler)


def test_an_optional_header_stays_optional() -> None:
    async def make_toy(toy: NewToy, idempotency_key: Annotated[str, "?"]) -> Toy: ...

    with pytest.raises(ContractError, match=r"the contract says `idempotency_key: .* = None`"):
        implements(ApiRouter(Toys), Toys.make_toy)(make_toy)


def test_a_handler_stays_the_plain_function_it_was() -> None:
    async def make_toy(toy: NewToy, idempotency_key: IdempotencyKey = None) -> Toy: ...

    assert implements(ApiRouter(Toys), Toys.make_toy)(make_toy) is make_toy


def test_an_operation_is_mounted_where_its_api_is_served() -> None:
    with pytest.raises(ContractError, match="catalog v2 get_toy is mounted on the router of catalog v1"):
        implements(ApiRouter(OldToys), Toys.get_toy)(fits)


def test_an_operation_is_implemented_once() -> None:
    router = ApiRouter(Toys)
    implements(router, Toys.get_toy)(fits)

    with pytest.raises(ContractError, match="catalog v2 get_toy is implemented twice"):
        implements(router, Toys.get_toy)(fits)


def test_an_api_is_served_whole_or_not_at_all() -> None:
    router = ApiRouter(OldToys)

    with pytest.raises(ContractError, match="catalog v1 promises get_toy, and no handler implements it"):
        router.check()


def test_an_api_is_published_whole_or_not_at_all() -> None:
    router = ApiRouter(OldToys)

    with pytest.raises(ContractError, match="catalog v1 promises get_toy, and no handler implements it"):
        publish(router)


@pytest.mark.parametrize("router", [new, old, wishes], ids=["v2", "v1", "oauth"])
def test_what_is_published_is_what_is_promised(router: ApiRouter) -> None:
    assert differences("toys", promise(router.api), publish(router)) == []


def test_a_document_is_written_the_same_every_time() -> None:
    assert written(publish(new)) == written(publish(new))
    assert written({"a": "ö"}) == '{\n  "a": "ö"\n}\n'.encode()


def test_a_services_routers_are_found_by_the_names_of_their_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toyapi").mkdir()
    line = (
        "from chassis.binding import ApiRouter\nfrom contracts.catalog.v2 import Catalog\nrouter = ApiRouter(Catalog)\n"
    )
    (tmp_path / "toyapi" / "v2.py").write_text(line)
    (tmp_path / "toyapi" / "v3.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    (router,) = routers("toyapi", "v2")

    assert router.api.version == "v2"
    with pytest.raises(ContractError, match=r"toyapi.v3 should have an ApiRouter named `router`, and has None"):
        routers("toyapi", "v2", "v3")
