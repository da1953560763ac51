"""Where log lines leave the process: at once, or a moment later and many together, behind the requests they tell of."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from time import sleep

__all__ = ["OUTLET", "Make", "Outlet"]

Make = Callable[[], str]
"""Makes the text of a line, when it is written; from what does not change any more."""


class Outlet:
    """A file for log lines in front of stdout, which may be slow: a pipe that nobody empties, a disk."""

    def __init__(self, pause: float = 0.02, most: int = 10_000) -> None:
        """Let lines gather for `pause` seconds, of which whoever is killed loses the last; `most` can wait.

        Who has one more than that writes them all, and takes the time that everybody took before.
        """
        self._pause = pause
        self._most = most
        self._lines: deque[str | Make] = deque()
        self._is_behind = False
        self._news = threading.Event()
        self._turn = threading.Lock()

    def write(self, text: str) -> None:
        """Take some text."""
        self.put(text)

    def put(self, line: str | Make) -> None:
        """Take text, or a line that is not text yet and whose end is put on here; it keeps its place among all."""
        self._lines.append(line)
        if not self._is_behind or len(self._lines) > self._most:
            self.empty()
        elif not self._news.is_set():
            self._news.set()

    def flush(self) -> None:
        """Do nothing, as `write` has done it or somebody does it soon."""

    def empty(self) -> None:
        """Write all that waits, now."""
        with self._turn:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            with suppress(OSError):  # nobody listens any more: the service goes on without its lines
                _print("".join(_text(line) for line in lines))

    @contextmanager
    def behind(self) -> Generator[None]:
        """Let a thread write for as long as this lasts, and leave nothing unwritten."""
        self._is_behind = True
        thread = threading.Thread(target=self._write_behind, name="log-lines", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_behind = False
            self._news.set()
            thread.join()
            self.empty()

    def _write_behind(self) -> None:
        while self._is_behind:
            self._news.wait()
            sleep(self._pause)
            self._news.clear()
            self.empty()


def _text(line: str | Make) -> str:
    if isinstance(line, str):
        return line
    try:
        return f"{line()}\n"
    except Exception as error:  # noqa: BLE001 (who writes the lines of all does not end of one)
        return f'{{"level":"error","event":"line_not_made","error":"{type(error).__name__}"}}\n'


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:  # stdout speaks less than Unicode, or the text is none
        encoding = sys.stdout.encoding
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


OUTLET = Outlet()
"""Where all lines of this process go."""
