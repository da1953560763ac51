"""What is installed and imported only where a setting asks for it: the libraries that send telemetry elsewhere."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from chassis.settings import InvalidSettings

__all__ = ["bring", "version_of"]


def bring(module: str, *, extra: str, setting: str) -> ModuleType:
    """Import a module of ours that needs an extra; raises InvalidSettings where that is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        raise InvalidSettings(
            f"{setting} wants the extra `{extra}`, and {missing.name} is not installed: "
            f"install concord-chassis[{extra}], or do not set {setting}."
        ) from None


def version_of(service: str) -> str:
    """Say which version of a service is installed."""
    try:
        return version(f"concord-{service}")
    except PackageNotFoundError:  # what tests put together is in no package
        return "unknown"
