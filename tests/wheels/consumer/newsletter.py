"""A team's code that calls the users API: whom to write to, and how to greet them."""

from contracts.reader import Reader
from contracts.users.errors import UserNotFound
from contracts.users.v2 import Name, User, Users
from contracts.wire import Id


class Addressee(Reader, of=User, consumer="newsletter", op=Users.get_user):
    """What a salutation takes of an account; all the rest may change without us."""

    name: Name | None


async def salutation(users: Users, user_id: Id) -> str | None:
    """Greet one customer; None for those who are gone."""
    try:
        user = await users.get_user.as_(Addressee)(user_id)
    except UserNotFound:
        return None
    return f"Dear {user.name.given}" if user.name else None


async def addresses(users: Users, at_once: int = 100) -> list[str]:
    """Collect every address there is, page by page."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await users.list_users(limit=at_once, cursor=cursor)
        found += [address for address in map(_address, page.items) if address]
        cursor = page.next_cursor
        if cursor is None:
            return found


def _address(user: User) -> str | None:
    return user.email
