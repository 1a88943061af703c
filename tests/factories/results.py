"""Scores: a sitting collected, approved, published; scores handed in from outside. All through their commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tests.factories.actors import PROVINCE
from tests.factories.approvals import sign_all, someone
from tests.factories.archive import OFFICER, PROVINCE_HEAD, RECORDS_HEAD, filed
from tests.factories.candidates import a_candidate
from tests.factories.collecting import hands_in, ready_to_collect
from tests.factories.marking import a_sat_paper
from tests.factories.personnel import a_person
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.models import Approval
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries.models import Entry
from zikao.stages.marking.models import Card, ScanBatch, Script, Total
from zikao.stages.programmes.models import Plan, Sitting
from zikao.stages.results import commands, queries
from zikao.stages.results.models import ChangeList, Correction, Publication, Score
from zikao.stages.results.states import HowObtained, ScoreRow, Standing
from zikao.stages.seating.models import Seat
from zikao.stages.violations.models import Case, VoidedEntry

RECORDS_CLERK = Actor("考籍管理员", Post.RECORDS_CLERK, PROVINCE, account_id=900_924)
EVIDENCE = "e" * 64
PAST = "2024-10"


def a_marked_sitting(at: datetime, totals: Sequence[int] = (75, 59, 60), absent: int = 1) -> Sitting:
    """A sitting with one paper in one room: those who came have these totals, the last did not come."""
    paper = a_sat_paper(at, people=len(totals) + absent, absent=absent)
    seats = Seat.objects.filter(paper=paper, attendance__present=True).order_by("number")
    for seat, total in zip(seats, totals, strict=True):
        a_total(at, seat, total)
    return paper.sitting


def a_total(at: datetime, seat: Seat, total: int) -> Total:
    """A seat's total with its card and script; marking itself has its own tests."""
    batch = ScanBatch.objects.filter(paper=seat.paper).first() or ScanBatch.objects.create(
        paper=seat.paper, number=1, count=1, digest="0" * 64, received_at=at, received_by=1, agency_code=PROVINCE
    )
    card = Card.objects.create(
        batch=batch, number=seat.number, paper=seat.paper, seat=seat, image=f"{seat.pk:064x}", state="read",
        agency_code=PROVINCE,
    )  # fmt: skip
    script = Script.objects.create(
        seat=seat, card=card, paper=seat.paper, code=f"M{seat.pk:08d}", opened_at=at, agency_code=PROVINCE
    )
    return Total.objects.create(
        seat=seat, script=script, objective=Decimal(total), subjective=Decimal(0), total=total, totalled_at=at,
        totalled_by=1, agency_code=PROVINCE,
    )  # fmt: skip


def a_voiding_decision(at: datetime, entry: Entry) -> VoidedEntry:
    """A decision that voids an entry's score; the way to it has its own tests."""
    case = Case.objects.create(
        candidate=entry.candidate, entry=entry, code="6-1", found_in="room", account_of_facts="夹带",
        told_candidate=True,
        first_recorder=a_person(at), second_recorder=a_person(at), recorded_at=at, agency_code=entry.area_code,
    )  # fmt: skip
    for facts in (
        {"state": "notified", "notified_at": at},
        {"state": "decided", "scope": "subject", "decision_number": "处〔2026〕1号", "decided_at": at},
    ):
        Case.objects.filter(pk=case.pk).update(**facts)
    return VoidedEntry.objects.create(case=case, entry=entry)


def collected(at: datetime, totals: Sequence[int] = (75, 59, 60)) -> Publication:
    """A sitting's scores collected."""
    sitting = a_marked_sitting(at, totals)
    ready_to_collect(at, sitting)
    return commands.collect_scores(sitting=sitting.code, by=OFFICER, at=at).value


def approved(at: datetime, totals: Sequence[int] = (75, 59, 60)) -> Publication:
    """A sitting's scores signed off."""
    return commands.approve_scores(sitting=collected(at, totals).sitting.code, by=RECORDS_HEAD, at=at).value


def archived(at: datetime, totals: Sequence[int] = (75, 59, 60)) -> Publication:
    """A sitting's scores filed in the archive, by a window of three segments."""
    publication = approved(at, totals)
    filed(queries.list_of(publication.sitting), at)
    publication.refresh_from_db()
    return publication


def published(at: datetime, totals: Sequence[int] = (75, 59, 60)) -> Publication:
    """A sitting's scores published."""
    return commands.publish_results(sitting=archived(at, totals).sitting.code, by=PROVINCE_HEAD, at=at).value


def a_row(candidate: Candidate, course_code: str, value: int | None = 70, **more: object) -> ScoreRow:
    """A row of a list handed in."""
    facts: dict[str, object] = {"sitting_label": PAST, "how": HowObtained.WRITTEN, "value": value, **more}
    return ScoreRow(candidate.admission_number, course_code, **facts)  # type: ignore[arg-type]


def handed_in(at: datetime, rows: Sequence[ScoreRow]) -> ChangeList:
    """A list of an earlier system, signed and filed."""
    hands_in(at, RECORDS_HEAD)
    taken = commands.take_over_scores(rows=rows, source="原考籍系统", evidence=EVIDENCE, by=RECORDS_HEAD, at=at)
    return filed(taken.value, at)


def taken_over(at: datetime, candidate: Candidate, *course_codes: str, value: int = 70) -> list[Score]:
    """Scores of an earlier system."""
    rows = [a_row(candidate, code, value) for code in course_codes]
    handed_in(at, rows)
    return list(Score.objects.filter(candidate=candidate).order_by("course__code"))


def passed_everything(at: datetime, candidate: Candidate, *without: str) -> Plan:
    """Every course of the candidate's plan passed but those named: written ones taken over, others assessed."""
    plan = Plan.objects.get(major=candidate.major)
    ways = {"written": HowObtained.WRITTEN, "practice": HowObtained.PRACTICE, "thesis": HowObtained.THESIS}
    rows = [
        a_row(candidate, each.course.code, 80, how=ways[each.assess])
        for each in plan.courses.select_related("course")
        if each.course.code not in without
    ]
    handed_in(at, rows)
    return plan


def a_correction(at: datetime, value: int | None = 59, **more: object) -> Correction:
    """A filed pass of 70 proposed to be corrected; its chain is not signed."""
    score = taken_over(at, a_candidate(at), "00037")[0]
    facts: dict[str, object] = {
        "standing": Standing.VALID, "value": value, "grade": "", "reason": "合分时漏计一题", "evidence": b"%PDF-",
        "evidence_type": "application/pdf", **more,
    }  # fmt: skip
    by = someone(Post.RECORDS_CLERK, PROVINCE, at)
    return commands.propose_correction(score_id=score.pk, by=by, at=at, **facts).value  # type: ignore[arg-type]


def corrected(at: datetime, correction: Correction) -> Correction:
    """Signed level by level, and filed by three segments."""
    sign_all(Approval.objects.get(pk=correction.approval_id), at)
    filed(ChangeList.objects.get(pk=correction.list_id), at)
    correction.refresh_from_db()
    return correction
