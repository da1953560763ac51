"""What is counted of accounts."""

from chassis.telemetry.instruments import Label, counter

__all__ = ["INSTRUMENTS", "LOGINS"]

LOGINS = counter(
    "concord_logins_total",
    "Passwords that were tried for a token.",
    Label("outcome", "whether a token was given").of("done", "refused"),
)

INSTRUMENTS = (LOGINS,)
