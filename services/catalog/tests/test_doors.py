"""Who may do what: every operation of both versions, for those who come without the right to."""

from typing import Any

import pytest
from chassis.ids import new_id
from contracts.answers import Upload
from contracts.catalog import v2
from contracts.client import AsgiTransport
from contracts.errors import Forbidden, Unauthenticated
from contracts.examples import example
from contracts.operation import Operation
from contracts.places import Parameter, Place
from contracts.scopes import Scope

from .conftest import Shop

pytestmark = pytest.mark.anyio

GUARDED = [op for op in v2.Catalog.operations() if op.scope]
OPEN = {"get_product", "list_products", "get_products", "get_image", "list_reviews"}


def test_only_reading_the_shop_window_is_open_to_all() -> None:
    assert {op.name for op in v2.Catalog.operations() if op.scope is None} == OPEN


@pytest.mark.parametrize("op", GUARDED, ids=lambda op: op.name)
async def test_a_guarded_operation_wants_a_token(shop: Shop, op: Operation[..., Any]) -> None:
    with pytest.raises(Unauthenticated):
        await AsgiTransport(shop.app).send(op, arguments(op))


@pytest.mark.parametrize("op", GUARDED, ids=lambda op: op.name)
async def test_a_guarded_operation_wants_its_own_scope(shop: Shop, op: Operation[..., Any]) -> None:
    others = [scope for scope in Scope if scope is not op.scope]
    stranger = AsgiTransport(shop.app, token=shop.issuer.person(*others))

    with pytest.raises(Forbidden, match=str(op.scope)):
        await stranger.send(op, arguments(op))


async def test_a_service_writes_no_reviews(shop: Shop) -> None:
    token = shop.issuer.service("orders", Scope.CATALOG_REVIEW, audience="catalog")
    product = await shop.for_staff(v2.Catalog).create_product(example(v2.NewProduct))

    with pytest.raises(Forbidden, match="orders"):
        await v2.Catalog(AsgiTransport(shop.app, token=token)).add_review(product.id, example(v2.NewReview))


def arguments(op: Operation[..., Any]) -> dict[str, Any]:
    """Make a call that lacks nothing but the right to make it."""
    return {parameter.name: argument(parameter) for parameter in op.parameters if parameter.required}


def argument(parameter: Parameter) -> object:
    match parameter.place:
        case Place.PATH:
            return new_id()
        case Place.FILE:
            return Upload(b"an image")
        case _:
            return example(parameter.annotation)
