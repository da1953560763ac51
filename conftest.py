"""What every test of the repository shares: the event loop it runs on, and how hard Hypothesis looks."""

import os
from importlib import import_module

import pytest
import structlog
from hypothesis import settings

for package in ("contracts", "chassis"):  # now, or pytest takes the folders of these names for the packages
    import_module(package)

structlog.configure(  # its default draws each traceback in colours, which takes seconds
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
)

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("fuzz", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev"))


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, as the services do."""
    return "asyncio"
