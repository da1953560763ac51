"""Read an order with one worker, and with more: throughput should grow with the processors."""

from chassis.settings import ServiceSettings

from benchmarks.contender import Contender
from benchmarks.contest import Contest
from benchmarks.requests import Request
from benchmarks.shop import Shop, open_shop, service
from benchmarks.stage import Stage

__all__ = ["contest"]

_COUNTS = (1, 2, 4)


def contest(stage: Stage) -> Contest:
    """Start an orders service with each number of workers, on as many processors."""
    shop = open_shop(stage)
    (order,) = shop.write_orders(1)
    most = len(stage.cores.all) if "workers" in ServiceSettings.model_fields else 1
    counts = [count for count in _COUNTS if count <= most]
    return Contest(
        "workers",
        "An order of five lines, 64 connections; each number of workers has as many processors, "
        "but the last processor of the machine is shared with the load.",
        _name(1),
        [_contender(stage, shop, count, str(order)) for count in counts],
        closing=lambda: () if most > 1 else ("More are not measured: there is one processor, or no CONCORD_WORKERS.",),
    )


def _contender(stage: Stage, shop: Shop, count: int, order: str) -> Contender:
    settings = {**shop.settings, "CONCORD_WORKERS": str(count)}
    spec = service(stage, "orders", shop.databases["orders"], settings)
    (process,) = stage.start(spec, cores=stage.cores.all[:count])
    return Contender(_name(count), [process], [Request(f"{spec.url}/v2/orders/{order}", headers=shop.bearer)])


def _name(count: int) -> str:
    return f"{count} worker{'s' if count > 1 else ''}"
