"""Sets of numbers between bounds and on a grid, exactly: inclusion is decided, never estimated."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from contracts.compat.values import Json, Node, number, rational


@dataclass(frozen=True)
class Numbers:
    """`step` is the grid: 1 for integers, the least common multiple of all `multipleOf`, or none."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False
    step: Fraction | None = None
    format: str = ""

    @classmethod
    def written(cls, schema: Node, *, whole: bool) -> "Numbers":
        low, above = rational(schema.get("minimum")), rational(schema.get("exclusiveMinimum"))
        high, below = rational(schema.get("maximum")), rational(schema.get("exclusiveMaximum"))
        if low is not None or above is not None:
            low, low_open = max((bound, opened) for bound, opened in ((low, False), (above, True)) if bound is not None)
        else:
            low_open = False
        if high is not None or below is not None:
            high, closed = min((bound, shut) for bound, shut in ((high, True), (below, False)) if bound is not None)
        else:
            closed = True
        step = rational(schema.get("multipleOf")) or None
        form = schema.get("format")
        made = cls(low, high, low_open, not closed, step, form if isinstance(form, str) else "")
        return made.on_grid(Fraction(1)) if whole else made.on_grid(step)

    def on_grid(self, step: Fraction | None) -> "Numbers":
        """Keep the multiples of a step, and move the bounds onto them."""
        step = _common(self.step, step)
        if step is None:
            return self
        low, high = self.low, self.high
        if low is not None:
            low = step * (math.floor(low / step) + 1 if self.low_open else math.ceil(low / step))
        if high is not None:
            high = step * (math.ceil(high / step) - 1 if self.high_open else math.floor(high / step))
        return replace(self, low=low, high=high, low_open=False, high_open=False, step=step)

    def meet(self, other: "Numbers") -> "Numbers":
        low, low_open = self.low, self.low_open
        if low is None or (other.low is not None and (other.low, other.low_open) > (low, low_open)):
            low, low_open = other.low, other.low_open
        high, high_open = self.high, self.high_open
        if high is None or (other.high is not None and (other.high, not other.high_open) < (high, not high_open)):
            high, high_open = other.high, other.high_open
        form = self.format or other.format
        return Numbers(low, high, low_open, high_open, self.step, form).on_grid(other.step)

    @property
    def empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def whole(self) -> bool:
        return self.step is not None and self.step.denominator == 1

    def __contains__(self, value: Fraction) -> bool:
        return self.reaches_down_to(value) and self.reaches_up_to(value) and self.on(value)

    def reaches_down_to(self, value: Fraction) -> bool:
        return self.low is None or (value > self.low if self.low_open else value >= self.low)

    def reaches_up_to(self, value: Fraction) -> bool:
        return self.high is None or (value < self.high if self.high_open else value <= self.high)

    def on(self, value: Fraction) -> bool:
        return self.step is None or (value / self.step).denominator == 1

    def below(self, other: "Numbers") -> bool:
        """Tell whether this set goes lower than the other allows."""
        if other.low is None or self.empty:
            return False
        if self.low is None:
            return True
        return self.low < other.low or (self.low == other.low and other.low_open and not self.low_open)

    def above(self, other: "Numbers") -> bool:
        if other.high is None or self.empty:
            return False
        if self.high is None:
            return True
        return self.high > other.high or (self.high == other.high and other.high_open and not self.high_open)

    def off_grid(self, other: "Numbers") -> bool:
        """Tell whether some number here is not a multiple of the other's step."""
        if other.step is None or (self.step is not None and (self.step / other.step).denominator == 1):
            return False
        return any(not other.on(value) for value in self.samples(other)) or not self._few

    @property
    def few_and_whole(self) -> bool:
        """Tell whether samples() gives every number of the set."""
        return self.step is not None and self._few

    @property
    def _few(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low == self.high or (self.step is not None and (self.high - self.low) / self.step <= 60)

    def samples(self, *near: "Numbers") -> Iterator[Fraction]:
        """Give members, plain ones first, then those at the edges of this set and its neighbours."""
        seen: set[Fraction] = set()
        for value in self._candidates((self, *near)):
            if value in self and value not in seen:
                seen.add(value)
                yield value

    def _candidates(self, sets: Iterable["Numbers"]) -> Iterator[Fraction]:
        grid = self.step or Fraction(1)
        yield from (Fraction(value) for value in (1, 0, 2, 3, -1, 10, 100))
        for bound in [edge for item in sets for edge in (item.low, item.high) if edge is not None]:
            nearest = grid * math.floor(bound / grid)
            yield from (bound, *(nearest + grid * hop for hop in (0, 1, -1, 2, -2)))
            if self.step is None:
                yield from (bound + Fraction(1, 2), bound - Fraction(1, 2), bound + Fraction(1, 1000))
        for item in sets:
            yield from (item.step * times for times in (1, 2, 3, 5, 7) if item.step is not None)
        if self._few and self.low is not None:
            yield from (self.low + grid * hop for hop in range(61))
        elif self.step is None:
            yield from self._between()

    def _between(self) -> Iterator[Fraction]:
        yield from (Fraction(1, 2), Fraction(3, 2), Fraction(-1, 2), Fraction(1, 4))
        if self.low is not None and self.high is not None:
            yield from ((self.low * share + self.high * (8 - share)) / 8 for share in range(1, 8))

    def run(self, length: int) -> Iterator[Fraction]:
        """Give neighbours on the grid, one after the other, from the lower end or below the upper one."""
        step = self.step or Fraction(1, 2)
        start, hop = (self.high, -step) if self.low is None and self.high is not None else (self.low or step, step)
        yield from (value for value in (start + hop * times for times in range(length)) if value in self)

    def bounds(self) -> tuple[str, str]:
        """Write the bounds as a person reads them."""
        low = "none" if self.low is None else f"{'more than ' if self.low_open else ''}{number(self.low)}"
        high = "none" if self.high is None else f"{'less than ' if self.high_open else ''}{number(self.high)}"
        return low, high


def _common(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    if one is None or other is None:
        return one or other
    top = math.lcm(one.numerator * other.denominator, other.numerator * one.denominator)
    return abs(Fraction(top, one.denominator * other.denominator))


def as_json(values: Iterable[Fraction]) -> Iterator[Json]:
    """Write exact numbers as JSON does."""
    yield from map(number, values)
