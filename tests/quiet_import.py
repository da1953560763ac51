"""Import the modules named as arguments, refuse any that reaches outside, and print all that came along."""

import importlib
import sys

REACHING_OUT = {"socket.bind", "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen"}


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Stop what opens a connection, a database or a process."""
    if event in REACHING_OUT:
        raise RuntimeError(f"importing a module should only define things; this one does {event}{arguments!r}")


if __name__ == "__main__":
    sys.addaudithook(refuse)
    for module in sys.argv[1:]:
        importlib.import_module(module)
    print(*sorted(sys.modules), sep="\n")
