"""The manifests of deploy/kubernetes say what docker-compose.yml says, in settings that the services have."""

import importlib
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chassis.settings import ServiceSettings, load
from chassis.variables import variable

from .manifests import COMPOSE, IMAGE, Pod, named, objects, pods, secret_files
from .sources import SERVICES

SETTINGS: dict[str, str] = named("ConfigMap", "settings")["data"]
PODS = [pytest.param(pod, id=name) for name, pod in pods().items()]
OURS = [pytest.param(pod, id=name) for name, pod in pods().items() if name != "limits"]


def settings_of(service: str) -> type[ServiceSettings]:
    return importlib.import_module(f"{service}.settings").Settings


def served_by(pod: Pod) -> str:
    return pod.labels["app.kubernetes.io/name"]


def test_there_is_a_workload_for_all_that_compose_runs_but_what_the_cluster_has() -> None:
    assert pods().keys() == COMPOSE["services"].keys() - {"database", "edge", "prometheus"}
    assert objects("PodDisruptionBudget").keys() == objects("HorizontalPodAutoscaler").keys() == set(SERVICES)


@pytest.mark.parametrize("pod", PODS)
def test_a_pod_and_its_container_of_compose_are_the_same(pod: Pod) -> None:
    compose = COMPOSE["services"][pod.name]
    user = f"{pod.spec['securityContext']['runAsUser']}:{pod.spec['securityContext']['runAsGroup']}"
    start = "args" if pod.component == "migration" else "command"  # Kubernetes' args are what Compose calls a command
    limits = pod.container["resources"]["limits"]
    writable = [mount["mountPath"] for mount in pod.container["volumeMounts"] if mount["name"] != "secrets"]

    assert pod.container["image"] == compose["image"]
    assert user == compose.get("user", IMAGE["USER"])
    assert pod.container.get(start) == compose.get("command")
    assert limits["memory"] == compose["mem_limit"].replace("m", "Mi")
    assert float(limits.get("cpu", 0)) == compose.get("cpus", 0)
    assert writable == compose["tmpfs"]


@pytest.mark.parametrize("pod", OURS)
def test_a_pod_finds_the_secrets_of_compose_as_files(pod: Pod) -> None:
    compose = COMPOSE["services"][pod.name.removesuffix("-migration")]
    (mount,) = [mount for mount in pod.container["volumeMounts"] if mount["name"] == "secrets"]

    assert secret_files(pod) == {secret["target"]: secret["source"] for secret in compose["secrets"]}
    assert mount == {"name": "secrets", "mountPath": "/run/secrets", "readOnly": True}
    assert "env" not in pod.container
    assert not objects("Secret")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_what_compose_tells_it(service: str) -> None:
    compose: dict[str, str] = COMPOSE["services"][service]["environment"]
    fixed = {name: value for name, value in compose.items() if "${" not in value}

    assert pods()[service].container["envFrom"] == [{"configMapRef": {"name": "settings"}}]
    assert SETTINGS.keys() == compose.keys()
    assert {name: SETTINGS[name] for name in fixed} == fixed


@pytest.mark.parametrize("pod", OURS)
def test_every_setting_and_secret_named_is_one_of_the_service(pod: Pod) -> None:
    settings = settings_of(served_by(pod))
    known = {variable(name) for name in settings.model_fields}
    told = {*SETTINGS, *(name for name in IMAGE if name.startswith("CONCORD_")), *map(str.upper, secret_files(pod))}

    assert told <= known


@pytest.mark.parametrize("pod", OURS)
def test_production_starts_with_what_a_pod_is_given(pod: Pod, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = tmp_path / "..data"  # as the kubelet lays a secret out: links into a folder that it swaps
    held.mkdir()
    for path in secret_files(pod):
        is_url = path == "concord_database_url"
        (held / path).write_text("postgresql://it:its-password@database/it" if is_url else secrets.token_hex())
        (tmp_path / path).symlink_to(held / path)
    given = {name: value for name, value in IMAGE.items() if name.startswith("CONCORD_")}
    if "envFrom" in pod.container:
        given |= SETTINGS
    for name, value in (given | {"CONCORD_SECRETS_DIR": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)

    settings = load(settings_of(served_by(pod)))

    assert settings.env == "production"
    assert settings.database_url.get_secret_value() == "postgresql://it:its-password@database/it"


@pytest.mark.parametrize("service", SERVICES)
def test_a_pod_that_is_asked_to_go_has_the_time_that_compose_gives_after_callers_heard_of_it(service: str) -> None:
    spec = pods()[service].spec
    unheard = pods()[service].container["lifecycle"]["preStop"]["sleep"]["seconds"]
    after_sigterm = int(COMPOSE["services"][service]["stop_grace_period"].removesuffix("s"))

    assert spec["terminationGracePeriodSeconds"] == unheard + after_sigterm
    assert after_sigterm > settings_of(service).model_fields["shutdown_seconds"].default


def test_every_address_in_the_settings_is_a_name_and_port_of_the_cluster() -> None:
    named_inside = [value for name, value in SETTINGS.items() if "://" in value and name != "CONCORD_ISSUER"]

    wanted = {(str(url.hostname), url.port) for url in map(urlsplit, named_inside)}

    assert wanted == {(name, named("Service", name)["spec"]["ports"][0]["port"]) for name in (*SERVICES, "limits")}
