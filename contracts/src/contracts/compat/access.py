"""Who may call, and where: credentials, scopes, servers."""

from collections.abc import Iterator

from contracts.compat.document import Document, Place
from contracts.compat.operations import Operation
from contracts.compat.questions import Answer, Pair
from contracts.compat.values import Node, canonical, mapping, text, texts

Need = frozenset[tuple[str, str]]


def compare_security(pair: Pair) -> Iterator[Answer]:
    """Judge whether each set of credentials that was enough still is."""
    yield from _flows(pair)
    accepted = _needs(pair.revision)
    for enough in _needs(pair.base):
        if not any(need <= enough for need in accepted):
            shown, wanted = _shown(enough), " or ".join(sorted(map(_shown, accepted)))
            request = pair.request(credentials=shown)
            exchange = pair.exchanges(request, "accepted", f"401 or 403: needs {wanted}")
            yield pair.answer("security.tightened", f"{shown} is no longer enough, needs {wanted}", "request", exchange)


def _flows(pair: Pair) -> Iterator[Answer]:
    """Judge whether clients still get their tokens the way they did."""
    for name, old in _oauth(pair.base).items():
        new = _oauth(pair.revision).get(name)
        left = mapping((new / "flows").node) if new else {}
        for flow, _ in (old / "flows").children():
            if new is None or flow.startswith("x-"):
                continue
            if flow not in left:
                exchange = pair.exchanges({"scheme": name, "grant": flow}, "a token", "refused")
                message = f"tokens of {name} are no longer issued by {flow}"
                yield pair.answer("security.flow-removed", message, "request", exchange, at=(old, new))
            elif _addresses(old / "flows" / flow) != _addresses(new / "flows" / flow):
                message = f"tokens of {name} are issued by {flow} at another address"
                yield pair.answer("security.address-changed", message, "request", verdict="behaviour", at=(old, new))


def _oauth(operation: Operation) -> dict[str, Place]:
    known = operation.document.at("components", "securitySchemes")
    named = {name: operation.document.follow(known / name) for need in operation.security() for name in need}
    return {name: scheme for name, scheme in named.items() if mapping(scheme.node).get("type") == "oauth2"}


def _addresses(flow: Place) -> list[str]:
    return [text(mapping(flow.node).get(name)) for name in ("authorizationUrl", "tokenUrl", "refreshUrl")]


def _needs(operation: Operation) -> list[Need]:
    """Give each sufficient set of (scheme, scope), schemes named by what they do on the wire."""
    alternatives = operation.security()
    needs = [_need(operation.document, alternative) for alternative in alternatives]
    return list(dict.fromkeys(needs)) or [frozenset()]


def _need(document: Document, alternative: Node) -> Need:
    parts: set[tuple[str, str]] = set()
    for name, scopes in alternative.items():
        scheme = _signature(document, name)
        parts |= {(scheme, ""), *((scheme, scope) for scope in texts(scopes))}
    return frozenset(parts)


def _signature(document: Document, name: str) -> str:
    scheme = mapping(document.follow(document.at("components", "securitySchemes", name)).node)
    match scheme.get("type"):
        case "apiKey":
            where, called = text(scheme.get("in")), text(scheme.get("name"))
            return f"key in {where} {called.lower() if where == 'header' else called}"
        case "http":
            return f"http {str(scheme.get('scheme')).lower()}"
        case "openIdConnect":
            return f"openIdConnect {scheme.get('openIdConnectUrl')}"
        case "oauth2" | "mutualTLS" as kind:
            return f"{kind}"
        case _:
            return name if not scheme else canonical(scheme)


def _shown(need: Need) -> str:
    return (
        " and ".join(sorted(f"{scheme} {scope}".strip() for scheme, scope in need if scope or _bare(need, scheme)))
        or "no credentials"
    )


def _bare(need: Need, scheme: str) -> bool:
    return not any(scope for known, scope in need if known == scheme)


def moved(pair: Pair) -> list[str]:
    """Give the server paths under which the operation answered and does not any more."""
    now = set(pair.revision.prefixes)
    shift = [prefix for prefix in pair.base.prefixes if prefix not in now]
    if pair.base.key != pair.revision.key:
        return []
    return shift
