"""The network policies of deploy/kubernetes let through the calls that are made, and nothing else."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest

from .manifests import IMAGE, Manifest, named, objects, pods, secret_files
from .policies import Arrow, Peer, allowed
from .sources import ROOT, SERVICES

PORT = f"{IMAGE['CONCORD_PORT']}/TCP"
OPERATIONS = f"{IMAGE['CONCORD_OPERATIONS_PORT']}/TCP"
PORTS = {PORT, OPERATIONS, "22/TCP", "53/TCP", "53/UDP", "443/TCP", "5432/TCP", "6379/TCP"}
SETTINGS: dict[str, str] = named("ConfigMap", "settings")["data"]


def calls() -> Iterator[Arrow]:
    """Go through the calls between services that the readers make; what the chassis reads, every service reads."""
    for reader in json.loads((ROOT / "contracts" / "readers.json").read_text())["readers"]:
        provider = reader["document"].partition(".")[0]
        consumers = SERVICES if reader["consumer"] == "chassis" else [reader["consumer"]]
        yield from ((consumer, provider, PORT) for consumer in consumers if consumer != provider)


def arrows() -> set[Arrow]:
    """Say who must be let through to whom, by what each is told and holds; nobody else may."""
    ours = [pod for name, pod in pods().items() if name != "limits"]
    redis = urlsplit(SETTINGS["CONCORD_RATE_LIMIT_STORAGE"])
    return {
        *calls(),
        *(("ingress", name, PORT) for name in SERVICES),
        *(("prometheus", name, OPERATIONS) for name in SERVICES),
        *((pod.name, "dns", f"53/{protocol}") for pod in ours for protocol in ("TCP", "UDP")),
        *((pod.name, "database", "5432/TCP") for pod in ours if "concord_database_url" in secret_files(pod)),
        *((pod.name, str(redis.hostname), f"{redis.port}/TCP") for pod in ours if "envFrom" in pod.container),
    }


def neighbours() -> list[Peer]:
    """List all that has an address: what is ours, what it stands on, and strangers of every kind."""
    return [
        *(Peer(pod.name, "concord", pod.labels) for pod in pods().values()),
        Peer("dns", "kube-system", {"k8s-app": "kube-dns"}),
        Peer("database", "database", {"app": "postgres"}),
        Peer("ingress", "ingress", {"app": "controller"}),
        Peer("prometheus", "monitoring", {"app.kubernetes.io/name": "prometheus"}),
        Peer("dashboard", "monitoring", {"app.kubernetes.io/name": "grafana"}),
        Peer("node-agent", "kube-system", {"k8s-app": "agent"}),
        Peer("stranger", "default", pods()["orders"].labels),
        Peer("debug", "concord", {"run": "debug"}),
    ]


def let_through(policies: Mapping[str, Manifest]) -> tuple[set[Arrow], set[Arrow]]:
    """Find what may leave our pods, and what may reach them."""
    leaving = allowed("egress", policies.values(), "concord", neighbours(), PORTS)
    return leaving, allowed("ingress", policies.values(), "concord", neighbours(), PORTS)


def test_pods_may_speak_to_whom_they_call_and_to_nobody_else() -> None:
    leaving, _ = let_through(objects("NetworkPolicy"))

    assert leaving == {arrow for arrow in arrows() if arrow[0] in pods()}


def test_pods_are_reached_by_those_who_call_them_and_by_nobody_else() -> None:
    _, reaching = let_through(objects("NetworkPolicy"))

    assert reaching == {arrow for arrow in arrows() if arrow[1] in pods()}


@pytest.mark.parametrize("name", objects("NetworkPolicy"))
def test_without_any_one_policy_something_is_missed_or_too_much_is_let_through(name: str) -> None:
    others = {other: policy for other, policy in objects("NetworkPolicy").items() if other != name}

    assert let_through(others) != let_through(objects("NetworkPolicy"))
