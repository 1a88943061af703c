"""Training, certificates, posts over time, conditions, and the import of staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.factories import agencies, personnel
from tests.factories.actors import area_clerk
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, Refused, WrongState
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.forms import parse_staff_csv
from zikao.stages.personnel.forms.rows import SAMPLE
from zikao.stages.personnel.models import Certificate, Person
from zikao.stages.personnel.states import CourseState, PersonChange, PersonKind, PostKind, Sex

pytestmark = pytest.mark.django_db


def test_only_those_who_came_and_passed_get_certificates(at: datetime) -> None:
    course, by = personnel.a_course(at, 4), area_clerk()
    keys = list(course.places.order_by("person_id").values_list("person_id", flat=True))
    commands.record_attendance(course_id=course.pk, absent=keys[:1], by=by, at=at)
    with pytest.raises(BadInput):
        commands.record_scores(course_id=course.pk, assessed_on=local_day(at), scores={keys[0]: 90}, by=by, at=at)
    scores = {keys[1]: 60, keys[2]: 59}
    commands.record_scores(course_id=course.pk, assessed_on=local_day(at), scores=scores, by=by, at=at)
    issued = commands.certify_course(course_id=course.pk, valid_from_on=local_day(at), by=by, at=at).value
    assert [each.person_id for each in issued] == [keys[1]]
    assert issued[0].valid_until == date(2027, 8, 20)
    course.refresh_from_db()
    assert course.state == CourseState.CERTIFIED
    with pytest.raises(WrongState):
        commands.enrol_staff(course_id=course.pk, person_ids=keys, by=by, at=at)


def test_course_is_refused_when_too_short_or_without_topics(at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        commands.plan_course(plan=personnel.a_course_plan(at, hours=3, topics=()), by=area_clerk(), at=at)
    assert {finding.code for finding in refusal.value.findings} == {"course-too-short", "course-without-topics"}


def test_nobody_is_certified_when_nobody_passed(at: datetime) -> None:
    course = personnel.an_assessed_course(at, 40)
    with pytest.raises(Conflict):
        commands.certify_course(course_id=course.pk, valid_from_on=local_day(at), by=area_clerk(), at=at)
    assert not Certificate.objects.exists()


def test_the_database_refuses_a_score_for_who_was_absent(at: datetime) -> None:
    place = personnel.a_course(at, 1).places.get()
    place.attended, place.score = False, 90
    with pytest.raises(DatabaseError), transaction.atomic():
        place.save()


def test_certificate_that_ends_soon_asks_for_training_again(at: datetime) -> None:
    certificate = personnel.a_certified_course(at, 80).certificates.get()
    by, ends = area_clerk(), certificate.valid_until
    assert not queries.ending_certificates(by, ends - timedelta(days=61)).exists()
    assert queries.ending_certificates(by, ends - timedelta(days=60)).get() == certificate
    assert not queries.ending_certificates(area_clerk("3202"), ends - timedelta(days=60)).exists()
    personnel.a_certificate(at + timedelta(days=300), certificate.person)
    assert not queries.ending_certificates(by, ends - timedelta(days=60)).exists()


def test_post_needs_a_certificate_and_conditions_and_leaves_its_period(at: datetime) -> None:
    person, by, day = personnel.a_person(at), area_clerk(), local_day(at)

    def appoint(kind: PostKind = PostKind.INVIGILATOR, since: date = day) -> None:
        commands.appoint_to_post(person_id=person.pk, post_kind=kind, since_on=since, by=by, at=at)

    with pytest.raises(Refused):
        appoint()
    personnel.a_certificate(at, person)
    personnel.a_certificate(at, person, PostKind.PAPERS)
    appoint()
    appoint(PostKind.PAPERS)
    with pytest.raises(Conflict):
        appoint()
    first = person.postings.get(post_kind=PostKind.INVIGILATOR)
    until = day + timedelta(days=30)
    commands.end_post(posting_id=first.pk, until_on=until, reason="调离", by=by, at=at)
    with pytest.raises(BadInput):
        appoint()
    appoint(since=until)
    assert person.postings.count() == 3


def test_lapsed_condition_closes_posts_and_duties(at: datetime) -> None:
    person, site = personnel.a_person(at), agencies.a_site(at)
    personnel.a_certificate(at, person)
    confirmed = queries.conditions_held(area_clerk(), person.pk, local_day(at))
    confirmed.remove("身体健康")
    commands.review_conditions(person_id=person.pk, confirmed=confirmed, evidence="体检报告", by=area_clerk(), at=at)
    person.refresh_from_db()
    refused = queries.fitness(person, PostKind.INVIGILATOR, "2026-10", personnel.EXAM_DAY, site)
    assert [finding.code for finding in refused.refusals] == ["conditions-lapsed"]


def test_account_without_a_valid_certificate_may_not_stand_in_a_post(at: datetime) -> None:
    person, day = personnel.a_person(at, account_id=78), local_day(at)
    personnel.a_certificate(at, person, PostKind.MARKER)
    assert queries.certified(78, PostKind.MARKER, day).granted
    assert not queries.certified(78, PostKind.PAPERS, day).granted
    assert not queries.certified(78, PostKind.MARKER, day + timedelta(days=365)).granted
    assert not queries.certified(79, PostKind.MARKER, day).granted


def test_file_of_staff_comes_in_whole_or_not_at_all(at: datetime) -> None:
    agencies.an_area(at)
    rows, problems = parse_staff_csv(SAMPLE.encode())
    assert not problems
    head, line = SAMPLE.split("\r\n")[:2]
    bad = (
        line.replace("329999199003070026", "329999199003070027").replace("3201,,", "3209,Z9,").replace("保守秘密;", "")
    )
    again, problems = parse_staff_csv("\r\n".join([head, line, bad, line]).encode("gb18030"))
    assert not problems
    with pytest.raises(commands.RowsRefused) as refusal:
        commands.import_staff(rows=again, agency_code="3201", by=area_clerk(), at=at)
    told = {(each.line, each.column) for each in refusal.value.problems}
    assert told == {(3, "身份证号"), (3, "机构代码"), (3, "助学机构代码"), (3, "基本条件"), (4, "身份证号")}
    assert not Person.objects.exists()
    assert len(commands.import_staff(rows=rows, agency_code="3201", by=area_clerk(), at=at).value) == 1
    with pytest.raises(commands.RowsRefused):
        commands.import_staff(rows=rows, agency_code="3201", by=area_clerk(), at=at)
    with pytest.raises(NotFound):
        commands.import_staff(rows=rows, agency_code="3201", by=area_clerk("3202"), at=at)


def test_unreadable_cells_are_named_by_line_and_column() -> None:
    head, line = SAMPLE.split("\r\n")[:2]
    _, problems = parse_staff_csv("\r\n".join([head, line.replace(",女,", ",甲,").replace("兼职", "")]).encode())
    assert {(each.line, each.column) for each in problems} == {(2, "性别"), (2, "类别")}
    assert parse_staff_csv(b"\xff\xfe\x00")[1][0].column == "文件"


def test_withdrawn_certificate_draws_nobody_and_a_changed_entry_keeps_its_history(at: datetime) -> None:
    person, site, day = personnel.a_person(at), agencies.a_site(at), at.date()
    held = personnel.a_certificate(at, person)
    institution = agencies.a_tutoring_institution(at)
    end: dict[str, Any] = {"certificate_id": held.pk, "reason": "调离", "by": area_clerk(), "at": at}
    with pytest.raises(BadInput):
        commands.withdraw_certificate(**end, until_on=day - timedelta(days=1))
    commands.withdraw_certificate(**end, until_on=day)
    assert not queries.held_on(person, PostKind.INVIGILATOR, day).granted
    with pytest.raises(WrongState):
        commands.withdraw_certificate(**end, until_on=day)
    personnel.a_certificate(at, person)
    change = PersonChange(
        "王𠮷", "第九中学", Sex.MALE, PersonKind.FULL, "3201", tutoring_institution_code=institution.code
    )
    given: dict[str, Any] = {"person_id": person.pk, "reason": "换证", "by": area_clerk(), "at": at}
    number = bytes(person.id_number_index)
    done = commands.amend_person(change=change, **given).value
    assert (done.name, done.unit, bytes(done.id_number_index)) == ("王𠮷", "第九中学", number)
    refused = queries.fitness(done, PostKind.INVIGILATOR, "2026-10", personnel.EXAM_DAY, site)
    assert [each.code for each in refused.refusals] == ["tutoring-teacher"]
    for wrong in (change, replace(change, agency_code="3202"), replace(change, tutoring_institution_code="没有")):
        with pytest.raises(BadInput):
            commands.amend_person(change=wrong, **given)


@pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\x00", "\x07", "\ufeff"])
def test_cell_with_a_character_that_nobody_sees_is_named(unseen: str) -> None:
    rows, problems = parse_staff_csv(SAMPLE.replace("第一中学", f"第一{unseen}中学").encode())
    assert not rows
    assert [(each.line, each.column) for each in problems] == [(2, "工作单位")]


@pytest.mark.parametrize("name", ["𠮷㛃", "欧阳·买买提", "\ue863"])
def test_rare_names_come_in_from_gb_18030(name: str) -> None:
    rows, problems = parse_staff_csv(SAMPLE.removeprefix("\ufeff").replace("王芳", name).encode("gb18030"))
    assert not problems
    assert rows[0][1].name == name
