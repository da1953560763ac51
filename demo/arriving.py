"""The first steps: an account, a token, and a look around."""

from collections.abc import Sequence

from contracts.catalog.v2 import Product
from contracts.users.identity import Identity, TokenRequest
from contracts.users.v2 import Name, NewUser, Users

from demo.shelf import turn_page
from demo.surprises import same
from demo.visit import Visit

__all__ = ["browse", "browse_v1", "open_account", "sign_in"]

_EMAIL = "ada@example.com"
_GIVEN, _FAMILY = "Ada", "Byron"
_PAGE = 3


async def open_account(visit: Visit, password: str) -> None:
    """Register through version 1, or through version 2 when that is all there is."""
    v1 = visit.begin("Ada opens an account, in the words of version 1", "contracts.users.v1")
    if v1 is None:
        await _open_account_v2(visit, password)
        return
    new = v1.NewUser(full_name=f"{_GIVEN} {_FAMILY}", email=_EMAIL, password=password)
    user = await v1.Users(visit.ada).register(new)
    visit.tell.show(user, "id", "full_name", "email", "status")


async def _open_account_v2(visit: Visit, password: str) -> None:
    visit.tell.step("Ada opens an account")
    new = NewUser(email=_EMAIL, name=Name(given=_GIVEN, family=_FAMILY), password=password)
    user = await Users(visit.ada).register(new)
    visit.tell.show(user, "id", "name", "email", "status")


async def sign_in(visit: Visit, password: str) -> None:
    """Get a token, and read the account through version 2."""
    visit.tell.step("She signs in, and reads her account in the words of version 2")
    asked = TokenRequest(grant_type="password", username=_EMAIL, password=password, client_id="demo")
    token = await Identity(visit.ada).issue_token(asked)
    visit.ada.token = token.access_token
    me = await Users(visit.ada).get_me()
    same("Her name", me.name, Name(given=_GIVEN, family=_FAMILY))
    visit.tell.show(me, "id", "name", "role", "status")


async def browse(visit: Visit) -> Sequence[Product]:
    """Read two pages of the catalogue."""
    visit.tell.step("She browses the kitchen shelf, page by page")
    first = await turn_page(visit, _PAGE, None)
    second = await turn_page(visit, _PAGE, first.next_cursor)
    products = [*first.items, *second.items]
    same("The number of different products on two pages", len({product.id for product in products}), 2 * _PAGE)
    return products


async def browse_v1(visit: Visit, product: Product) -> None:
    """Read one of the products as version 1 has it."""
    v1 = visit.begin("An older shop window shows the first of them through version 1", "contracts.catalog.v1")
    if v1 is None:
        return
    seen = await v1.Catalog(visit.ada).get_product(product.id)
    same("Its price in cents", seen.price_cents, product.price.cents)
    visit.tell.show(seen, "name", "price_cents", "category", "stock")
