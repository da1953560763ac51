"""The demo and the stack that stays up, run as a person runs them."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import users
from contracts.tools.apis import apis

from .sources import ROOT, SERVICES

pytestmark = pytest.mark.crowd

Start = Callable[..., subprocess.Popen[str]]

VERSIONS = {service: sorted(v for of, v in apis() if of == service and v[1:].isdigit()) for service in SERVICES}
STEPS = 10 + sum(VERSIONS[service][0] == "v1" for service in ("catalog", "orders"))  # a version that is gone is skipped

# where colours are forced, as CI likes them, those are not what is tested here
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in {"FORCE_COLOR", "TTY_COMPATIBLE"}}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start `python -m demo` with its temporary files in a folder of its own; end it if the test did not."""
    started: list[subprocess.Popen[str]] = []

    def start(*line: str, **settings: str) -> subprocess.Popen[str]:
        demo = subprocess.Popen(
            [sys.executable, "-m", "demo", *line],
            cwd=ROOT,
            env={**_ENVIRONMENT, "TMPDIR": str(tmp_path), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(demo)
        return demo

    yield start
    for demo in started:
        with demo:
            demo.terminate()


def read_until(demo: subprocess.Popen[str], words: str) -> str:
    """Read what is told, up to the line that holds these words."""
    assert demo.stdout
    told: list[str] = []
    for line in demo.stdout:
        told.append(line)
        if words in line:
            return "".join(told)
    raise AssertionError(f"wanted {words!r}, and read {''.join(told)}")


def running(told: str) -> list[int]:
    """List the processes that were told of and still run."""
    found: list[int] = []
    for pid in map(int, re.findall(r"process (\d+)", told)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        found.append(pid)
    return found


def free_ports() -> list[str]:
    code = "from demo.ports import free_ports; print(*free_ports(3))"
    return subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()


def test_the_demo_places_real_orders_and_leaves_nothing_behind(start: Start, tmp_path: Path) -> None:
    demo = start()

    told, _ = demo.communicate()

    assert demo.returncode == 0, told
    assert re.search(rf"ada → users +POST /{VERSIONS['users'][0]}/users +201 ", told)
    assert re.search(r"orders → catalog +PUT /v2/reservations/\{order_id\} +200 ", told)
    assert re.search(r"ada → orders +POST /v2/orders +202 ", told)
    assert '"Idempotency-Replayed": "true"' in told
    assert '"code": "out_of_stock"' in told
    assert '{"status": "confirmed", "final": true}' in told
    assert re.search(rf"^{STEPS} steps, \d+ calls by Ada, \d+ between the services, no surprise, ", told, re.MULTILINE)
    assert "\x1b" not in told  # colours are for terminals
    assert len(re.findall(r"process \d+", told)) == 5  # three services, catalog's death, its second life
    assert running(told) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("line", "session"), [((), "nox -s demo"), (("up",), "nox -s up")])
def test_the_help_gives_examples(start: Start, line: tuple[str, ...], session: str) -> None:
    demo = start(*line, "--help")

    told, _ = demo.communicate()

    assert demo.returncode == 0
    assert f"python -m demo {' '.join(line)}".rstrip() in told.partition("examples:")[2]
    assert session in told


def test_a_service_that_cannot_start_is_named_with_its_last_words(start: Start, tmp_path: Path) -> None:
    demo = start(CONCORD_GZIP="perhaps")

    told, _ = demo.communicate()

    assert demo.returncode == 1
    assert "A surprise: users ended before it was ready (exit code 1)." in told
    assert "The last lines of users:" in told
    assert re.search(r"CONCORD_GZIP .* 'perhaps'", told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_who_stops_the_demo_finds_neither_process_nor_file(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    demo = start()
    told = read_until(demo, "She signs in")

    demo.send_signal(number)
    rest, _ = demo.communicate()

    assert demo.returncode == 130, rest
    assert "Stopped; no process and no file is left." in rest
    assert len(re.findall(r"process \d+", told)) == 3
    assert running(told) == []
    assert list(tmp_path.iterdir()) == []


def test_the_shop_stays_up_takes_orders_reloads_changes_and_closes(start: Start, tmp_path: Path) -> None:
    ports = free_ports()
    shop = start("up", "--ports", *ports)
    told = read_until(shop, "Ctrl-C stops all")

    pages = {url: httpx.get(url).status_code for url in re.findall(r"http://\S+/docs", told)}
    answer = order_as_told(told)
    Path(users.__file__).touch()
    read_until(shop, "Ready again: users")
    shop.send_signal(signal.SIGINT)
    rest, _ = shop.communicate()

    assert len(pages) == sum(map(len, VERSIONS.values()))
    assert set(pages.values()) == {200}
    assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")
    assert shop.returncode == 0, rest
    assert "The shop is closed." in rest
    for port in ports:
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/livez")
    assert list(tmp_path.iterdir()) == []


def order_as_told(told: str) -> httpx.Response:
    """Send the order that stands there as a command line for curl."""
    url, body = re.findall(r"^curl -i (\S+)|-d '(.+)'$", told, re.MULTILINE)
    headers = dict(header.split(": ", 1) for header in re.findall(r"-H '(.+?)'", told))
    return httpx.post(url[0], headers=headers, content=body[1])


def test_what_is_kept_in_a_folder_is_there_the_next_time(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "shop"

    answers = [order_and_close(start("up", "--ports", *free_ports(), "--data", str(data))) for _ in range(2)]

    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true"]
    assert (data / "orders.db").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def order_and_close(shop: subprocess.Popen[str]) -> httpx.Response:
    answer = order_as_told(read_until(shop, "Ctrl-C stops all"))
    shop.send_signal(signal.SIGINT)
    shop.communicate()
    return answer


def test_a_taken_port_is_named_in_one_line(start: Start, tmp_path: Path) -> None:
    first, second, third = free_ports()
    holder = socket.create_server(("127.0.0.1", int(second)))

    shop = start("up", "--ports", first, second, third)
    told, _ = shop.communicate()

    holder.close()
    assert shop.returncode == 1
    assert told == (
        f"Taken: port {second} (for catalog). "
        "Stop what listens there, or choose others, as with --ports 9001 9002 9003.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ports", "complaint"),
    [
        (("9001", "x", "9003"), "a port is a number from 1 to 65535, and 'x' is none"),
        (("9001", "9001", "9003"), "three different ports, and were given 9001, 9001, 9003"),
    ],
)
def test_ports_that_cannot_be_are_refused(start: Start, ports: tuple[str, ...], complaint: str) -> None:
    shop = start("up", "--ports", *ports)

    told, _ = shop.communicate()

    assert shop.returncode != 0
    assert complaint in told
