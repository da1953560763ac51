"""The command `contracts` as it is installed, with or without what its tools need."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run a command; where the tools were not installed, say how they are, and exit 2."""
    try:
        from contracts.tools.cli import main as run  # noqa: PLC0415 -- may be missing what it needs
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "contracts":
            raise
        said = f"contracts: wanted `{missing.name}`, which its tools need, and found it not installed"
        print(f'{said}; run `pip install "concord-contracts[tools]"`', file=sys.stderr)
        sys.exit(2)
    run()
