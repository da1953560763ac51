"""The results as one picture: a group of bars for each contest, written as SVG."""

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.contest import Result
from benchmarks.samples import Measured

__all__ = ["as_svg"]

_WIDTH, _LABELS, _FIGURES = 960, 400, 140
_BAR, _GAP, _HEAD, _EDGE = 20, 6, 44, 24
_OURS, _OTHERS = "#2563eb", "#9ca3af"
_STYLE = "text{font:13px system-ui,sans-serif;fill:#111827}.title{font-weight:600}.figure{fill:#4b5563}"


def as_svg(results: Sequence[Result]) -> str:
    """Draw requests a second, and write the processor time of one beside each bar."""
    parts, top = list[str](), _EDGE
    for result in (result for result in results if result.is_drawn):
        rows = [measured for measured in result.measured if measured.is_in]
        parts += _group(result.name, rows, top)
        top += _HEAD + len(rows) * (_BAR + _GAP)
    size = f'width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}"'
    paper = f'<rect width="{_WIDTH}" height="{top}" fill="#ffffff"/>'
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{_STYLE}</style>\n{paper}\n{body}\n</svg>\n'


def _group(title: str, rows: Sequence[Measured], top: int) -> Iterator[str]:
    yield f'<text class="title" x="{_EDGE}" y="{top + 16}">{escape(title)}: requests a second</text>'
    most = max((row.middle("rate") for row in rows), default=1.0)
    for number, row in enumerate(rows):
        yield from _row(row, most, top + 28 + number * (_BAR + _GAP))


def _row(row: Measured, most: float, top: int) -> Iterator[str]:
    rate = row.middle("rate")
    length = max(1.0, rate / most * (_WIDTH - _LABELS - _FIGURES - 2 * _EDGE))
    colour = _OURS if row.name.startswith(("Concord", "all three")) else _OTHERS
    base = top + _BAR - 5
    yield f'<text x="{_LABELS}" y="{base}" text-anchor="end">{escape(row.name)}</text>'
    yield f'<rect x="{_LABELS + 8}" y="{top}" width="{length:.1f}" height="{_BAR}" fill="{colour}"/>'
    told = f"{rate:,.0f}/s, {row.middle('cpu'):,.0f} us CPU"
    yield f'<text class="figure" x="{_LABELS + 14 + length:.1f}" y="{base}">{told}</text>'
