"""Mutants of what services tell those who operate them: not too much, not too often, and nothing that is secret."""

from .mutant import Mutant

__all__ = ["TELLING"]

_TELEMETRY = "chassis/src/chassis/telemetry"
_TRACING = "chassis/tests/test_tracing.py"
_OTLP = "chassis/tests/test_otlp.py"
_SENTRY = "chassis/tests/test_sentry.py"

TELLING = (
    Mutant(
        name="whoever begins a trace decides whether it is recorded",
        file="chassis/src/chassis/traces.py",
        old='        flags = int(caller["flags"], 16) & _KNOWN_FLAGS\n',
        new="        flags = _KNOWN_FLAGS\n",
        why="one service records what the others do not, and traces have holes",
        tests=(f"{_TRACING}::test_whoever_began_the_trace_has_decided_whether_it_is_recorded",),
    ),
    Mutant(
        name="a peer hears of the call that it serves",
        file="chassis/src/chassis/tracing.py",
        old="        with step(context) as trace, _span(",
        new="        trace = context.trace.step()\n        with _span(",
        why="the spans of a service hang beside the calls that they belong to",
        tests=(f"{_TRACING}::test_a_call_to_a_peer_is_a_span_and_the_peers_parent",),
    ),
    Mutant(
        name="spans that nobody takes are dropped",
        file=f"{_TELEMETRY}/otlp.py",
        old="            has_room = self._on_their_way < _WAITING\n",
        new="            has_room = True\n",
        why="spans are lost and nobody knows how many",
        tests=(f"{_OTLP}::test_too_many_spans_are_dropped_and_never_waited_for",),
    ),
    Mutant(
        name="what cannot be told is complained of once a minute",
        file=f"{_TELEMETRY}/losses.py",
        old="            if self._quiet_until is not None and now < self._quiet_until:\n",
        new="            if False:\n",
        why="a collector that is away fills the log",
        tests=(f"{_OTLP}::test_losses_are_told_once_a_minute_with_how_many_they_were",),
    ),
    Mutant(
        name="what an error says is withheld",
        file=f"{_TELEMETRY}/sentry.py",
        old=' if self._reveal else "(message withheld)"\n',
        new="\n",
        why="what a caller sent leaves the house with the error's message",
        tests=(f"{_SENTRY}::test_what_an_error_says_is_withheld_in_production_and_never_shows_secrets",),
    ),
    Mutant(
        name="variables stay at home",
        file=f"{_TELEMETRY}/sentry.py",
        old="            include_local_variables=False,\n",
        new="            include_local_variables=True,\n",
        why="passwords and tokens that functions were called with leave the house",
        tests=(f"{_SENTRY}::test_nothing_that_a_caller_sent_is_reported",),
    ),
    Mutant(
        name="a flood of errors is reported in part",
        file=f"{_TELEMETRY}/sentry.py",
        old="        return self._sent <= _A_SECOND\n",
        new="        return True\n",
        why="a service whose every request fails spends its time on reports",
        tests=(f"{_SENTRY}::test_errors_that_come_in_a_flood_are_reported_in_part",),
    ),
    Mutant(
        name="settings are told without their secrets",
        file="chassis/src/chassis/information.py",
        old="    if isinstance(value, SecretStr):\n        return MASK\n",
        new="    if isinstance(value, SecretStr):\n        return value.get_secret_value()\n",
        why="whoever reaches the operations port reads the secrets of the service",
        tests=("chassis/tests/test_operations.py::test_settings_are_told_without_their_secrets",),
    ),
    Mutant(
        name="what a process counted stays when it is gone",
        file=f"{_TELEMETRY}/merging.py",
        old="        if before and before.process != process:\n",
        new="        if False:\n",
        why="a worker that dies makes counters fall, and rates jump",
        tests=("chassis/tests/test_workers.py::test_of_a_process_that_is_gone_only_what_grows_is_kept",),
    ),
    Mutant(
        name="a figure that cannot be looked up hides no other",
        file=f"{_TELEMETRY}/metrics.py",
        old="    except Exception:  # noqa: BLE001 (such as a schema",
        new="    except StopIteration:  # noqa: BLE001 (such as a schema",
        why="one failing look leaves those who operate the service without any figure",
        tests=("chassis/tests/test_metrics.py::test_a_figure_that_cannot_be_looked_up_hides_no_other",),
    ),
    Mutant(
        name="only clients that are known are counted by name",
        file=f"{_TELEMETRY}/serving.py",
        old='client if client in self._clients else "other"',
        new="client",
        why="whoever calls himself something new each time fills the memory of all",
        tests=("chassis/tests/test_metrics.py::test_versions_that_retire_are_counted_for_each_client_that_is_known",),
    ),
)
