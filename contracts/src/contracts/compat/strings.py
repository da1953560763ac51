"""Rules for texts: lengths, patterns and formats, decided by automata wherever the patterns are regular."""

from collections.abc import Iterator
from dataclasses import replace

from contracts.compat.checks import FORMATS, NARROWER, UNCHECKABLE
from contracts.compat.formats import REGULAR, WIDTHS
from contracts.compat.graph import Gap
from contracts.compat.languages import search
from contracts.compat.shape import Text, lesser


def text_gaps(sender: Text, reader: Text) -> Iterator[Gap]:
    """Give the rules of the reader that some text of the sender breaks."""
    yield from _length_gaps(_sized(sender), reader)
    for pattern in reader.patterns:
        if pattern not in sender.patterns:
            yield from _pattern_gap(sender, pattern)
    for form in reader.formats:
        if not any(known == form or (known, form) in NARROWER for known in sender.formats):
            yield from _format_gap(sender, form)


def _sized(text: Text) -> Text:
    """Add the lengths that formats imply."""
    shortest, longest = text.shortest, text.longest
    for form in text.formats:
        low, high = WIDTHS.get(form, (0, None))
        shortest, longest = max(shortest, low), lesser(longest, high)
    return replace(text, shortest=shortest, longest=longest)


def _length_gaps(sender: Text, reader: Text) -> Iterator[Gap]:
    if reader.shortest > sender.shortest:
        short = replace(sender, longest=lesser(sender.longest, reader.shortest - 1))
        message = f"minLength {sender.shortest} -> {reader.shortest}"
        yield from _window_gap("string.minLength-raised", message, short)
    if reader.longest is not None and (sender.longest is None or sender.longest > reader.longest):
        long = replace(sender, shortest=max(sender.shortest, reader.longest + 1))
        message = f"maxLength {'none' if sender.longest is None else sender.longest} -> {reader.longest}"
        yield from _window_gap("string.maxLength-lowered", message, long)


def _window_gap(rule: str, message: str, window: Text) -> Iterator[Gap]:
    if not window.patterns:
        yield Gap(rule, message, lambda build: build.texts(window), decided=not window.formats)
        return
    answer, _ = search(window.patterns, (), window.shortest, window.longest)
    if answer != "none":
        certain = answer == "some" and not window.formats
        yield Gap(rule, message, lambda build: build.texts(window), decided=certain)


def _pattern_gap(sender: Text, pattern: str) -> Iterator[Gap]:
    answer, _ = search(sender.languages, (pattern,), sender.shortest, sender.longest)
    if answer == "none":
        return
    before = " and ".join(sender.patterns) or "none"
    certain = answer == "some" and not sender.formats
    message = f"pattern {before} -> {pattern}"
    yield Gap("string.pattern", message, lambda build: build.texts(sender, (pattern,)), decided=certain)


def _format_gap(sender: Text, form: str) -> Iterator[Gap]:
    if form in UNCHECKABLE:
        return
    if form in REGULAR and search(sender.languages, (REGULAR[form],), sender.shortest, sender.longest)[0] == "none":
        return
    certain = form in FORMATS and not sender.patterns
    message = f"format {' and '.join(sender.formats) or 'none'} -> {form}"
    yield Gap("string.format", message, lambda build: build.texts(sender, without=form), decided=certain)
