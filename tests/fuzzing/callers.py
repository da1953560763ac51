"""Who calls, for schemathesis: each operation gets a caller with its scope, and one whose session it ended a new one.

Schemathesis loads this file by its path, in a process whose environment is that of the users service.
"""

import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

import httpx
import schemathesis
from contracts.examples import example_json
from contracts.operation import Api, Operation
from contracts.tools.apis import apis
from contracts.users.v2 import NewUser
from schemathesis import AuthContext, Case

_PASSWORD = str(example_json(NewUser)["password"])
_USERS = httpx.Client(base_url=os.environ["CONCORD_USERS_URL"])
_SECRET = "development-client-secret"


class Person:
    """Somebody with an account, who makes another one when that cannot be used any more."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._email = f"{role}@example.com"  # seeded
        self._token = "none"

    def token(self) -> str:
        """Get a token that is good now."""
        if not self._is_good():
            self._token = self._sign_in() or self._begin_anew()
        return self._token

    def _is_good(self) -> bool:
        me = _USERS.get("/v2/users/me", headers={"authorization": f"Bearer {self._token}"})
        return me.is_success and me.json()["role"] == self._role

    def _sign_in(self) -> str:
        form = {"grant_type": "password", "username": self._email, "password": _PASSWORD}
        answer = _USERS.post("/oauth/token", data=form)
        self._token = answer.json()["access_token"] if answer.is_success else "none"
        return self._token if self._is_good() else ""

    def _begin_anew(self) -> str:
        self._email = f"{uuid4()}@example.com"
        if self._role == "staff":
            chore = [sys.executable, "-m", "users", "staff", "add", self._email]
            subprocess.run(chore, input=_PASSWORD, text=True, check=True, capture_output=True)
        else:
            new = example_json(NewUser) | {"email": self._email}
            _USERS.post("/v2/users", json=new).raise_for_status()
        return self._sign_in()


class Service:
    """Another service, which has a token for the one that is called; nothing ends it before its time."""

    def __init__(self, resource: str) -> None:
        self._resource = resource

    def token(self) -> str:
        """Get a token that is good now."""
        form = {"grant_type": "client_credentials", "resource": self._resource, "client_id": "orders"}
        answer = _USERS.post("/oauth/token", data=form | {"client_secret": _SECRET})
        return answer.raise_for_status().json()["access_token"]


_CUSTOMER, _STAFF = Person("customer"), Person("staff")


def _caller(api: type[Api], op: Operation[..., object]) -> Person | Service | None:
    """Choose who may do it, and to what others have made too: so staff, where customers see their own only."""
    if op.scope is None:
        return None
    role = op.scope.partition(":")[2]
    if role == "peers":
        return Service(api.service)
    return _STAFF if role == "admin" or "{user_id}" in op.path else _CUSTOMER


_CALLERS = {(op.method, op.path): _caller(api, op) for api in apis().values() for op in api.operations()}


def _called_by(case: Case[Any], context: AuthContext) -> str:
    return str(_CALLERS[case.operation.method.upper(), case.operation.path])


@schemathesis.auth(refresh_interval=3600, retry_on=[401], cache_by_key=_called_by)  # pyright: ignore[reportUnknownMemberType]  # its own types leave gaps
class Tokens:
    """Gives each request the token that it needs, and a new one after a 401."""

    def get(self, case: Case[Any], context: AuthContext) -> str | None:
        caller = _CALLERS[case.operation.method.upper(), case.operation.path]
        return caller.token() if caller else None

    def set(self, case: Case[Any], data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"  # pyright: ignore[reportUnknownMemberType]  # as above
