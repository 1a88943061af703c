"""One candidate moves from Jiangsu to Zhejiang over the platform: some scores as they are, one by substitution."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zikao.foundation.clock import local_day
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands as candidates
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import Applicant
from zikao.stages.entries import commands as entries
from zikao.stages.entries.models import Entry
from zikao.stages.programmes.models import Paper
from zikao.stages.results import commands as results
from zikao.stages.results.models import ChangeList
from zikao.stages.results.states import HowObtained, ListKind, ScoreRow
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import Direction, TransferState
from zikao.world import people
from zikao.world.calendar import (
    ENTERING,
    PAYING,
    REGISTRATION,
    SITTING,
    TRANSFER_APPLIED,
    TRANSFER_COMPLETED,
    TRANSFER_UPLOADED,
)
from zikao.world.life.archiving import file_scores
from zikao.world.life.collecting import RECEIVERS, part, receive
from zikao.world.life.context import MOVER_NAME, Life
from zikao.world.life.entering import as_candidate
from zikao.world.password import PASSWORD

ORIGIN, DESTINATION = "32", "33"
MOVER = 4_000_000
MAJOR, COURSE_THERE = "120402", "15043"
PASSED_AT_ORIGIN = (("15040", 78), ("15044", 71), ("03954", 82), ("13683", 75))
SUBSTITUTION = ("13683", "07816")
"""Passed at the origin, not in the plan at the destination; counts there as 公共行政学 by a published rule."""


def mover(life: Life) -> Applicant:
    """The candidate who moves: the same person in both provinces."""
    fee = int(parameter("registration-fee").on(local_day(REGISTRATION), province=life.root))
    (who,) = people.people(1, seed=life.seed, major_codes=[MAJOR], fee_fen=fee, first=MOVER)
    return replace(who, name=MOVER_NAME, major_code=MAJOR)


def register_mover(life: Life) -> dict[str, str]:
    """Registered in both; with earlier scores at the origin, with one course entered at the destination."""
    county = life.counties[0]
    registered = candidates.register_candidate(
        applicant=mover(life),
        county_code=county,
        sitting_code=SITTING,
        rules_accepted=True,
        candidate_password=PASSWORD,
        by=life.who(f"county-{county}", REGISTRATION),
        at=REGISTRATION,
    ).value
    if life.root == ORIGIN:
        _bring_scores(life, registered)
        return {"mover_at_origin": registered.admission_number}
    return {"mover_at_destination": registered.admission_number}


def _bring_scores(life: Life, registered: Candidate) -> None:
    rows = [
        ScoreRow(registered.admission_number, code, "2025-10", HowObtained.WRITTEN, value=value)
        for code, value in PASSED_AT_ORIGIN
    ]
    evidence = sm3(canonical([row.course_code for row in rows])).hex()
    session = receive(life)
    taken = results.take_over_scores(
        rows=rows,
        source="原考籍系统迁移",
        evidence=evidence,
        by=life.who("records-head", REGISTRATION),
        at=REGISTRATION,
    )
    part(life, session, RECEIVERS[0], REGISTRATION)
    file_scores(life, taken.value, REGISTRATION)


def enter_at_destination(life: Life) -> None:
    """The mover enters one course in the new province and pays, as candidates do."""
    if life.root != DESTINATION:
        return
    candidate = Candidate.objects.get(name=MOVER_NAME)
    paper = Paper.objects.get(sitting__code=SITTING, course__code=COURSE_THERE)
    entries.enter_courses(
        candidate_id=candidate.pk,
        sitting_code=SITTING,
        paper_ids=[paper.pk],
        area_code=candidate.agency_code[:4],
        accepts_pledge=True,
        by=as_candidate(candidate),
        at=ENTERING,
    )
    due = sum(Entry.objects.filter(candidate=candidate).values_list("fee_fen", flat=True))
    entries.record_payment(
        candidate_id=candidate.pk,
        sitting_code=SITTING,
        order_number=f"{life.root}-mover",
        amount_fen=due,
        by=life.who("clerk", PAYING),
        at=PAYING,
    )


def apply_to_leave(life: Life, facts: dict[str, str]) -> None:
    """At the origin: applied, confirmed in person. At the destination: the substitution is published."""
    if life.root == DESTINATION:
        commands.publish_substitution(
            from_course_code=SUBSTITUTION[0],
            to_course_code=SUBSTITUTION[1],
            since_on=date(2026, 1, 1),
            document="浙教考自〔2026〕5号",
            by=life.who("records-head", TRANSFER_APPLIED),
            at=TRANSFER_APPLIED,
        )
        return
    clerk = life.who("records-clerk", TRANSFER_APPLIED)
    candidate = Candidate.objects.get(admission_number=facts["mover_at_origin"])
    transfer = commands.apply_to_leave(
        candidate_id=candidate.pk,
        destination=DESTINATION,
        destination_admission_number=facts["mover_at_destination"],
        destination_major=MAJOR,
        passes_at_destination=1,
        reason="工作调动",
        by=clerk,
        at=TRANSFER_APPLIED,
    ).value
    commands.confirm_leaving(
        transfer_id=transfer.pk,
        identity_document=True,
        own_admission_card=True,
        signed=True,
        by=clerk,
        at=TRANSFER_APPLIED,
    )


def upload(life: Life) -> None:
    """In March the origin uploads the file."""
    if life.root == ORIGIN:
        transfer = Transfer.objects.get(direction=Direction.OUT)
        by = life.who("records-clerk", TRANSFER_UPLOADED)
        commands.upload_file(transfer_id=transfer.pk, by=by, at=TRANSFER_UPLOADED)


def complete(life: Life) -> None:
    """The destination reviews and completes; the origin waits for the outcome."""
    if life.root == ORIGIN:
        done = Transfer.objects.filter(direction=Direction.OUT, state=TransferState.COMPLETED)
        life.wait_for("转考结果", done.exists)
        return
    arrived = Transfer.objects.filter(direction=Direction.IN)
    life.wait_for("转考电子档案", arrived.exists)
    clerk = life.who("records-clerk", TRANSFER_COMPLETED)
    transfer = arrived.get()
    commands.review_file(transfer_id=transfer.pk, by=clerk, at=TRANSFER_COMPLETED)
    commands.complete_transfer(
        transfer_id=transfer.pk,
        identity_document=True,
        own_admission_card=True,
        signed=True,
        by=clerk,
        at=TRANSFER_COMPLETED,
    )
    file_scores(life, ChangeList.objects.get(kind=ListKind.TRANSFER), TRANSFER_COMPLETED)
