"""Check that what this interpreter imports as ours comes from installed wheels, with all that belongs in them."""

import sysconfig
from importlib.resources import files
from pathlib import Path

INSTALLED = Path(sysconfig.get_path("purelib"))
SHIPPED = {
    "contracts": ["py.typed"],
    "chassis": ["py.typed", "static/swagger-ui/swagger-ui-bundle.js", "static/redoc/redoc.standalone.js"],
    "users": ["py.typed", "migrations/env.py"],
    "catalog": ["py.typed", "migrations/env.py"],
    "orders": ["py.typed", "migrations/env.py"],
}

if __name__ == "__main__":
    for package, names in SHIPPED.items():
        place = Path(str(files(package)))
        if place.parent != INSTALLED:
            raise SystemExit(f"{package}: wanted from a wheel in {INSTALLED}, found in {place}")
        if lost := [name for name in names if not (place / name).is_file()]:
            raise SystemExit(f"{package}: the wheel lacks {', '.join(lost)}; look at its [tool.hatch.build] table")
