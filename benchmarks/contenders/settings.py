"""What the benchmark tells a contender."""

import os
from pathlib import Path

__all__ = [
    "async_database_url",
    "database_url",
    "expected_order",
    "public_keys",
    "sync_database_url",
    "url_of",
]


def database_url(driver: str = "") -> str:
    """Name the database, with the driver of this name where SQLAlchemy is to use it."""
    url = os.environ["BENCH_DATABASE_URL"]
    scheme, _, rest = url.partition("://")
    return f"{scheme}+{driver}://{rest}" if driver else url


def async_database_url() -> str:
    """Name the database for SQLAlchemy's asyncio extension."""
    return database_url("asyncpg" if database_url().startswith("postgresql") else "aiosqlite")


def sync_database_url() -> str:
    """Name the database for plain SQLAlchemy."""
    url = database_url("psycopg" if database_url().startswith("postgresql") else "")
    return url.replace("?ssl=disable", "?sslmode=disable")  # asyncpg's word for it, and libpq's


def expected_order() -> bytes:
    """Read the answer that is to be given."""
    return Path(os.environ["BENCH_ORDER"]).read_bytes()


def public_keys() -> str:
    """Read the keys that check tokens, as JSON."""
    return Path(os.environ["BENCH_KEYS"]).read_text()


def url_of(service: str) -> str:
    """Say where another service of the contender's shop is."""
    return os.environ[f"BENCH_{service.upper()}_URL"]
