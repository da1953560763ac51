"""Two workers and a helper, one of which ends as it is told, for the tests that look after them."""

import mmap
import os
import signal
import sys
import time

from chassis.logging import configure
from chassis.settings import ServiceSettings, load
from chassis.telemetry.reports import reporting
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


TRIES = mmap.mmap(-1, 1)  # which all processes share


def relapse(lifeline: int) -> None:
    TRIES[0] += 1
    if TRIES[0] == 1:
        end_late(lifeline)
    elif TRIES[0] == 2:
        say("cannot start")
        sys.exit(3)
    else:
        stay(lifeline)


def adopt() -> None:
    """Have a child that is no worker, as the first process of a container may, and that has ended."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


JOBS = {"fail": fail, "late": end_late, "adopt": stay, "relapse": relapse}

if __name__ == "__main__":
    how = sys.argv[1]
    with reporting(load(ServiceSettings), "crew") as report:
        configure("info", "json", "crew", reveal=True, report=report)
        if how == "adopt":
            adopt()
        sys.exit(Workers([stay, JOBS[how]], stay).run())
