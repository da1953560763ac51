"""What ends a benchmark early."""

__all__ = ["Failure"]


class Failure(SystemExit):
    """The benchmark cannot go on; as an exit it prints its message, not a traceback."""
