"""What Alembic runs for every migration of the orders service."""

from chassis.migrating import run_scripts

from orders.tables import metadata

run_scripts(metadata)
