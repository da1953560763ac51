"""Version 1 of users, whose database refuses to commit: nobody is told that it was done."""

from pathlib import Path

import pytest
from contracts.examples import example
from contracts.users.v1 import NewUser, UserReplacement, Users

from .doubt import changing, doubtful_world
from .world import Urls

pytestmark = pytest.mark.anyio


async def test_version_1_does_not_say_that_it_was_done_when_it_was_not_saved(urls: Urls, tmp_path: Path) -> None:
    async with doubtful_world(urls, tmp_path) as (world, doubt):
        new = example(NewUser)
        account = (await doubt(Users.register, lambda: world.call(Users).register(new))).id
        changed = UserReplacement(full_name="Grace Hopper", email="grace@example.com")
        await doubt(Users.put_user, lambda: world.customer(Users, account).put_user(account, changed))

    assert doubt.wrong == []
    assert doubt.tried == changing("users v1")
