"""Lets Alembic run the catalog's migrations."""

from chassis.migrating import run_scripts

from catalog.tables import metadata

run_scripts(metadata)
