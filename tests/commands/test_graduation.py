"""Graduation by its commands: applied for in person, decided by three bodies, certified in a batch, handed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.factories import graduation as make
from tests.factories import results
from tests.factories.actors import clerk
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.stages.graduation import commands, queries
from zikao.stages.graduation.models import Application, GraduationCertificate, Roster
from zikao.stages.graduation.queries import papers
from zikao.stages.graduation.states import ApplicationState
from zikao.stages.records.models import Record

pytestmark = pytest.mark.django_db
S = ApplicationState


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


# Applying


def test_clerk_takes_in_an_application_of_somebody_who_has_finished(at: datetime) -> None:
    candidate, plan = make.a_finisher(at)
    application = make.an_application(at, candidate)
    assert (application.state, application.plan) == (S.SUBMITTED, plan)
    assert application.credits >= plan.min_credits


def test_the_school_of_the_candidates_prefecture_stands_on_every_paper(at: datetime) -> None:
    from tests.factories.agencies import a_school
    from zikao.stages.programmes.models import PlanSchool
    from zikao.stages.registry.queries.batches import registrable

    candidate, plan = make.a_finisher(at)
    other = a_school(at, code="S999", name="另一所大学")
    special = PlanSchool.objects.create(plan=plan, agency_code=candidate.agency_code[:4], school=other)
    application = make.an_application(at, candidate)
    special.delete()
    make.brought_to(at, S.CONFIRMED, application)
    roster = commands.make_certificates(batch_on=make.BATCH_ON, by=make.RECORDS_CLERK, at=at).value
    certificate = roster.certificates.get()
    assert application.school == other
    assert queries.certificate_of(candidate.pk) == certificate
    assert papers.certificate_of(certificate)[0]["school"] == "另一所大学"
    assert papers.form_of(application, "")[0]["school"] == "另一所大学"
    assert [row["school"] for row in papers.roster_of(roster, [certificate], "32")["rows"]] == ["另一所大学"]  # type: ignore[attr-defined]
    assert [each.name for each in queries.shares_of(make.RECORDS_CLERK, roster) if each.kind == "主考学校"] == [
        "另一所大学"
    ]
    assert registrable(certificate, "32").school == "另一所大学"


def test_application_is_refused_while_a_course_or_the_thesis_is_missing(at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from zikao.stages.programmes.models import PlanCourse

    a_candidate(at)
    rows = PlanCourse.objects.filter(plan__major__code="050101", group__isnull=True).select_related("course")
    written, practical = rows.filter(assess="written").first(), rows.exclude(assess="written").first()
    assert written is not None
    assert practical is not None
    candidate, _ = make.a_finisher(at, written.course.code, practical.course.code)
    with pytest.raises(Refused) as refusal:
        make.an_application(at, candidate)
    assert {"courses-missing", "practical-missing"} <= codes(refusal)
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"admission_card": False}, "application-card-missing"),
        ({"identity_document": False}, "application-identity-missing"),
        ({"appraisal_passed": False}, "appraisal-missing"),
        ({"prior_certificate": ""}, "prior-certificate-missing"),
        ({"prior_verified": False}, "prior-certificate-missing"),
    ],
)
def test_application_is_refused_when_materials_are_incomplete(change: dict[str, Any], code: str, at: datetime) -> None:
    candidate, _ = make.a_finisher(at)
    with pytest.raises(Refused) as refusal:
        make.an_application(at, candidate, materials=replace(make.WHOLE, **change))
    assert codes(refusal) == {code}
    assert not Application.objects.exists()


def test_application_for_another_day_or_a_closed_batch_is_refused(at: datetime) -> None:
    make.a_roster(at)
    late, _ = make.a_finisher(at)
    with pytest.raises(Refused) as refusal:
        make.an_application(at, late, batch_on=date(2026, 12, 31))
    assert codes(refusal) == {"issue-date-not-allowed"}
    with pytest.raises(Refused) as refusal:
        make.an_application(at, late)
    assert codes(refusal) == {"batch-closed"}
    assert make.an_application(at, late, batch_on=make.NEXT_BATCH).state == S.SUBMITTED


def test_nobody_applies_twice_but_again_after_a_return(at: datetime) -> None:
    candidate, _ = make.a_finisher(at)
    application = make.an_application(at, candidate)
    with pytest.raises(Conflict):
        make.an_application(at, candidate)
    commands.return_application(application_id=application.pk, reason="材料不实", by=make.RECEIVER, at=at)
    assert make.an_application(at, candidate).pk != application.pk


def test_candidate_and_plan_of_elsewhere_are_not_there(at: datetime) -> None:
    from zikao.stages.programmes.models import Plan

    candidate, plan = make.a_finisher(at)
    other = Plan.objects.exclude(major=candidate.major).first()
    assert other is not None
    facts = {"candidate_id": candidate.pk, "batch_on": make.BATCH_ON, "materials": make.WHOLE, "at": at}
    with pytest.raises(NotFound):
        commands.apply_for_graduation(plan_id=other.pk, by=make.RECEIVER, **facts)
    elsewhere = replace(make.RECEIVER, agency_code="3202")
    with pytest.raises(NotFound):
        commands.apply_for_graduation(plan_id=plan.pk, by=elsewhere, **facts)


# Deciding: state x actor

BODIES: dict[Post, Actor] = {
    Post.PREFECTURE_CLERK: make.REVIEWER,
    Post.RECORDS_HEAD: results.RECORDS_HEAD,
    Post.SCHOOL_CLERK: make.SCHOOL,
}
LAWFUL = {
    (S.SUBMITTED, S.REVIEWED, Post.PREFECTURE_CLERK),
    (S.REVIEWED, S.APPROVED, Post.RECORDS_HEAD),
    (S.APPROVED, S.CONFIRMED, Post.SCHOOL_CLERK),
}


@pytest.mark.parametrize("post", BODIES, ids=lambda post: post.value)
@pytest.mark.parametrize("to", [S.REVIEWED, S.APPROVED, S.CONFIRMED, S.CERTIFIED])
@pytest.mark.parametrize("state", [S.SUBMITTED, S.REVIEWED, S.APPROVED])
def test_each_body_takes_its_step_and_no_other(
    state: ApplicationState, to: ApplicationState, post: Post, at: datetime
) -> None:
    application = make.brought_to(at, state)

    def decide() -> object:
        return commands.decide_applications(application_ids=[application.pk], to=to, by=BODIES[post], at=at)

    if (state, to, post) in LAWFUL:
        decide()
        expected = to
    else:
        with pytest.raises((NotPermitted, WrongState)):
            decide()
        expected = state
    application.refresh_from_db()
    assert application.state == expected


def test_who_took_it_in_does_not_review_it(at: datetime) -> None:
    application = make.an_application(at)
    with pytest.raises(Refused) as refusal:
        commands.decide_applications(application_ids=[application.pk], to=S.REVIEWED, by=make.RECEIVER, at=at)
    assert codes(refusal) == {"not-the-same-reviewer"}


def test_many_are_decided_together_or_none(at: datetime) -> None:
    first, second = make.an_application(at), make.brought_to(at, S.REVIEWED)
    with pytest.raises(WrongState):
        commands.decide_applications(application_ids=[first.pk, second.pk], to=S.REVIEWED, by=make.REVIEWER, at=at)
    first.refresh_from_db()
    assert first.state == S.SUBMITTED
    third = make.an_application(at)
    ids = [first.pk, third.pk]
    assert commands.decide_applications(application_ids=ids, to=S.REVIEWED, by=make.REVIEWER, at=at).value == 2


@pytest.mark.parametrize("ids", [lambda pk: [], lambda pk: [pk, pk]])
def test_an_empty_or_doubled_choice_is_no_choice(ids: Callable[[int], list[int]], at: datetime) -> None:
    application = make.an_application(at)
    with pytest.raises(BadInput):
        commands.decide_applications(application_ids=ids(application.pk), to=S.REVIEWED, by=make.REVIEWER, at=at)


def test_history_names_the_decision_that_was_taken_over_many(at: datetime) -> None:
    first, second = make.an_application(at), make.an_application(at)
    commands.decide_applications(application_ids=[first.pk, second.pk], to=S.REVIEWED, by=make.REVIEWER, at=at)
    for application in (first, second):
        application.refresh_from_db()
        assert len(queries.lines_about_application(application)) == 2


# Returned, postponed


def test_application_is_returned_with_a_reason(at: datetime) -> None:
    application = make.brought_to(at, S.REVIEWED)
    with pytest.raises(BadInput):
        commands.return_application(application_id=application.pk, reason=" ", by=make.RECEIVER, at=at)
    commands.return_application(application_id=application.pk, reason="学历证书不实", by=make.RECEIVER, at=at)
    application.refresh_from_db()
    assert (application.state, application.returned_reason) == (S.RETURNED, "学历证书不实")
    with pytest.raises(WrongState):
        commands.return_application(application_id=application.pk, reason="x", by=make.RECEIVER, at=at)


def test_late_application_goes_to_a_later_batch_with_its_decisions(at: datetime) -> None:
    application = make.brought_to(at, S.APPROVED)
    for day, code in ((make.BATCH_ON, "batch-not-later"), (date(2027, 7, 1), "issue-date-not-allowed")):
        with pytest.raises(Refused) as refusal:
            commands.postpone_application(application_id=application.pk, batch_on=day, by=make.RECEIVER, at=at)
        assert codes(refusal) == {code}
    commands.postpone_application(application_id=application.pk, batch_on=make.NEXT_BATCH, by=make.RECEIVER, at=at)
    application.refresh_from_db()
    assert (application.state, application.batch_on) == (S.APPROVED, make.NEXT_BATCH)


def test_a_certified_application_is_not_postponed(at: datetime) -> None:
    application = make.a_roster(at).certificates.get().application
    with pytest.raises(WrongState):
        commands.postpone_application(application_id=application.pk, batch_on=make.NEXT_BATCH, by=make.RECEIVER, at=at)


# Certified


def test_roster_holds_the_confirmed_and_only_them(at: datetime) -> None:
    make.brought_to(at, S.APPROVED)
    roster = make.a_roster(at, people=2)
    certificates = list(roster.certificates.select_related("application__candidate"))
    assert roster.count == len(certificates) == 2
    for each in certificates:
        number = each.application.candidate.admission_number
        assert each.number.startswith(f"6532{number}")
        assert len(each.number) == 17
        assert each.issued_on == make.BATCH_ON


def test_a_batch_has_one_roster_and_an_empty_one_has_none(at: datetime) -> None:
    with pytest.raises(Conflict):
        commands.make_certificates(batch_on=make.BATCH_ON, by=results.RECORDS_CLERK, at=at)
    make.a_roster(at)
    with pytest.raises(Conflict):
        commands.make_certificates(batch_on=make.BATCH_ON, by=results.RECORDS_CLERK, at=at)
    with pytest.raises(Refused):
        commands.make_certificates(batch_on=date(2026, 12, 1), by=results.RECORDS_CLERK, at=at)
    assert Roster.objects.count() == 1


def test_certificate_is_handed_out_only_when_registered_and_the_record_says_graduated(at: datetime) -> None:
    certificate = make.a_certificate(at)
    with pytest.raises(Refused) as refusal:
        commands.hand_out_certificate(certificate_id=certificate.pk, by=make.RECEIVER, at=at)
    assert codes(refusal) == {"certificate-not-registered"}
    GraduationCertificate.objects.update(registered_at=at)
    commands.hand_out_certificate(certificate_id=certificate.pk, by=make.RECEIVER, at=at)
    assert Record.objects.get().state == "graduated"
    with pytest.raises(WrongState):
        commands.hand_out_certificate(certificate_id=certificate.pk, by=make.RECEIVER, at=at)


@pytest.mark.parametrize("post", [Post.COUNTY_CLERK, Post.PROVINCE_HEAD, Post.SCORE_OFFICER])
def test_other_posts_may_do_none_of_it(post: Post, at: datetime) -> None:
    by = clerk(post)
    for call in (
        lambda: commands.apply_for_graduation(
            candidate_id=1, plan_id=1, batch_on=make.BATCH_ON, materials=make.WHOLE, by=by, at=at
        ),
        lambda: commands.decide_applications(application_ids=[1], to=S.REVIEWED, by=by, at=at),
        lambda: commands.return_application(application_id=1, reason="x", by=by, at=at),
        lambda: commands.postpone_application(application_id=1, batch_on=make.NEXT_BATCH, by=by, at=at),
        lambda: commands.make_certificates(batch_on=make.BATCH_ON, by=by, at=at),
        lambda: commands.hand_out_certificate(certificate_id=1, by=by, at=at),
    ):
        with pytest.raises(NotPermitted):
            call()
