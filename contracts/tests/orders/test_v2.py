"""What the orders contract keeps to beyond what holds for every contract."""

import pytest
from contracts.dialect import PROBLEM
from contracts.errors import Issue, Unauthenticated
from contracts.orders.errors import REFUSALS, OrderRefused, SessionEnded
from contracts.orders.v2 import NewOrder, Orders, Reason
from pydantic import ValidationError

_ORDER = "0199b2a0-7c1e-7d6a-9a55-3f2d1c0b9a87"
_PRODUCT = "0199b2a0-0002-7ccc-8ddd-000000000002"


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_names_its_order_and_its_lines_to_the_client(refusal: type[OrderRefused]) -> None:
    issue = Issue(code=refusal.code, detail="wanted 5, available 2", place="body", pointer="/lines/0")
    refused = refusal("1 line", issues=[issue], order_id=_ORDER)

    body = PROBLEM.word(refused, "/v2/orders", "0" * 32).model_dump_json().encode()
    read = PROBLEM.read(409, body, Orders.place_order.errors)

    assert isinstance(read, refusal)
    assert read.members == {"order_id": _ORDER}
    assert read.issues == (issue,)


def test_every_reason_but_a_cancellation_is_the_code_of_an_error() -> None:
    codes = {error.code for error in (*REFUSALS, SessionEnded)}

    assert codes == {*Reason, "order_cancelled"}


def test_an_ended_session_is_told_from_a_caller_who_is_not_known() -> None:
    declared = {error.code for error in Orders.place_order.errors if error.status == 401}

    assert declared == {SessionEnded.code, Unauthenticated.code}


def test_placing_may_be_repeated_because_it_has_a_key() -> None:
    assert Orders.place_order.repeatable


@pytest.mark.parametrize("quantity", ["0", "-1", "1001", "1.0", '"1"', "true", "1e400"])
def test_a_quantity_that_cannot_be_ordered_is_malformed(quantity: str) -> None:
    wanted = f'{{"lines": [{{"product_id": "{_PRODUCT}", "quantity": {quantity}}}]}}'

    with pytest.raises(ValidationError):
        NewOrder.model_validate_json(wanted)


@pytest.mark.parametrize("member", ["customer_id", "status", "total", "unit_price"])
def test_nobody_sets_what_the_shop_decides(member: str) -> None:
    wanted = f'{{"lines": [{{"product_id": "{_PRODUCT}", "quantity": 1}}], "{member}": null}}'

    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        NewOrder.model_validate_json(wanted)
