"""Why a command of the toolchain ends early: it cannot run, which is no finding of its own."""

__all__ = ["ToolError"]


class ToolError(Exception):
    """A command cannot run; the message says what was wanted, what was found, and what to do."""
