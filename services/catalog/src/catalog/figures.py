"""What is counted in the catalog."""

from chassis.telemetry.instruments import Label, counter

__all__ = ["INSTRUMENTS", "RESERVATIONS"]

RESERVATIONS = counter(
    "concord_reservations_total",
    "Reservations by what happened to them.",
    Label("outcome", "what happened").of("made", "refused", "committed", "released", "expired"),
)

INSTRUMENTS = (RESERVATIONS,)
