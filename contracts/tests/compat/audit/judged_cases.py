"""Cases that somebody else has judged: where we agree, and whose each disagreement is."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from contracts.compat.comparing import compare
from contracts.compat.document import Document
from contracts.compat.findings import Report
from contracts.compat.values import Node, mapping
from outside import confirmed
from run import Tally, Trial, counterexample

Whose = Literal["agreed", "theirs", "policy", "ours"]
_PAYLOADS = 200


@dataclass
class Agreement:
    """How many breaking and other cases there are, and whose the disagreements are."""

    breaking: Counter[Whose] = field(default_factory=Counter[Whose])
    others: Counter[Whose] = field(default_factory=Counter[Whose])
    lines: list[str] = field(default_factory=list[str])

    @property
    def recall(self) -> float:
        """Give the share found of what breaks by logic; where no payload shows anything there is nothing to find."""
        known = self.breaking["agreed"] + self.breaking["ours"]
        return self.breaking["agreed"] / known if known else 1.0

    @property
    def alarms(self) -> float:
        """Give the share of false alarms once policy, and what a payload proves, is set aside."""
        known = self.others["agreed"] + self.others["ours"]
        return self.others["ours"] / known if known else 0.0

    def hear(self, case: Node) -> None:
        """Judge one case and compare."""
        base, revision = (Document.checked(mapping(case[side]), side) for side in ("base", "revision"))
        report, breaks = compare(base, revision), case["verdict"] == "breaking"
        whose: Whose = "agreed"
        if breaks and report.verdict == "safe":
            trial = Trial("", base, revision, None, _PAYLOADS, 0)
            whose = "ours" if counterexample(trial, Tally()) else "theirs"
        elif not breaks and report.verdict != "safe":
            whose = _alarm(base, revision, report)
        (self.breaking if breaks else self.others)[whose] += 1
        if whose != "agreed":
            self.lines.append(f"case {case['case']}: {case['verdict']} for them, {report.verdict} for us: {whose}")


def _alarm(base: Document, revision: Document, report: Report) -> Whose:
    """Say whose an alarm is: a payload that proves it makes it theirs; who may call, and what is gone, is policy."""
    proofs = [finding for finding in report.findings if finding.verdict == "breaking"]
    payloads = [finding.model_dump(mode="json") for finding in proofs if finding.source == "schema"]
    if any(confirmed(base.raw, revision.raw, finding) for finding in payloads):
        return "theirs"
    return "policy" if proofs and not payloads else "ours"
