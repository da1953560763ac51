"""What `deploy/kubernetes` and `docker-compose.yml` say, as tests ask about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .sources import ROOT

__all__ = ["COMPOSE", "FOLDERS", "IMAGE", "Manifest", "Pod", "manifests", "named", "objects", "pods", "secret_files"]

Manifest = Mapping[str, Any]

FOLDERS = {name: ROOT / "deploy" / "kubernetes" / name for name in ("ground", "migrations", "services")}
COMPOSE: Manifest = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@dataclass(frozen=True)
class Pod:
    """What one workload runs; each of ours has one container."""

    name: str
    labels: Mapping[str, str]
    spec: Manifest

    @property
    def component(self) -> str:
        return self.labels["app.kubernetes.io/component"]

    @property
    def container(self) -> Manifest:
        (container,) = self.spec["containers"]
        return container

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", ())}


@cache
def manifests() -> tuple[tuple[Path, Manifest], ...]:
    """Read all objects, each with the file that says it."""
    return tuple(_manifests())


def _manifests() -> Iterator[tuple[Path, Manifest]]:
    for folder in FOLDERS.values():
        for file in sorted(folder.glob("*.yaml")):
            if file.name != "kustomization.yaml":
                yield from ((file, manifest) for manifest in yaml.safe_load_all(file.read_text()))


def objects(kind: str) -> dict[str, Manifest]:
    """Find the objects of a kind by name."""
    return {manifest["metadata"]["name"]: manifest for _, manifest in manifests() if manifest["kind"] == kind}


def named(kind: str, name: str) -> Manifest:
    """Find one object."""
    return objects(kind)[name]


def pods() -> dict[str, Pod]:
    """Find what runs, by the name of its Deployment or Job."""
    workloads = {**objects("Deployment"), **objects("Job")}
    templates = {name: workload["spec"]["template"] for name, workload in workloads.items()}
    return {name: Pod(name, template["metadata"]["labels"], template["spec"]) for name, template in templates.items()}


def secret_files(pod: Pod) -> dict[str, str]:
    """Say which secret a pod finds in which file."""
    volumes = [volume["secret"] for volume in pod.spec["volumes"] if "secret" in volume]
    return {item["path"]: item["key"] for secret in volumes for item in secret["items"]}


def _image() -> dict[str, str]:
    """Read the variables of the last stage of the Dockerfile, and its user."""
    lines = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2].splitlines()
    words = [line.removeprefix("ENV ").removesuffix(" \\").strip() for line in lines]
    found = dict(word.split("=", 1) for word in words if word.startswith("CONCORD_"))
    (user,) = (word.removeprefix("USER ") for word in words if word.startswith("USER "))
    return found | {"USER": user}


IMAGE = _image()
