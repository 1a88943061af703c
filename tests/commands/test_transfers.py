"""Transfers out by their commands: who may leave, with what, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import transfers as make
from tests.factories.actors import head
from tests.factories.archive import filed
from tests.factories.candidates import a_candidate, a_suspended_candidate, an_applicant
from tests.factories.collecting import hands_in
from tests.factories.programmes import the_peer
from tests.factories.records import a_record
from tests.factories.results import a_row, passed_everything, taken_over
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.exchange.models import Outbox
from zikao.foundation.ledger import lines_about
from zikao.foundation.ledger.models import Line
from zikao.stages.candidates.models import Candidate
from zikao.stages.records.models import Record
from zikao.stages.results import commands as results
from zikao.stages.results.states import HowObtained
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Transfer

pytestmark = pytest.mark.django_db
CLERK = make.CLERK
ELSEWHERE = replace(CLERK, agency_code="33")
SEPTEMBER = make.SEPTEMBER


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


def test_clerk_takes_in_an_application_and_the_number_names_both_provinces(at: datetime) -> None:
    transfer = make.an_application(at)
    assert transfer.number == f"3233202608{transfer.candidate.admission_number}"
    assert transfer.state == "applied"
    (line,) = lines_about(transfer)
    assert line.command == "transfers.applied"
    assert transfer.candidate.name not in str(line.facts)


def test_candidate_without_a_record_or_of_another_province_does_not_leave(at: datetime) -> None:
    candidate = a_candidate(at)
    with pytest.raises(NotFound, match="在籍"):
        commands.apply_to_leave(candidate_id=candidate.pk, by=CLERK, at=at, **make.ELSEWHERE)  # type: ignore[arg-type]
    a_record(at, candidate)
    with pytest.raises(NotFound):
        commands.apply_to_leave(candidate_id=candidate.pk, by=ELSEWHERE, at=at, **make.ELSEWHERE)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted):
        commands.apply_to_leave(candidate_id=candidate.pk, by=head(), at=at, **make.ELSEWHERE)  # type: ignore[arg-type]
    assert not Transfer.objects.exists()


def test_candidate_with_no_pass_at_the_destination_or_an_open_transfer_does_not_leave(at: datetime) -> None:
    candidate = a_candidate(at)
    with pytest.raises(Refused) as refusal:
        make.an_application(at, candidate, passes_at_destination=0)
    assert codes(refusal) == {"no-pass-at-destination"}
    commands.apply_to_leave(candidate_id=candidate.pk, by=CLERK, at=at, **make.ELSEWHERE)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refusal:
        commands.apply_to_leave(
            candidate_id=candidate.pk,
            by=CLERK,
            at=at,
            **{**make.ELSEWHERE, "destination": "34"},  # type: ignore[arg-type]
        )
    assert codes(refusal) == {"transfer-open-already"}
    assert Transfer.objects.count() == 1


def test_suspended_candidate_does_not_leave_until_the_suspension_ends(at: datetime) -> None:
    candidate = a_suspended_candidate(at, date(2027, 8, 20))
    with pytest.raises(Refused) as refusal:
        make.an_application(at, candidate)
    assert codes(refusal) == {"suspended-cannot-leave"}
    over = datetime(2027, 8, 20, 9, 0, tzinfo=at.tzinfo)
    assert commands.apply_to_leave(candidate_id=candidate.pk, by=CLERK, at=over, **make.ELSEWHERE).value  # type: ignore[arg-type]


def test_candidate_who_has_passed_the_whole_plan_graduates_here(at: datetime) -> None:
    candidate = a_candidate(at)
    passed_everything(at, candidate)
    commands_of_records(candidate, at)
    with pytest.raises(Refused) as refusal:
        commands.apply_to_leave(candidate_id=candidate.pk, by=CLERK, at=at, **make.ELSEWHERE)  # type: ignore[arg-type]
    assert codes(refusal) == {"graduate-here"}


def commands_of_records(candidate: Candidate, at: datetime) -> None:
    from zikao.stages.records.commands import open_record

    open_record(candidate_id=candidate.pk, by=CLERK, at=at)


def test_candidate_who_came_less_than_a_year_ago_does_not_leave(at: datetime) -> None:
    arrived = make.a_completed_one(at)
    soon = at + timedelta(days=364)
    with pytest.raises(Refused) as refusal:
        commands.apply_to_leave(candidate_id=arrived.candidate_id, by=CLERK, at=soon, **make.ELSEWHERE)  # type: ignore[arg-type]
    assert codes(refusal) == {"moved-in-lately"}
    year = at + timedelta(days=365)
    assert commands.apply_to_leave(candidate_id=arrived.candidate_id, by=CLERK, at=year, **make.ELSEWHERE).value  # type: ignore[arg-type]


def test_exempted_scores_theses_and_practical_parts_without_theory_stay(at: datetime) -> None:
    candidate = a_candidate(at, applicant=an_applicant(at, major_code="080901"))
    plan = candidate.major.plans.get()
    practice = plan.courses.filter(assess="practice", after__isnull=False).order_by("course__code")
    alone, both = practice[0], practice[1] if practice.count() > 1 else None
    thesis = plan.courses.filter(assess="thesis").first()
    rows = [
        a_row(candidate, "15040", 70),
        a_row(candidate, "15044", 70, how=HowObtained.EXEMPTION),
        a_row(candidate, alone.course.code, 70, how=HowObtained.PRACTICE),
    ]
    if both is not None:
        rows += [a_row(candidate, both.course.code, 70, how=HowObtained.PRACTICE)]
        rows += [a_row(candidate, both.after.code, 70)]
    if thesis is not None:
        rows += [a_row(candidate, thesis.course.code, 70, how=HowObtained.THESIS)]
    hands_in(at, make.HEAD)
    filed(results.take_over_scores(rows=rows, source="原考籍系统", evidence="e" * 64, by=make.HEAD, at=at).value, at)
    commands_of_records(candidate, at)
    applied = commands.apply_to_leave(candidate_id=candidate.pk, by=CLERK, at=at, **make.ELSEWHERE).value  # type: ignore[arg-type]
    done = commands.confirm_leaving(transfer_id=applied.pk, by=CLERK, at=at, **make.CONFIRMED).value
    moved = set(done.courses.values_list("course_code", flat=True))
    assert moved == {"15040"} | ({both.course.code, both.after.code} if both is not None else set())


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("identity_document", "confirm-identity-missing"),
        ("own_admission_card", "confirm-card-missing"),
        ("signed", "form-not-signed"),
    ],
)
def test_nothing_is_confirmed_without_papers_and_signature(missing: str, code: str, at: datetime) -> None:
    transfer = make.an_application(at)
    with pytest.raises(Refused) as refusal:
        commands.confirm_leaving(transfer_id=transfer.pk, by=CLERK, at=at, **{**make.CONFIRMED, missing: False})
    assert codes(refusal) == {code}
    transfer.refresh_from_db()
    assert (transfer.state, transfer.courses.count()) == ("applied", 0)


def test_file_is_uploaded_in_september_and_not_in_august(at: datetime) -> None:
    the_peer(at)
    transfer = make.a_confirmed_one(at)
    with pytest.raises(Refused) as refusal:
        commands.upload_file(transfer_id=transfer.pk, by=CLERK, at=at)
    assert codes(refusal) == {"not-an-exchange-month"}
    assert not Outbox.objects.exists()
    done = commands.upload_file(transfer_id=transfer.pk, by=CLERK, at=SEPTEMBER).value
    body = Outbox.objects.get(kind="transfers.file").body
    assert (done.state, done.file_digest) == ("uploaded", body["digest"])
    assert {score["course_code"] for score in body["file"]["scores"]} == {"00037", "15040"}
    assert Record.objects.get(candidate=transfer.candidate).state == "held"


def test_candidate_suspended_after_confirming_does_not_leave(at: datetime) -> None:
    from zikao.stages.candidates.commands import impose_suspension

    the_peer(at)
    transfer = make.a_confirmed_one(at)
    impose_suspension(
        candidate_id=transfer.candidate_id, since_on=date(2026, 9, 1), until_on=date(2027, 9, 1),
        reference="苏教考处〔2026〕9号", by=head(), at=at,
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        commands.upload_file(transfer_id=transfer.pk, by=CLERK, at=SEPTEMBER)
    assert codes(refusal) == {"suspended-cannot-leave"}
    assert not Outbox.objects.filter(kind="transfers.file").exists()


def test_score_passed_after_the_signature_is_not_in_the_file(at: datetime) -> None:
    the_peer(at)
    transfer = make.a_confirmed_one(at)
    taken_over(at, transfer.candidate, "15044")
    commands.upload_file(transfer_id=transfer.pk, by=CLERK, at=SEPTEMBER)
    scores = Outbox.objects.get(kind="transfers.file").body["file"]["scores"]
    assert {score["course_code"] for score in scores} == {"00037", "15040"}


def test_application_is_taken_back_before_the_upload_and_may_be_made_again(at: datetime) -> None:
    transfer = make.an_application(at)
    with pytest.raises(BadInput):
        commands.withdraw_application(transfer_id=transfer.pk, reason=" ", by=CLERK, at=at)
    commands.withdraw_application(transfer_id=transfer.pk, reason="不去了", by=CLERK, at=at)
    again = commands.apply_to_leave(candidate_id=transfer.candidate_id, by=CLERK, at=at, **make.ELSEWHERE).value  # type: ignore[arg-type]
    assert again.number == f"{transfer.number}-2"


OUT_ACTS: dict[str, Callable[[int, datetime], Any]] = {
    "confirm": lambda pk, at: commands.confirm_leaving(transfer_id=pk, by=CLERK, at=at, **make.CONFIRMED),
    "upload": lambda pk, at: commands.upload_file(transfer_id=pk, by=CLERK, at=SEPTEMBER),
    "withdraw": lambda pk, at: commands.withdraw_application(transfer_id=pk, reason="不去了", by=CLERK, at=at),
}
OUT_MAKERS = {"applied": make.an_application, "confirmed": make.a_confirmed_one, "uploaded": make.an_uploaded_one}


@pytest.mark.parametrize(
    ("state", "act", "allowed"),
    [
        ("applied", "confirm", True), ("applied", "upload", False), ("applied", "withdraw", True),
        ("confirmed", "confirm", False), ("confirmed", "upload", True), ("confirmed", "withdraw", True),
        ("uploaded", "confirm", False), ("uploaded", "upload", False), ("uploaded", "withdraw", False),
    ],
)  # fmt: skip
def test_each_state_of_a_transfer_out_allows_its_acts(state: str, act: str, allowed: bool, at: datetime) -> None:
    the_peer(at)
    transfer = OUT_MAKERS[state](at)
    lines = Line.objects.count()
    if allowed:
        OUT_ACTS[act](transfer.pk, at)
        return
    with pytest.raises(WrongState):
        OUT_ACTS[act](transfer.pk, at)
    assert Transfer.objects.get().state == state
    assert Line.objects.count() == lines
