"""Regular expressions of JSON Schema (ECMA-262, searching) as syntax trees; what is not regular is refused."""

from contracts.compat.syntax import Anchor, Chain, Chars, Choice, Ranges, Repeat, Syntax, complement

_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 13), (32, 32), (160, 160), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
                  (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF))  # fmt: skip
_LINES: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0}
_MOST_REPEATS = 2_000


class Irregular(Exception):
    """Something that no finite automaton can say, or that this reader does not know."""


def parse_regex(pattern: str) -> Syntax:
    """Read a pattern, or raise Irregular."""
    return _Parser(pattern).whole()


class _Parser:
    def __init__(self, pattern: str) -> None:
        self._pattern, self._at = pattern, 0

    def whole(self) -> Syntax:
        made = self._choice()
        if self._at < len(self._pattern):
            raise Irregular(self._pattern)
        return made

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._pattern[at] if at < len(self._pattern) else ""

    def _take(self) -> str:
        taken = self._peek()
        if not taken:
            raise Irregular(self._pattern)
        self._at += 1
        return taken

    def _skip(self, expected: str) -> bool:
        if not self._pattern.startswith(expected, self._at):
            return False
        self._at += len(expected)
        return True

    def _choice(self) -> Syntax:
        branches = [self._chain()]
        while self._skip("|"):
            branches.append(self._chain())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _chain(self) -> Syntax:
        parts: list[Syntax] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return Chain(tuple(parts))

    def _repeated(self, part: Syntax) -> Syntax:
        bounds = self._bounds()
        while bounds is not None:
            if isinstance(part, Anchor):
                raise Irregular(self._pattern)
            part = Repeat(part, *bounds)
            self._skip("?")  # a lazy repeat matches the same texts
            if self._peek() == "+":
                raise Irregular(self._pattern)
            bounds = self._bounds()
        return part

    def _bounds(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self._peek() in simple:
            return simple[self._take()]
        end = self._pattern.find("}", self._at)
        if self._peek() != "{" or end < 0:
            return None
        fewest, comma, most = self._pattern[self._at + 1 : end].partition(",")
        if not fewest.isascii() or not fewest.isdigit() or not (most == "" or most.isdigit()):
            raise Irregular(self._pattern)
        self._at = end + 1
        bounds = int(fewest), int(most) if most else None if comma else int(fewest)
        if max(bounds[0], bounds[1] or 0) > _MOST_REPEATS:
            raise Irregular(self._pattern)
        return bounds

    def _atom(self) -> Syntax:
        taken = self._take()
        match taken:
            case "(":
                return self._group()
            case "[":
                return Chars(self._set())
            case ".":
                return Chars(complement(_LINES))
            case "^" | "$":
                return Anchor(end=taken == "$")
            case "\\":
                return Chars(self._escape())
            case "*" | "+" | "?":
                raise Irregular(self._pattern)
            case _:
                return Chars(((ord(taken), ord(taken)),))

    def _group(self) -> Syntax:
        if self._peek() == "?" and not self._skip("?:"):
            raise Irregular(self._pattern)
        made = self._choice()
        if not self._skip(")"):
            raise Irregular(self._pattern)
        return made

    def _escape(self) -> Ranges:
        taken = self._take()
        if taken.lower() in _CLASSES:
            ranges = _CLASSES[taken.lower()]
            return ranges if taken.islower() else complement(ranges)
        if taken in {"x", "u"}:
            return self._code(2 if taken == "x" else 4)
        if taken in _CONTROLS:
            return ((_CONTROLS[taken], _CONTROLS[taken]),)
        if taken.isalnum():
            raise Irregular(self._pattern)
        return ((ord(taken), ord(taken)),)

    def _code(self, digits: int) -> Ranges:
        try:
            code = int(self._pattern[self._at : self._at + digits], 16)
        except ValueError:
            raise Irregular(self._pattern) from None
        self._at += digits
        return ((code, code),)

    def _set(self) -> Ranges:
        negated = self._skip("^")
        ranges: list[tuple[int, int]] = []
        while not self._skip("]"):
            first = self._member()
            if self._peek() == "-" and self._peek(1) not in {"]", ""} and len(first) == 1:
                self._at += 1
                last = self._member()
                if len(last) != 1 or first[0][0] > last[0][1]:
                    raise Irregular(self._pattern)
                ranges.append((first[0][0], last[0][1]))
            else:
                ranges += first
        return complement(tuple(ranges)) if negated else tuple(ranges)

    def _member(self) -> Ranges:
        taken = self._take()
        if taken == "\\":
            return ((8, 8),) if self._skip("b") else self._escape()
        if taken == "[" and self._peek() == ":":
            raise Irregular(self._pattern)
        return ((ord(taken), ord(taken)),)
