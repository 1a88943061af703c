"""Transfers in by their commands: received, reviewed course by course, completed or refused by a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.factories import transfers as make
from tests.factories.actors import clerk
from tests.factories.candidates import a_candidate
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.exchange.models import Outbox
from zikao.foundation.ledger.models import Line
from zikao.stages.records.models import Record
from zikao.stages.results.models import Score
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Transfer

pytestmark = pytest.mark.django_db
CLERK = make.CLERK
ELSEWHERE = replace(CLERK, agency_code="33")
SEPTEMBER = make.SEPTEMBER


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


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


def test_signed_transfer_waits_for_the_archive_and_the_platform_is_told_afterwards(at: datetime) -> None:
    transfer = make.a_signed_one(at)
    assert transfer.state == "signed"
    assert not Score.objects.filter(how="transfer").exists()
    assert not Outbox.objects.exists()
    assert make.completed(transfer, at).state == "completed"


def test_course_passed_here_already_is_not_counted_again(at: datetime) -> None:
    transfer = make.a_received_one(at, "00538", "00037")
    commands.review_file(transfer_id=transfer.pk, by=CLERK, at=at)
    make.completed(commands.complete_transfer(transfer_id=transfer.pk, by=CLERK, at=at, **make.CONFIRMED).value, at)
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
IN_MAKERS = {
    "received": make.a_received_one, "reviewed": make.a_reviewed_one, "signed": make.a_signed_one,
    "completed": make.a_completed_one,
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "act", "allowed"),
    [
        ("received", "review", True), ("received", "complete", False), ("received", "refuse", True),
        ("received", "form", False),
        ("reviewed", "review", False), ("reviewed", "complete", True), ("reviewed", "refuse", True),
        ("reviewed", "form", True),
        ("signed", "review", False), ("signed", "complete", False), ("signed", "refuse", False),
        ("signed", "form", True),
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
