"""Transfers by their commands: out, in, over the platform; and what is not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import transfers as make
from tests.factories.actors import clerk, head
from tests.factories.agencies import a_county
from tests.factories.candidates import a_candidate, a_suspended_candidate, an_applicant
from tests.factories.nodes import CENTRE, HERE, THERE, Nodes
from tests.factories.programmes import the_peer
from tests.factories.records import a_record
from tests.factories.results import a_row, passed_everything, taken_over
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.exchange.models import Outbox
from zikao.foundation.ledger import lines_about
from zikao.foundation.ledger.models import Line
from zikao.national.models import TransferFile
from zikao.stages.candidates.models import Candidate
from zikao.stages.records.models import Record
from zikao.stages.results import commands as results
from zikao.stages.results.models import Score
from zikao.stages.results.states import HowObtained
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import TransferState

pytestmark = pytest.mark.django_db
CLERK = make.CLERK
ELSEWHERE = replace(CLERK, agency_code="33")
SEPTEMBER = make.SEPTEMBER


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


# leaving


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
    results.take_over_scores(rows=rows, source="原考籍系统", evidence="e" * 64, by=make.HEAD, at=at)
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
    assert not Outbox.objects.exists()


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


# arriving


def test_received_file_waits_with_its_courses(at: datetime) -> None:
    transfer = make.a_received_one(at)
    assert (transfer.state, transfer.direction, transfer.counterpart) == ("received", "in", "33")
    assert set(transfer.courses.values_list("course_code", "way")) == {("00037", ""), ("08888", ""), ("09999", "")}


def changed(**more: object) -> Callable[[Any], Any]:
    return lambda file: replace(file, **more)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (changed(name="别人"), "file-of-another-person"),
        (changed(id_number="330203199001010019"), "file-of-another-person"),
        (changed(scores=()), "file-without-scores"),
    ],
)
def test_file_that_breaks_a_rule_is_refused_with_its_clause(change: Any, code: str, at: datetime) -> None:
    file = change(make.a_file(make.somebody_arriving(at), "00037"))
    with pytest.raises(Refused) as refusal:
        commands.receive_file(file=file, digest=make.digest_of(file), by=make.INBOX, at=at)
    assert codes(refusal) == {code}
    assert refusal.value.clause == "SR-A2.4.1"
    assert not Transfer.objects.exists()


def test_file_with_an_exempted_score_is_refused(at: datetime) -> None:
    file = make.a_file(make.somebody_arriving(at), "00037", "15040")
    file = replace(file, scores=(file.scores[0], replace(file.scores[1], how="exemption")))
    with pytest.raises(Refused) as refusal:
        commands.receive_file(file=file, digest=make.digest_of(file), by=make.INBOX, at=at)
    assert (codes(refusal), refusal.value.clause) == ({"file-with-exempted-scores"}, "SR-A2.3.5")


def test_file_of_a_candidate_without_a_pass_here_is_refused(at: datetime) -> None:
    file = make.a_file(a_candidate(at), "00037")
    with pytest.raises(Refused) as refusal:
        commands.receive_file(file=file, digest=make.digest_of(file), by=make.INBOX, at=at)
    assert codes(refusal) == {"no-pass-here"}


def test_file_with_another_digest_or_of_nobody_is_not_taken(at: datetime) -> None:
    file = make.a_file(make.somebody_arriving(at), "00037")
    with pytest.raises(BadInput, match="摘要"):
        commands.receive_file(file=file, digest="0" * 64, by=make.INBOX, at=at)
    nobody = replace(file, destination_admission_number="999999999999")
    with pytest.raises(NotFound):
        commands.receive_file(file=nobody, digest=make.digest_of(nobody), by=make.INBOX, at=at)
    with pytest.raises(NotPermitted):
        commands.receive_file(file=file, digest=make.digest_of(file), by=CLERK, at=at)
    assert not Transfer.objects.exists()


def test_review_sets_each_courses_way_by_plan_and_published_substitution(at: datetime) -> None:
    ways = make.a_reviewed_one(at).courses.values_list("course_code", "way", "counts_as__code")
    assert set(ways) == {("00037", "original", "00037"), ("08888", "none", None), ("09999", "substitution", "00540")}


def test_completed_transfer_counts_its_scores_here_once_and_tells_the_platform(at: datetime) -> None:
    transfer = make.a_completed_one(at)
    moved = Score.objects.filter(candidate=transfer.candidate, how="transfer").order_by("course__code")
    assert [(score.course.code, score.value, score.passed) for score in moved] == [
        ("00037", 71, True),
        ("00540", 71, True),
    ]
    assert all(score.evidence == transfer.file_digest for score in moved)
    assert Record.objects.get(candidate=transfer.candidate).state == "held"
    body = Outbox.objects.get(kind="transfers.outcome-uploaded").body
    assert body == {"number": transfer.number, "completed": True, "code": "", "reason": ""}


def test_course_passed_here_already_is_not_counted_again(at: datetime) -> None:
    transfer = make.a_received_one(at, "00538", "00037")
    commands.review_file(transfer_id=transfer.pk, by=CLERK, at=at)
    commands.complete_transfer(transfer_id=transfer.pk, by=CLERK, at=at, **make.CONFIRMED)
    scores = Score.objects.filter(candidate=transfer.candidate)
    assert sorted(scores.values_list("course__code", "how")) == [("00037", "transfer"), ("00538", "written")]


def test_nothing_counts_here_before_the_candidate_has_signed(at: datetime) -> None:
    transfer = make.a_reviewed_one(at)
    with pytest.raises(Refused) as refusal:
        commands.complete_transfer(transfer_id=transfer.pk, by=CLERK, at=at, **{**make.CONFIRMED, "signed": False})
    assert codes(refusal) == {"form-not-signed"}
    assert not Score.objects.filter(how="transfer").exists()
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("code", ["", "SR-A2.9", "SR-A2.5", "不合适"])
def test_file_is_not_refused_without_a_rule_that_it_breaks(code: str, at: datetime) -> None:
    transfer = make.a_received_one(at)
    with pytest.raises(BadInput) as refusal:
        commands.refuse_file(transfer_id=transfer.pk, code=code, reason="不想收", by=CLERK, at=at)
    assert refusal.value.clause == "SR-A2.4.5"
    transfer.refresh_from_db()
    assert transfer.state == "received"


IN_ACTS: dict[str, Callable[[int, datetime], Any]] = {
    "review": lambda pk, at: commands.review_file(transfer_id=pk, by=CLERK, at=at),
    "complete": lambda pk, at: commands.complete_transfer(transfer_id=pk, by=CLERK, at=at, **make.CONFIRMED),
    "refuse": lambda pk, at: commands.refuse_file(transfer_id=pk, code="SR-A2.4.4", reason="未到场", by=CLERK, at=at),
    "form": lambda pk, at: commands.issue_form(transfer_id=pk, by=CLERK, at=at),
}
IN_MAKERS = {"received": make.a_received_one, "reviewed": make.a_reviewed_one, "completed": make.a_completed_one}


@pytest.mark.parametrize(
    ("state", "act", "allowed"),
    [
        ("received", "review", True), ("received", "complete", False), ("received", "refuse", True),
        ("received", "form", False),
        ("reviewed", "review", False), ("reviewed", "complete", True), ("reviewed", "refuse", True),
        ("reviewed", "form", True),
        ("completed", "review", False), ("completed", "complete", False), ("completed", "refuse", False),
    ],
)  # fmt: skip
def test_each_state_of_a_transfer_in_allows_its_acts(state: str, act: str, allowed: bool, at: datetime) -> None:
    transfer = IN_MAKERS[state](at)
    lines = Line.objects.count()
    if allowed:
        IN_ACTS[act](transfer.pk, at)
        assert Line.objects.count() == lines + 1
        return
    with pytest.raises(WrongState):
        IN_ACTS[act](transfer.pk, at)
    assert Transfer.objects.get().state == state
    assert Line.objects.count() == lines


@pytest.mark.parametrize("post", [Post.COUNTY_CLERK, Post.EXAM_AFFAIRS_HEAD, Post.NODE])
def test_other_posts_do_nothing_with_a_transfer(post: Post, at: datetime) -> None:
    transfer = make.a_received_one(at)
    with pytest.raises(NotPermitted):
        commands.review_file(transfer_id=transfer.pk, by=clerk(post), at=at)
    with pytest.raises(NotFound):
        commands.review_file(transfer_id=transfer.pk, by=ELSEWHERE, at=at)


def test_substitution_is_published_once(at: datetime) -> None:
    a_candidate(at)
    make.a_substitution(at)
    with pytest.raises(Conflict):
        make.a_substitution(at)
    with pytest.raises(NotFound):
        make.a_substitution(at, to_code="99999")


# two provinces and the platform


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    return Nodes(tmp_path, at, monkeypatch)


def leaving_for(nodes: Nodes, at: datetime, passed_there: bool = True) -> tuple[Transfer, Candidate]:
    """The same person registered in both provinces; the transfer out of 32 uploaded."""
    person = an_applicant(at)
    with nodes.at(HERE):
        here = a_candidate(at, applicant=person)
    with nodes.at(THERE):
        a_county(at, "330203")
        there = a_candidate(at, "330203", applicant=person)
        if passed_there:
            row = a_row(there, "00538")
            results.take_over_scores(
                rows=[row], source="原考籍系统", evidence="e" * 64, by=replace(make.HEAD, agency_code="33"), at=at
            )
    with nodes.at(HERE):
        applied = make.an_application(at, here, destination_admission_number=there.admission_number)
        commands.confirm_leaving(transfer_id=applied.pk, by=CLERK, at=at, **make.CONFIRMED)
        return commands.upload_file(transfer_id=applied.pk, by=CLERK, at=SEPTEMBER).value, there


def test_candidate_moves_over_the_platform_and_leaves_the_origin_only_at_the_end(nodes: Nodes, at: datetime) -> None:
    leaving, there = leaving_for(nodes, at)
    assert nodes.deliver(HERE, SEPTEMBER) == 1
    platform = TransferFile.objects.get()
    assert (platform.state, platform.origin, platform.destination) == ("uploaded", "32", "33")
    assert nodes.deliver(CENTRE, SEPTEMBER) == 1
    arrived = Transfer.objects.get(direction="in")
    assert (arrived.candidate, arrived.state, arrived.file_digest) == (there, "received", platform.digest)
    with nodes.at(THERE):
        commands.review_file(transfer_id=arrived.pk, by=ELSEWHERE, at=SEPTEMBER)
        commands.complete_transfer(transfer_id=arrived.pk, by=ELSEWHERE, at=SEPTEMBER, **make.CONFIRMED)
    assert Record.objects.get(candidate=leaving.candidate).state == "held"
    assert nodes.deliver(THERE, SEPTEMBER) == 1
    assert nodes.deliver(CENTRE, SEPTEMBER) == 1
    leaving.refresh_from_db()
    platform.refresh_from_db()
    assert (leaving.state, platform.state) == ("completed", "completed")
    assert Record.objects.get(candidate=leaving.candidate).state == "transferred"
    assert Record.objects.get(candidate=there).state == "held"
    moved = Score.objects.filter(candidate=there, how="transfer")
    assert set(moved.values_list("course__code", flat=True)) == {"00037", "15040"}


def test_refusal_reaches_the_origin_with_its_rule(nodes: Nodes, at: datetime) -> None:
    leaving, _ = leaving_for(nodes, at)
    nodes.deliver(HERE, SEPTEMBER)
    nodes.deliver(CENTRE, SEPTEMBER)
    arrived = Transfer.objects.get(direction="in")
    with nodes.at(THERE):
        commands.refuse_file(
            transfer_id=arrived.pk, code="SR-A2.4.4", reason="未按期到场确认", by=ELSEWHERE, at=SEPTEMBER
        )
    nodes.deliver(THERE, SEPTEMBER)
    nodes.deliver(CENTRE, SEPTEMBER)
    leaving.refresh_from_db()
    told = (leaving.state, leaving.refusal_code, leaving.refusal_reason)
    assert told == ("refused", "SR-A2.4.4", "未按期到场确认")
    assert Record.objects.get(candidate=leaving.candidate).state == "held"


def test_file_refused_as_it_arrives_tells_the_origin_which_rule(nodes: Nodes, at: datetime) -> None:
    leaving, _ = leaving_for(nodes, at, passed_there=False)
    nodes.deliver(HERE, SEPTEMBER)
    nodes.deliver(CENTRE, SEPTEMBER)
    assert not Transfer.objects.filter(direction="in").exists()
    assert TransferFile.objects.get().state == "refused"
    nodes.deliver(CENTRE, SEPTEMBER)
    leaving.refresh_from_db()
    assert (leaving.state, leaving.refusal_code) == ("refused", "SR-A2.3.2")
    assert "合格 0 门" in leaving.refusal_reason


def test_platform_takes_no_file_of_another_province_or_with_another_digest(nodes: Nodes, at: datetime) -> None:
    from zikao.national.commands import receive_transfer_file

    with nodes.at(CENTRE):
        file = make.a_file(a_candidate(at), "00037")
        for origin, digest in (("34", make.digest_of(file)), ("33", "0" * 64)):
            with pytest.raises(BadInput):
                receive_transfer_file(file=file, digest=digest, origin=origin, by=node_actor(), at=at)
        receive_transfer_file(file=file, digest=make.digest_of(file), origin="33", by=node_actor(), at=at)
        with pytest.raises(Conflict):
            receive_transfer_file(file=file, digest=make.digest_of(file), origin="33", by=node_actor(), at=at)
    sealed = bytes(TransferFile.objects.get().file_sealed)
    assert file.id_number.encode() not in sealed
    assert file.name.encode() not in sealed


def test_every_state_of_a_transfer_is_named_in_the_candidates_words() -> None:
    from zikao.stages.transfers.views.own import TOLD

    out = {"applied", "confirmed", "uploaded", "completed", "refused", "withdrawn"}
    arriving = {"received", "reviewed", "completed", "refused"}
    assert set(TOLD) == {("out", state) for state in out} | {("in", state) for state in arriving}
    assert out | arriving == set(TransferState.values)
