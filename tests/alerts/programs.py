"""Prometheus' programs, which tests run for real where they are installed."""

import os
from shutil import which

import pytest

__all__ = ["find"]


def find(program: str) -> str:
    """Find a program of Prometheus; without it a test is skipped here, and fails in CI."""
    found = which(program)
    if found is None:
        missing = f"{program} is not installed: `apt-get install prometheus` brings the one that this test wants"
        pytest.fail(missing) if "CI" in os.environ else pytest.skip(missing)
    return found
