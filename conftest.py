"""What every test of the repository shares: the event loop it runs on, and how hard Hypothesis looks."""

import os

import pytest
from hypothesis import settings

import chassis  # noqa: F401 # else pytest takes the folder `chassis/` for a package of that name
import contracts  # noqa: F401 # the same

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("fuzz", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev"))


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, as the services do."""
    return "asyncio"
