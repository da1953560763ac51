"""What is counted of logins, as those who operate the service see it."""

import pytest
from chassis.testing import figures
from contracts.users.errors import InvalidGrant

from .shop import Shop

pytestmark = pytest.mark.anyio


async def test_logins_are_counted_by_whether_a_token_was_given(shop: Shop) -> None:
    await shop.join("ada@example.com")

    for _ in range(2):
        with pytest.raises(InvalidGrant):
            await shop.token("ada@example.com", "a wrong password")

    assert await figures(shop.app, "concord_logins_total") == {("done",): 1, ("refused",): 2}


async def test_tokens_of_services_are_no_logins(shop: Shop) -> None:
    await shop.service()

    assert await figures(shop.app, "concord_logins_total") == {("done",): 0, ("refused",): 0}
