"""Records by their commands: opened with the first pass, certificates issued once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.factories import records as make
from tests.factories import results
from tests.factories.actors import clerk
from tests.factories.candidates import a_candidate
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.stages.records import commands, queries
from zikao.stages.records.models import PassCertificate, Record
from zikao.stages.results.models import Score

pytestmark = pytest.mark.django_db
CLERK = results.RECORDS_CLERK
ELSEWHERE = replace(CLERK, agency_code="33")


def test_first_pass_opens_a_record_and_says_by_which_score(at: datetime) -> None:
    record = make.a_record(at)
    assert record.opened_by_score.course.code == "00037"
    assert record.state == "held"
    assert [line.command for line in lines_about(record)] == ["records.opened"]


@pytest.mark.parametrize("value", [None, 59])
def test_candidate_without_a_pass_gets_no_record(value: int | None, at: datetime) -> None:
    candidate = a_candidate(at)
    if value is not None:
        results.taken_over(at, candidate, "00037", value=value)
    with pytest.raises(Refused) as refusal:
        commands.open_record(candidate_id=candidate.pk, by=CLERK, at=at)
    assert refusal.value.code == "no-pass-yet"
    assert not Record.objects.exists()


def test_a_pass_not_yet_published_opens_no_record(at: datetime) -> None:
    results.archived(at, (75,))
    candidate = Score.objects.get(value=75).candidate
    with pytest.raises(Refused):
        commands.open_record(candidate_id=candidate.pk, by=CLERK, at=at)
    assert commands.open_records(by=CLERK, at=at).value == 0
    results.commands.publish_results(sitting="2026-10", by=results.PROVINCE_HEAD, at=at)
    assert commands.open_records(by=CLERK, at=at).value == 1


def test_a_record_is_opened_once(at: datetime) -> None:
    record = make.a_record(at)
    with pytest.raises(Conflict):
        commands.open_record(candidate_id=record.candidate_id, by=CLERK, at=at)
    assert commands.open_records(by=CLERK, at=at).value == 0


def test_records_are_opened_together_for_those_who_passed_and_only_here(at: datetime) -> None:
    passed, failed = a_candidate(at), a_candidate(at)
    results.taken_over(at, passed, "00037", "00540")
    results.taken_over(at, failed, "00037", value=40)
    assert list(queries.without_record(CLERK)) == [passed]
    assert commands.open_records(by=ELSEWHERE, at=at).value == 0
    assert commands.open_records(by=CLERK, at=at).value == 1
    assert Record.objects.get().candidate == passed
    assert not queries.without_record(CLERK).exists()


def test_candidate_of_another_province_is_not_there(at: datetime) -> None:
    candidate = a_candidate(at)
    results.taken_over(at, candidate, "00037")
    with pytest.raises(NotFound):
        commands.open_record(candidate_id=candidate.pk, by=ELSEWHERE, at=at)


@pytest.mark.parametrize("post", [Post.PROVINCE_HEAD, Post.COUNTY_CLERK, Post.PREFECTURE_CLERK, Post.CANDIDATE])
def test_only_record_staff_open_and_certify(post: Post, at: datetime) -> None:
    by: Actor = clerk(post)
    with pytest.raises(NotPermitted):
        commands.open_record(candidate_id=1, by=by, at=at)
    with pytest.raises(NotPermitted):
        commands.open_records(by=by, at=at)
    with pytest.raises(NotPermitted):
        commands.issue_pass_certificate(score_id=1, by=by, at=at)
    with pytest.raises(NotPermitted):
        commands.issue_pass_statement(certificate_id=1, reason="x", by=by, at=at)


def test_a_passed_course_is_certified_once(at: datetime) -> None:
    certificate = make.a_pass_certificate(at)
    candidate = certificate.record.candidate
    assert certificate.number == f"{candidate.admission_number}-00037"
    with pytest.raises(Refused) as refusal:
        commands.issue_pass_certificate(score_id=certificate.score_id, by=CLERK, at=at)
    assert refusal.value.code == "pass-certificate-issued"
    assert PassCertificate.objects.count() == 1


def test_a_failed_course_is_not_certified(at: datetime) -> None:
    record = make.a_record(at)
    failed = results.taken_over(at, record.candidate, "00540", value=59)[-1]
    with pytest.raises(Refused) as refusal:
        commands.issue_pass_certificate(score_id=failed.pk, by=CLERK, at=at)
    assert refusal.value.code == "course-not-passed"


def test_a_score_is_certified_only_when_published_and_a_record_is_open(at: datetime) -> None:
    candidate = a_candidate(at)
    score = results.taken_over(at, candidate, "00540")[0]
    with pytest.raises(WrongState):
        commands.issue_pass_certificate(score_id=score.pk, by=CLERK, at=at)
    results.archived(at, (75,))
    with pytest.raises(NotFound):
        commands.issue_pass_certificate(score_id=Score.objects.get(value=75).pk, by=CLERK, at=at)
    assert not PassCertificate.objects.exists()


def test_lost_certificate_is_answered_by_a_statement_with_its_reason(at: datetime) -> None:
    certificate = make.a_pass_certificate(at)
    with pytest.raises(NotFound):
        queries.replacement_of(certificate)
    with pytest.raises(BadInput):
        commands.issue_pass_statement(certificate_id=certificate.pk, reason="  ", by=CLERK, at=at)
    receipt = commands.issue_pass_statement(certificate_id=certificate.pk, reason="搬家遗失", by=CLERK, at=at)
    line = queries.statement_line(certificate)
    assert line is not None
    assert (line.id, line.facts["reason"]) == (receipt.line_id, "搬家遗失")
    assert PassCertificate.objects.count() == 1


def test_progress_counts_credits_and_names_what_is_missing(at: datetime) -> None:
    candidate = a_candidate(at)
    on = date(2026, 8, 20)
    nothing = queries.progress_of(candidate, on)
    assert nothing is not None
    assert (nothing.credits, nothing.complete) == (0, False)
    first, second, *_ = nothing.missing
    results.taken_over(at, candidate, first.code)
    results.taken_over(at, candidate, second.code, value=59)
    progress = queries.progress_of(candidate, on)
    assert progress is not None
    assert progress.credits == first.credits
    missing = {course.code for course in progress.missing}
    assert first.code not in missing
    assert second.code in missing


def test_progress_is_complete_when_everything_is_passed(at: datetime) -> None:
    candidate = a_candidate(at)
    results.passed_everything(at, candidate)
    progress = queries.progress_of(candidate, date(2026, 8, 20))
    assert progress is not None
    assert progress.complete
    assert (progress.missing, progress.missing_groups, progress.percent) == ((), (), 100)
