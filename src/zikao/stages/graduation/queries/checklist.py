"""What stands between a candidate and graduation, as a checklist: the audit's findings, met and unmet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zikao.foundation.regulation import Decision, Finding, NotInForce
from zikao.stages.candidates.models import Candidate
from zikao.stages.graduation.rules import AUDIT
from zikao.stages.records.queries import Progress, progress_of

MET = {
    "courses-missing": "计划规定的课程全部合格",
    "practical-missing": "实践性环节和毕业论文（设计）全部合格",
    "group-unmet": "选考课程达到计划要求",
    "credits-short": "学分达到计划要求：已得 {credits}，要求 {needed}",
    "courses-too-few": "合格门数达到计划要求",
    "exemption-invalid": "免考、课程替换符合规定",
    "passes-here-short": "转入后在本省合格的门数达到要求",
}


@dataclass(frozen=True)
class Check:
    """One line of the checklist: met or not, in words, with its clause and what to do."""

    ok: bool
    text: str
    remedy: str
    clause: str


@dataclass(frozen=True)
class Checklist:
    """The audit of one candidate, with how far they are in the plan."""

    progress: Progress
    decision: Decision

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every finding as a line."""
        return tuple(_check(finding) for finding in self.decision.findings)

    @property
    def granted(self) -> bool:
        """Whether the whole plan is fulfilled."""
        return self.decision.granted


def _check(finding: Finding) -> Check:
    if finding.ok:
        return Check(True, MET[finding.code].format(**finding.facts), "", finding.clause)
    return Check(False, finding.message, finding.remedy, finding.clause)


def checklist_of(candidate: Candidate, on: date) -> Checklist | None:
    """The audit of a candidate under the plan of their major; None where there is no plan or no law yet."""
    progress = progress_of(candidate, on)
    if progress is None:
        return None
    try:
        return Checklist(progress, AUDIT(on=on, plan=progress.fact, held=progress.held))
    except NotInForce:
        return None
