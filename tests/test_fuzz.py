"""Generated requests against each published document, on real servers: schemathesis, all checks on, finds nothing."""

import os
from collections.abc import Generator

import pytest
from contracts.operation import Api
from contracts.tools.apis import apis

from .fuzzing.allowances import undeclared
from .fuzzing.campaign import fuzz
from .fuzzing.services import Shop, open_shop

pytestmark = pytest.mark.crowd

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
EXAMPLES = 100 if IS_LONG else 4
SEED = None if IS_LONG else 2026
DOCUMENTS = [pytest.param(api, id=f"{service}.{version}") for (service, version), api in apis().items()]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Generator[Shop]:
    with open_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.mark.fuzz
@pytest.mark.parametrize("api", DOCUMENTS)
def test_no_generated_request_is_answered_in_a_way_that_the_document_does_not_say(shop: Shop, api: type[Api]) -> None:
    findings = fuzz(shop, api, EXAMPLES, SEED)

    print(findings.text)
    assert findings.code == 0, "see what was found above, and mend the contract, the chassis or the service"
    assert findings.untested == 0
    assert shop.complaints() == ""


def test_nothing_is_allowed_that_no_operation_declares() -> None:
    found = undeclared()

    assert found == [], "take these out of the table of allowances"
