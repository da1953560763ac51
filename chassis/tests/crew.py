"""Two workers and a helper, one of which ends as it is told, for the tests that look after them."""

import os
import signal
import sys
import time

from chassis.workers import Workers


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def stay(lifeline: int) -> None:
    say("there")
    signal.pause()


def fail(lifeline: int) -> None:
    say("failing")
    raise RuntimeError("this worker fails")


def end_late(lifeline: int) -> None:
    say("begun")
    time.sleep(1.1)


if __name__ == "__main__":
    sys.exit(Workers([stay, {"fail": fail, "late": end_late}[sys.argv[1]]], stay).run())
