"""Where log lines leave the process: at once, or a moment later and many together, behind the requests they tell of."""

import sys
import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from time import sleep

__all__ = ["OUTLET", "Outlet"]

_PAUSE = 0.02  # seconds in which lines gather; who is killed loses those of his last ones
_MOST = 10_000  # lines that wait; whoever has one more writes them all, as everybody did who did not write behind


class Outlet:
    """A file for log lines in front of stdout, which may be slow: a pipe that nobody empties, a disk."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._is_behind = False
        self._news = threading.Event()
        self._turn = threading.Lock()

    def write(self, text: str) -> None:
        """Take some text, and keep its place in the order of all."""
        self._lines.append(text)
        if not self._is_behind or len(self._lines) > _MOST:
            self.flush()
        elif not self._news.is_set():
            self._news.set()

    def flush(self) -> None:
        """Write what waits, unless somebody does so soon."""
        if not self._is_behind or len(self._lines) > _MOST:
            self.empty()

    def empty(self) -> None:
        """Write all that waits, now."""
        with self._turn:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            sys.stdout.write("".join(lines))
            sys.stdout.flush()

    @contextmanager
    def behind(self) -> Generator[None]:
        """Let a thread write for as long as this lasts, and end with nothing unwritten."""
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
            sleep(_PAUSE)
            self._news.clear()
            self.empty()


OUTLET = Outlet()
"""Where all lines of this process go."""
