"""What stands between a candidate and graduation, as a checklist: the audit's findings, met and unmet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    "passes-here-short": "转入的，在本省合格的门数达到要求（没有转入的不适用）",
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
        required = self.progress.required
        names = {course.code: f"{course.name}（{course.code}）" for course in required}
        return tuple(_check(_named(finding, names)) for finding in self.decision.findings)

    @property
    def granted(self) -> bool:
        """Whether the whole plan is fulfilled."""
        return self.decision.granted


def _named(finding: Finding, names: Mapping[str, str]) -> Finding:
    """The finding with courses by name: people know their courses, not the codes."""
    if finding.ok or finding.code not in {"courses-missing", "practical-missing"}:
        return finding
    codes = str(finding.facts["courses"]).split("、")
    return replace(finding, facts={"courses": "、".join(names.get(code, code) for code in codes)})


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
