"""The services as clients of the token endpoint, and how they prove who they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import NoReturn

from contracts.users.errors import InvalidClient

__all__ = ["Clients", "Proof", "refuse_client"]

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="concord"'}


@dataclass(frozen=True, slots=True)
class Proof:
    """Who a client says it is, and the secret that should prove it; a public client has none."""

    client_id: str | None = None
    secret: str | None = field(default=None, repr=False)


class Clients:
    """The clients that have a secret; all others are public, and are called what they call themselves."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = {client_id: secret.encode() for client_id, secret in secrets.items()}

    def recognize(self, proof: Proof) -> bool:
        """Tell whether this is one of the services; raises InvalidClient for one that only says so."""
        kept = self._secrets.get(proof.client_id or "")
        if proof.secret is None and kept is None:
            return False
        if not compare_digest((proof.secret or "").encode(), kept or b"") or not kept:
            refuse_client("The client's id and secret should be those of a service; they are not.")
        return True


def refuse_client(detail: str) -> NoReturn:
    """Refuse a client, and say how one proves who it is."""
    raise InvalidClient(detail, headers=_CHALLENGE)
