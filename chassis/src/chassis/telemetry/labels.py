"""Labels that several instruments have."""

from functools import cache
from typing import Any

from contracts.operation import Operation

from chassis.telemetry.instruments import Label

__all__ = ["OPERATION", "operation_label"]

OPERATION = Label("operation", "the contract's name, as `orders.v2.get_order`; `none` where no operation answered")


@cache
def operation_label(op: Operation[..., Any]) -> str:
    """Name an operation so that no other service has one of this name."""
    return f"{op.api.service}.{op.api.version}.{op.name}"
