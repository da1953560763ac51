"""The manifests of deploy/kubernetes: valid by Kubernetes' own schemas, and each about what it means to be about."""

import re
from copy import deepcopy
from inspect import signature
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from chassis.database import Database
from chassis.health import PROBES
from kubernetes_validate import (  # pyright: ignore[reportMissingTypeStubs]
    ValidationError,
    latest_version,
    validate,
)

from .manifests import FOLDERS, IMAGE, Manifest, Pod, manifests, named, objects, pods
from .policies import selects
from .sources import ROOT, SERVICES

OLDEST = "1.30"  # docs/deploy.md says so
SETTINGS: dict[str, str] = named("ConfigMap", "settings")["data"]
ALL = [
    pytest.param(manifest, id=f"{file.parent.name}/{manifest['kind']}/{manifest['metadata']['name']}")
    for file, manifest in manifests()
]
PODS = [pytest.param(pod, id=name) for name, pod in pods().items()]


@pytest.mark.parametrize("version", [OLDEST, latest_version()])
@pytest.mark.parametrize("manifest", ALL)
def test_a_manifest_is_what_kubernetes_publishes_and_says_nothing_unknown(manifest: Manifest, version: str) -> None:
    validate(dict(manifest), version, strict=True)


def test_a_word_that_kubernetes_does_not_know_is_refused_however_deep_it_stands() -> None:
    manifest = deepcopy(dict(named("Deployment", "orders")))
    manifest["spec"]["template"]["spec"]["containers"][0]["livenessProbe"]["httpGet"]["pth"] = "/livez"

    with pytest.raises(ValidationError, match="pth"):
        validate(manifest, latest_version(), strict=True)


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_kustomization_takes_all_that_lies_beside_it(folder: Path) -> None:
    said = yaml.safe_load((folder / "kustomization.yaml").read_text())

    beside = {file.name for file in folder.iterdir()} - {"kustomization.yaml"}

    assert sorted(said["resources"]) == sorted(beside)
    assert said["namespace"] == named("Namespace", "concord")["metadata"]["name"]


def test_every_image_of_ours_gets_its_tag_in_one_place() -> None:
    tagged = yaml.safe_load((FOLDERS["ground"].parent / "images" / "kustomization.yaml").read_text())["images"]

    ours = {pod.container["image"] for name, pod in pods().items() if name != "limits"}

    assert {image["name"] for image in tagged} == ours


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_is_nobody_changes_nothing_and_has_its_bounds(pod: Pod) -> None:
    whole, one, resources = pod.spec["securityContext"], pod.container["securityContext"], pod.container["resources"]

    assert whole["runAsNonRoot"] is True
    assert whole["runAsUser"] > 0
    assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
    assert one == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod.spec["automountServiceAccountToken"] is False
    assert {"cpu", "memory"} <= resources["requests"].keys()
    assert "memory" in resources["limits"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_hears_that_it_is_to_end_while_it_starts(service: str) -> None:
    assert pods()[service].spec["shareProcessNamespace"] is True  # the first process of all is not ours then


@pytest.mark.parametrize("service", SERVICES)
def test_probes_ask_paths_that_the_service_answers_on_the_port_it_listens_on(service: str) -> None:
    pod = pods()[service]
    asked = {kind: pod.container[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")}

    assert pod.ports == {"http": int(IMAGE["CONCORD_PORT"]), "operations": int(IMAGE["CONCORD_OPERATIONS_PORT"])}
    assert {kind: probe["path"] for kind, probe in asked.items()} == {
        "startupProbe": "/startupz",
        "livenessProbe": "/livez",
        "readinessProbe": "/readyz",
    }
    assert {probe["path"] for probe in asked.values()} == set(PROBES)
    assert {probe["port"] for probe in asked.values()} == {"http"}


@pytest.mark.parametrize("name", [*SERVICES, "limits"])
def test_a_name_leads_to_the_pods_of_that_name_and_to_no_others(name: str) -> None:
    service = named("Service", name)["spec"]
    (port,) = service["ports"]

    found = [pod.name for pod in pods().values() if selects({"matchLabels": service["selector"]}, pod.labels)]

    assert found == [name]
    assert pods()[name].ports[port["targetPort"]] == port["port"]


@pytest.mark.parametrize("service", SERVICES)
def test_budgets_and_autoscalers_are_about_the_pods_of_their_service(service: str) -> None:
    budget, scaler = named("PodDisruptionBudget", service)["spec"], named("HorizontalPodAutoscaler", service)["spec"]
    deployment = named("Deployment", service)

    found = [pod.name for pod in pods().values() if selects(budget["selector"], pod.labels)]

    assert found == [service]
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": service}
    assert "replicas" not in deployment["spec"]
    assert budget["maxUnavailable"] < scaler["minReplicas"]


@pytest.mark.parametrize("pod", PODS)
def test_a_workload_selects_its_own_pods(pod: Pod) -> None:
    selectors = [workload["spec"]["selector"] for workload in objects("Deployment").values()]

    assert sum(selects(selector, pod.labels) for selector in selectors) == (pod.component != "migration")


def test_the_way_in_leads_to_each_service_by_a_name_that_its_certificate_has() -> None:
    ingress = named("Ingress", "shop")["spec"]
    paths = {rule["host"]: path for rule in ingress["rules"] for path in rule["http"]["paths"]}

    assert sorted(path["backend"]["service"]["name"] for path in paths.values()) == sorted(SERVICES)
    assert {path["backend"]["service"]["port"]["name"] for path in paths.values()} == {"http"}
    assert [host for tls in ingress["tls"] for host in tls["hosts"]] == list(paths)
    assert urlsplit(SETTINGS["CONCORD_ISSUER"]).hostname in paths


def test_postgresql_is_told_to_allow_for_all_connections_that_replicas_may_take() -> None:
    (said,) = re.findall(r"`max_connections` to (\d+)", (ROOT / "docs" / "deploy.md").read_text())
    connections: int = signature(Database.open).parameters["pool"].default
    scalers, deployments = objects("HorizontalPodAutoscaler"), objects("Deployment")

    most = sum(
        scalers[name]["spec"]["maxReplicas"] + deployments[name]["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        for name in SERVICES
    )

    assert most * connections < int(said)
