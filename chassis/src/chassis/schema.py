"""The schema of a service's database: brought up to date, by Alembic where there is anything to do.

Alembic takes a sixth of a service's start to load, nearly always to find that an SQLite file is as it should be; so
the file and the scripts are asked first, as text.
"""

import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from chassis.database import dialect_of, parse_url

__all__ = ["bring_up_to_date"]

_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_DOWN_REVISION = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


def bring_up_to_date(database_url: str, scripts: str) -> list[str]:
    """Apply what `users/migrations` has and the database has not, and return these revisions; see `migrating`."""
    url = parse_url(database_url)
    if dialect_of(url) == "sqlite" and _recorded(Path(str(url.database))) == _head(scripts):
        return []
    from chassis.migrating import migrate  # noqa: PLC0415 -- as said above

    return migrate(database_url, scripts)


def _recorded(file: Path) -> set[str]:
    """Read what Alembic has noted; nothing where there is no database yet."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return {revision for (revision,) in connection.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.Error:
        return set()


def _head(scripts: str) -> set[str]:
    """Find the last revision of `users/migrations`: the one on which none is built."""
    package, _, folder = scripts.partition("/")
    versions = files(package) / folder / "versions"
    texts = [script.read_text("utf-8") for script in versions.iterdir() if script.name.endswith(".py")]
    made = {revision for text in texts for revision in _REVISION.findall(text)}
    built_on = {revision for text in texts for revision in _DOWN_REVISION.findall(text)}
    return made - built_on
