"""What is to be reached, and how far it was reached: ratios of medians within one run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.contest import Result
from benchmarks.samples import Measured
from benchmarks.workloads import calling, placing, reading, translating, users, viewing

__all__ = ["targets"]

Judge = Callable[[Mapping[str, Measured]], tuple[str, bool]]
"""Says what was measured of a contest's entrants, and whether that is enough."""


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table; a target whose contest was not held is left out."""

    contest: str
    wanted: str
    judge: Judge


def targets(results: Sequence[Result]) -> str:
    """Write the table."""
    lines = ["| workload | reach | measured | met |", "| --- | --- | --- | --- |", *_rows(results)]
    return "\n".join(lines)


def _rows(results: Sequence[Result]) -> Iterator[str]:
    held = {result.name: {one.name: one for one in result.measured if one.is_in} for result in results}
    for target in _TARGETS:
        if target.contest not in held:
            continue
        try:
            found, is_met = target.judge(held[target.contest])
        except KeyError as missing:
            found, is_met = f"{missing} was thrown out", False
        yield f"| {target.contest} | {target.wanted} | {found} | {'yes' if is_met else 'no'} |"


def _read_beside_bare(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    rate, cpu = _compare(all_, reading.OURS, reading.BARE)
    return f"{rate:.2f} x its req/s, {cpu:.2f} x its CPU", rate >= 1


def _read_beside_orm(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    rate, cpu = _compare(all_, reading.OURS, reading.PLAIN)
    return f"{rate:.2f} x its req/s, {cpu:.2f} x its CPU", rate >= 3


def _place(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    rate, cpu = _compare(all_, placing.OURS, placing.PLAIN)
    return f"{rate:.2f} x its orders/s, {cpu:.2f} x its CPU", rate >= 4 and cpu <= 1 / 3


def _include(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    both, alone = all_[viewing.OURS].middle("p50"), all_[viewing.ALONE].middle("p50")
    parts = all_[viewing.CUSTOMER].middle("p50"), all_[viewing.PRODUCTS].middle("p50")
    told = f"{both:.1f} ms; with one part {parts[0]:.1f} and {parts[1]:.1f}, without {alone:.1f} ms"
    return f"{told}: the slower one + {both / max(parts) - 1:.0%}", both <= 1.2 * max(parts)


def _call(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    rate, cpu = _compare(all_, calling.OURS, calling.STOCK)
    typed, _ = _compare(all_, calling.TYPED, calling.STOCK)
    return f"{rate:.2f} x its calls/s, {cpu:.2f} x its CPU; typed, validated and guarded {typed:.2f} x", rate >= 6


def _translate(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    _, cpu = _compare(all_, translating.V1, translating.V2)
    return f"{cpu - 1:+.0%} CPU", cpu <= 1.1


def _serve_users(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    services = all_[users.SERVICES]
    told = f"p50 {services.middle('p50'):.0f} ms at {services.middle('rate'):,.0f} req/s"
    if failed := services.middle("failed"):
        told += f", {failed:.1%} of the answers pending or refused"
    return told, services.middle("p50") <= 45 and services.middle("rate") >= 2_400


def _start(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    taken = {name: one.middle("p50") / 1000 for name, one in all_.items() if name in {"users", "catalog", "orders"}}
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in taken.items()), max(taken.values()) < 1


def _work(all_: Mapping[str, Measured]) -> tuple[str, bool]:
    one = all_["1 worker"].middle("rate")
    if len(all_) == 1:
        return "one worker only", False
    shares = {name: m.middle("rate") / one / int(name.split()[0]) for name, m in all_.items() if name != "1 worker"}
    return ", ".join(f"{name} {share:.2f} x" for name, share in shares.items()), min(shares.values()) >= 0.85


def _compare(all_: Mapping[str, Measured], ours: str, theirs: str) -> tuple[float, float]:
    mine, yours = all_[ours], all_[theirs]
    return mine.middle("rate") / yours.middle("rate"), mine.middle("cpu") / yours.middle("cpu")


_TARGETS = (
    Target("read an order", "at least 1.0 x of bare typed FastAPI without a database", _read_beside_bare),
    Target("read an order", "at least 3 x of FastAPI + async ORM with the same things on", _read_beside_orm),
    Target("place an order", "at least 4 x the orders/s of the plain shop at a third of its CPU", _place),
    Target("order with includes", "the slowest call + 20 %", _include),
    Target("calls between services", "at least 6 x stock httpx, through the httpx API", _call),
    Target("v1 over v2", "at most 10 % more CPU", _translate),
    Target("1,000 users", "p50 45 ms at 2,400 req/s", _serve_users),
    Target("start", "ready in less than 1.0 s, warm", _start),
    Target("workers", "at least 0.85 x linear", _work),
)
