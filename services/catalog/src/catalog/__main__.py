"""`python -m catalog`: serve, or do a chore of the catalog service."""

from functools import partial

from chassis.commands import Program, run
from chassis.publishing import publish
from chassis.schema import bring_up_to_date

from catalog.app import ROUTERS, build
from catalog.settings import Settings

__all__ = ["PROGRAM"]

PROGRAM = Program(
    name="catalog",
    settings=Settings,
    app=build,
    migrate=lambda settings: bring_up_to_date(settings.database_url.get_secret_value(), "catalog/migrations"),
    documents={router.api.version: partial(publish, router) for router in ROUTERS},
)

if __name__ == "__main__":
    run(PROGRAM)
