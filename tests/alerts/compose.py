"""A stand-in for Compose, so that the commands of the runbooks can be followed on services that run without it."""

import os
import stat
import sys
from pathlib import Path

from demo.shop import Shop

__all__ = ["install"]

_PROGRAM = """#!{python}
import os, sys

FOLDER, PIDS = {folder!r}, {pids!r}
OTHERS = ("database", "limits", "edge")

verb, *rest = [word for word in sys.argv[1:] if not word.startswith("-")]
if verb == "ps" and not rest:
    print(PIDS)
elif verb == "logs" and rest[0] in PIDS:
    print(open(f"{{FOLDER}}/{{rest[0]}}.log").read())
elif verb == "logs" and rest[0] in OTHERS:
    print("nothing")
elif verb == "exec":
    words = sys.argv[2:]
    words.remove("-T")
    service, *command = words
    pairs = open(f"/proc/{{PIDS[service]}}/environ").read().split("\\0")
    environment = dict(pair.split("=", 1) for pair in pairs if pair)
    os.execvpe(command[0], command, {{**environment, "PATH": os.environ["PATH"]}})
else:
    sys.exit(f"no runbook should want this here: {{sys.argv[1:]}}")
"""


def install(folder: Path, shop: Shop) -> dict[str, str]:
    """Make a `docker-compose` that acts on these services; return the environment in which it is found."""
    pids = {name: service.pid for name, service in shop.services.items()}
    log = next(iter(shop.services.values())).log.file.parent
    program = folder / "docker-compose"
    program.write_text(_PROGRAM.format(python=sys.executable, folder=str(log), pids=pids))
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return {**os.environ, "PATH": os.pathsep.join((str(folder), str(Path(sys.executable).parent), os.environ["PATH"]))}
