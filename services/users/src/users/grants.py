"""Grants of access tokens (RFC 6749): to people for their password, to services for their secret."""

from chassis.auth import Principal, Role
from chassis.telemetry.metrics import Metrics
from contracts.dialect import InvalidRequest
from contracts.users.errors import InvalidGrant, UnsupportedGrantType
from contracts.users.identity import Token, TokenRequest

from users.clients import Clients, Proof, refuse_client
from users.credentials import Credentials
from users.figures import LOGINS
from users.roles import audience, granted
from users.signing import Signing

__all__ = ["Grants"]

_PUBLIC = "public"  # what a client is called that does not say its name


class Grants:
    """Hands out access tokens."""

    def __init__(self, credentials: Credentials, clients: Clients, signing: Signing, metrics: Metrics) -> None:
        self._credentials = credentials
        self._clients = clients
        self._signing = signing
        self._logins = metrics.count(LOGINS)

    async def grant(self, request: TokenRequest, proof: Proof) -> Token:
        """Answer a token request; raises what RFC 6749 has for each refusal."""
        is_service = self._clients.recognize(proof)
        match request.grant_type:
            case "password":
                return await self._grant_person(request, proof.client_id or _PUBLIC)
            case "client_credentials":
                if not is_service or proof.client_id is None:
                    refuse_client("`client_credentials` is for services, which prove who they are with a secret.")
                return await self._grant(request, _service(proof.client_id))
            case other:
                raise UnsupportedGrantType(
                    f"`grant_type` should be `password` or `client_credentials`; it is `{other}`."
                )

    async def own(self, resource: str) -> tuple[str, float]:
        """Make the token with which this service calls another one, and say how many seconds it lives."""
        request = TokenRequest(grant_type="client_credentials", resource=resource)
        token = await self._grant(request, _service("users"))
        return token.access_token, token.expires_in

    async def _grant_person(self, request: TokenRequest, client_id: str) -> Token:
        if request.username is None or request.password is None:
            raise InvalidRequest("`password` wants `username` and `password`; send both.")
        account = await self._credentials.recognize(request.username, request.password)
        self._logins.add("refused" if account is None else "done")
        if account is None:
            raise InvalidGrant("No open account has this email address and this password; check both.")
        person = Principal(
            id=str(account.id),
            role=Role(account.role),
            scopes=frozenset(),
            client_id=client_id,
            generation=account.generation,
        )
        return await self._grant(request, person)

    async def _grant(self, request: TokenRequest, caller: Principal) -> Token:
        services = audience(caller.role, request.resource)
        scopes = granted(caller.role, services, request.scope)
        signed = await self._signing.sign(caller.model_copy(update={"scopes": scopes}), services)
        return Token(
            access_token=signed,
            token_type="Bearer",  # noqa: S106 (the type of the token, RFC 6750)
            expires_in=int(self._signing.lifetime.total_seconds()),
            scope=" ".join(sorted(scopes)),
        )


def _service(client_id: str) -> Principal:
    return Principal(id=client_id, role=Role.SERVICE, scopes=frozenset(), client_id=client_id)
