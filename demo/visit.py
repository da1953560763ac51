"""One visit to the shop: who comes, where to, and who tells of it."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from demo.customer import Customer
from demo.shop import Shop
from demo.transcript import Transcript

__all__ = ["Visit"]


@dataclass(frozen=True)
class Visit:
    """What all steps of the journey share."""

    shop: Shop
    ada: Customer
    tell: Transcript

    async def tell_within(self, *operations: str) -> None:
        """Tell what the services asked each other for the last call, these operations at least."""
        self.tell.within(await self.shop.calls_within(self.ada.trace_id, *operations))

    def begin(self, title: str, version: str) -> ModuleType | None:
        """Begin a step that speaks an old version, or skip it: a version that is deleted takes no demo with it."""
        if find_spec(version) is None:
            self.tell.skip(title, f"because {version} does not exist any more")
            return None
        self.tell.step(title)
        return import_module(version)
