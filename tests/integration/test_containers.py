"""What the containers may do, and what can be reached from outside: as little as the shop needs."""

import os
from pathlib import Path

import httpx
import pytest

from tests.crash.stack import NAMES

from .compose import Compose, execute

pytestmark = pytest.mark.anyio

MIGRATIONS = tuple(f"{name}-migration" for name in NAMES)
ALL = ("database", "limits", *MIGRATIONS, *NAMES, "edge", "prometheus")

DOORS = {"edge": ["8001/tcp", "8002/tcp", "8003/tcp"], "prometheus": ["9090/tcp"]}


@pytest.fixture
def secrets() -> list[str]:
    return [file.read_text() for file in Path(os.environ["CONCORD_SECRETS"]).iterdir()]


@pytest.mark.parametrize("service", ALL)
async def test_a_container_is_nobody_changes_nothing_and_has_its_bounds(compose: Compose, service: str) -> None:
    (found,) = await compose.inspect(service)
    host = found["HostConfig"]

    assert found["Config"]["User"].partition(":")[0] not in {"", "0", "root"}
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Memory"] > 0


@pytest.mark.parametrize("service", ALL)
async def test_only_the_edge_and_prometheus_have_a_door_and_only_to_this_machine(
    compose: Compose, service: str
) -> None:
    (found,) = await compose.inspect(service)

    doors = {port: bound for port, bound in found["HostConfig"]["PortBindings"].items() if bound}

    assert sorted(doors) == DOORS.get(service, [])
    assert {door["HostIp"] for bound in doors.values() for door in bound} <= {"127.0.0.1"}


@pytest.mark.parametrize("service", ALL)
async def test_no_secret_can_be_read_where_docker_describes_a_container(
    compose: Compose, service: str, secrets: list[str]
) -> None:
    told = str(await compose.inspect(service))

    assert len(secrets) == 10
    assert [secret for secret in secrets if secret in told] == []


@pytest.mark.parametrize("name", NAMES)
async def test_an_image_of_a_service_holds_no_compiler_no_installer_and_no_other_service(
    compose: Compose, name: str
) -> None:
    (container, *_) = await compose.containers(name)
    others = [other for other in NAMES if other != name]
    look = f"command -v gcc cc uv nox pytest; for name in {' '.join(others)}; do python -c 'import '$name 2>&1; done"

    seen = await execute("docker", "exec", container, "sh", "-c", f"{look}; true")

    assert seen.count("ModuleNotFoundError") == len(others)
    assert "/gcc" not in seen
    assert "/uv" not in seen


@pytest.mark.parametrize("service", ["database", "limits", *MIGRATIONS, *NAMES])
async def test_only_the_edge_is_in_a_network_that_leads_outside(compose: Compose, service: str) -> None:
    (found,) = await compose.inspect(service)
    networks = list(found["NetworkSettings"]["Networks"])

    internal = await execute("docker", "network", "inspect", "--format", "{{.Internal}}", *networks)

    assert internal.split() == ["true"] * len(networks)


async def test_a_service_cannot_open_the_database_of_another(compose: Compose) -> None:
    (orders, *_) = await compose.containers("orders")
    script = (
        "import asyncio, asyncpg, pathlib; url = pathlib.Path('/run/secrets/concord_database_url').read_text();"
        "asyncio.run(asyncpg.connect(url.rpartition('/')[0] + '/users'))"
    )

    said = await execute("docker", "exec", orders, "sh", "-c", f'python -c "{script}" 2>&1; true')

    assert "permission denied for database" in said


async def test_the_edge_believes_nobody_who_says_from_where_he_calls(urls: dict[str, str], compose: Compose) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answers = [
            await http.post(
                f"{urls['users']}/oauth/token",
                data={"grant_type": "password", "username": "nobody@example.com", "password": "wrong password"},
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
            )
            for number in range(4)
        ]
    left = [int(answer.headers["RateLimit"].partition("r=")[2].partition(";")[0]) for answer in answers]

    assert left == [left[0] - number for number in range(4)]
