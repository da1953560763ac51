"""Texts that a schema asks for: of a format, of a length, in a language, or just not of a format."""

from collections.abc import Iterator

from contracts.compat.checks import has_format, matches
from contracts.compat.languages import members
from contracts.compat.shape import Text

_LONGEST = 50_000_000
_FORMATS: dict[str, tuple[str, ...]] = {
    "date-time": ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+02:00"),
    "date": ("2026-01-02", "2024-02-29"),
    "time": ("03:04:05Z",),
    "duration": ("P1D", "PT36H"),
    "uuid": ("6f1c1f5e-1f62-4f0c-9a51-3d0c4f1d7a11", "0190163d-8694-739b-aea5-966c26f8ad91"),
    "email": ("ada@example.com", "a.b+c@example.org"),
    "idn-email": ("ada@example.com",),
    "uri": ("https://example.com/x", "urn:isbn:0451450523"),
    "iri": ("https://example.com/x",),
    "uri-reference": ("/x", "https://example.com/x"),
    "iri-reference": ("/x",),
    "uri-template": ("/x/{id}",),
    "hostname": ("example.com", "localhost"),
    "ipv4": ("192.0.2.1", "192.0.2.255"),
    "ipv6": ("2001:db8::1", "::1"),
    "json-pointer": ("/x", ""),
    "relative-json-pointer": ("0/x",),
    "regex": ("a+",),
    "byte": ("YWJj",),
    "decimal": ("1.5",),
}
_STRETCHED = {
    "email": ("a", "@example.com"), "idn-email": ("a", "@example.com"), "uri": ("https://example.com/a", ""),
    "iri": ("https://example.com/a", ""), "uri-reference": ("/a", ""), "iri-reference": ("/a", ""),
    "date-time": ("2026-01-02T03:04:05.0", "Z"), "time": ("03:04:05.0", "Z"), "json-pointer": ("/a", ""),
    "regex": ("a", ""), "uri-template": ("/a", ""), "duration": ("P1", "D"),
}  # fmt: skip
_PLAIN = (
    "x", "", "1", "a b", "-", "A", "0", "true", "1.5", "x1", "_", "X-1", "a/b", "a.b", "%", ":", "é", "ß", "x@y",
    "not of this format", "[", "{", "2026-13-45", "999.1.1.1", "a" * 64,
)  # fmt: skip


def sample_texts(text: Text, excluded: tuple[str, ...] = (), without: str | None = None) -> Iterator[str]:
    """Give texts of the set that match none of the excluded patterns and lack the given format."""
    seen: set[str] = set()
    for value in _pool(text, excluded, without):
        if value in seen or value not in text or any(matches(pattern, value) for pattern in excluded):
            continue
        if without is None or not has_format(without, value):
            seen.add(value)
            yield value


def _pool(text: Text, excluded: tuple[str, ...], without: str | None) -> Iterator[str]:
    for form in text.formats:
        yield from _FORMATS.get(form, ())
        yield from _stretched(form, text)
    if text.patterns or excluded:
        yield from members(text.patterns, excluded, text.shortest, text.longest)
    if without is not None and without not in text.formats:
        yield f"not a {without}"
    for length in _lengths(text):
        yield "x" * length
    yield from _PLAIN
    for form in sorted(_FORMATS):
        yield from _FORMATS[form]


def _stretched(form: str, text: Text) -> Iterator[str]:
    before, after = _STRETCHED.get(form, ("", ""))
    for length in _lengths(text) if before else ():
        yield before + before[-1] * (length - len(before) - len(after)) + after
    if form == "hostname":
        yield from (".".join(["a" * 60] * 4)[:length].rstrip(".") for length in _lengths(text))
    if form == "email":
        yield from ("a" * 60 + "@" + ".".join(["b" * 60] * 3)[: length - 61].rstrip(".") for length in _lengths(text))


def _lengths(text: Text) -> Iterator[int]:
    if text.shortest <= _LONGEST:
        yield max(text.shortest, 1)
        yield text.shortest
        yield from (text.shortest + more for more in (1, 5) if text.shortest < _LONGEST)
    if text.longest is not None and text.longest <= _LONGEST:
        yield text.longest
