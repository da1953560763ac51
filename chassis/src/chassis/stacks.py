"""Where a process is at the moment: the stack of each task and of each thread, for whoever wonders why it hangs."""

import asyncio
import faulthandler
import traceback
from tempfile import TemporaryFile

__all__ = ["stacks"]


def stacks() -> str:
    """Write down every stack, without the values of variables."""
    tasks = sorted(asyncio.all_tasks(), key=lambda task: task.get_name())
    return "\n".join([*(_task(task) for task in tasks), _threads()])


def _task(task: asyncio.Task[object]) -> str:
    frames = [line for frame in task.get_stack() for line in traceback.format_stack(frame, limit=1)]
    return f"Task {task.get_name()}:\n{''.join(frames)}"


def _threads() -> str:
    with TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read()
