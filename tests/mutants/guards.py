"""All guards that are taken away, one at a time."""

from .books import BOOKS
from .calls import CALLS
from .doors import DOORS
from .telling import TELLING

__all__ = ["MUTANTS"]

MUTANTS = (*BOOKS, *DOORS, *CALLS, *TELLING)
