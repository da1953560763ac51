"""What network policies let through, computed as Kubernetes defines it for the kinds of rules that ours use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Arrow", "Direction", "Peer", "allowed", "selects"]

Direction = Literal["ingress", "egress"]
Arrow = tuple[str, str, str]
"""Who speaks to whom, and on which port, as `443/TCP`."""

_NAMESPACE = "kubernetes.io/metadata.name"
_KNOWN = {"podSelector", "namespaceSelector"}


@dataclass(frozen=True)
class Peer:
    """Something that has an address in the cluster."""

    name: str
    namespace: str
    labels: Mapping[str, str]


def allowed(
    direction: Direction, policies: Iterable[Mapping[str, Any]], home: str, peers: Iterable[Peer], ports: Iterable[str]
) -> set[Arrow]:
    """Find what may leave (egress) or reach (ingress) the pods of the namespace that the policies lie in."""
    peers, ports, policies = list(peers), list(ports), list(policies)
    return {
        (pod.name, other.name, port) if direction == "egress" else (other.name, pod.name, port)
        for pod in peers
        if pod.namespace == home
        for other in peers
        for port in ports
        if other != pod and _passes(direction, [p["spec"] for p in policies], pod, other, port)
    }


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Say whether labels are those that a selector wants; an empty one takes all."""
    if unknown := selector.keys() - {"matchLabels", "matchExpressions"}:
        raise ValueError(f"a selector wants matchLabels and matchExpressions, found {unknown}: teach it to this module")
    exact = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return exact and all(_holds(wanted, labels) for wanted in selector.get("matchExpressions", ()))


def _holds(wanted: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    if wanted["operator"] != "In":
        raise ValueError(f"an expression wants the operator In, found {wanted['operator']}: teach it to this module")
    return labels.get(wanted["key"]) in wanted["values"]


def _passes(direction: Direction, policies: list[Mapping[str, Any]], pod: Peer, other: Peer, port: str) -> bool:
    """Let all through where no policy is about the pod, else what one of them names."""
    about = [p for p in policies if direction.title() in p["policyTypes"] and selects(p["podSelector"], pod.labels)]
    side = "to" if direction == "egress" else "from"
    rules = [rule for policy in about for rule in policy.get(direction, ())]
    return not about or any(_has(rule, port) and _names(rule.get(side), pod, other) for rule in rules)


def _has(rule: Mapping[str, Any], port: str) -> bool:
    """Say whether a rule is about a port; one without ports is about all."""
    return "ports" not in rule or port in [f"{one['port']}/{one.get('protocol', 'TCP')}" for one in rule["ports"]]


def _names(sides: Iterable[Mapping[str, Any]] | None, pod: Peer, other: Peer) -> bool:
    return sides is None or any(_is(side, pod, other) for side in sides)


def _is(side: Mapping[str, Any], pod: Peer, other: Peer) -> bool:
    if unknown := side.keys() - _KNOWN:
        raise ValueError(f"a rule wants {_KNOWN}, found {unknown}: teach it to this module")
    namespaces = side.get("namespaceSelector", {"matchLabels": {_NAMESPACE: pod.namespace}})
    return selects(namespaces, {_NAMESPACE: other.namespace}) and selects(side.get("podSelector", {}), other.labels)
