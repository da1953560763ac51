"""What Alembic runs for every migration of the users service."""

from chassis.migrating import run_scripts

from users.tables import metadata

run_scripts(metadata)
