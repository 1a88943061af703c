"""Scores by their commands: collected from their evidence, approved by another, published; and lists handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from tests.factories import archive
from tests.factories import results as make
from tests.factories.actors import clerk
from tests.factories.agencies import a_school
from tests.factories.candidates import a_candidate
from tests.factories.collecting import hands_in, ready_to_collect
from tests.factories.marking import a_sat_paper
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.foundation.regulation.dated import Dated, put_own
from zikao.stages.programmes.models import Course, Plan, PlanCourse, PlanSchool
from zikao.stages.results import commands, queries
from zikao.stages.results.models import ChangeList, Publication, Score, StagedScore
from zikao.stages.results.states import HowObtained
from zikao.stages.seating.models import Seat

pytestmark = pytest.mark.django_db
SITTING = "2026-10"


def shown() -> list[str]:
    """What is collected, filed or not: a staged row's id is its score's."""
    return [score.shown for score in StagedScore.objects.order_by("id")]


def test_officer_collects_marks_and_absences_and_the_pass_mark_decides(at: datetime) -> None:
    publication = make.collected(at, (75, 59, 60))
    assert shown() == ["75", "59", "60", "缺考"]
    assert list(StagedScore.objects.order_by("id").values_list("passed", flat=True)) == [True, False, True, False]
    assert not Score.objects.exists()
    assert publication.count == 4
    assert publication.digest == queries.digest_of_scores(publication.sitting)
    counts = queries.sitting_results(make.OFFICER, publication.sitting)
    assert (counts.seats, counts.scores, counts.adds_up) == (4, 4, True)


def test_score_of_a_voided_entry_is_void_though_it_was_marked(at: datetime) -> None:
    sitting = make.a_marked_sitting(at, (75, 80))
    entry = Seat.objects.order_by("number").first().entry
    make.a_voiding_decision(at, entry)
    ready_to_collect(at, sitting)
    commands.collect_scores(sitting=sitting.code, by=make.OFFICER, at=at)
    assert shown() == ["成绩取消", "80", "缺考"]
    assert not StagedScore.objects.filter(candidate=entry.candidate, passed=True).exists()


def test_collection_is_refused_while_a_script_is_unmarked_and_nothing_is_filed(at: datetime) -> None:
    a_sat_paper(at)
    with pytest.raises(Refused) as refusal:
        commands.collect_scores(sitting=SITTING, by=make.OFFICER, at=at)
    assert refusal.value.code == "scripts-unmarked"
    assert not Score.objects.exists()
    assert not Publication.objects.exists()


def test_collection_is_refused_when_an_absent_seat_was_marked(at: datetime) -> None:
    sitting = make.a_marked_sitting(at, (75, 80))
    absent = Seat.objects.get(attendance__present=False)
    make.a_total(at, absent, 1)
    with pytest.raises(Refused) as refusal:
        commands.collect_scores(sitting=sitting.code, by=make.OFFICER, at=at)
    assert refusal.value.code == "scripts-of-absent"


def test_a_sitting_is_collected_once(at: datetime) -> None:
    make.collected(at)
    with pytest.raises(Conflict):
        commands.collect_scores(sitting=SITTING, by=make.OFFICER, at=at)
    assert len(shown()) == 4


def test_who_collected_does_not_approve(at: datetime) -> None:
    make.collected(at)
    same = replace(make.RECORDS_HEAD, account_id=make.OFFICER.account_id)
    with pytest.raises(Refused) as refusal:
        commands.approve_scores(sitting=SITTING, by=same, at=at)
    assert refusal.value.code == "approver-collected"
    assert Publication.objects.get().state == "collected"


def test_nothing_is_published_before_it_is_approved(at: datetime) -> None:
    make.collected(at)
    with pytest.raises(WrongState):
        commands.publish_results(sitting=SITTING, by=make.PROVINCE_HEAD, at=at)
    with pytest.raises(NotFound):
        commands.publish_results(sitting="2027-04", by=make.PROVINCE_HEAD, at=at)


def test_nothing_is_published_before_it_is_filed_in_a_window_of_three(at: datetime) -> None:
    make.approved(at)
    with pytest.raises(WrongState):
        commands.publish_results(sitting=SITTING, by=make.PROVINCE_HEAD, at=at)
    assert not Score.objects.exists()
    filed = archive.filed(ChangeList.objects.get(), at)
    assert Score.objects.count() == filed.count == 4
    assert [score.pk for score in Score.objects.order_by("line")] == [
        row.pk for row in StagedScore.objects.order_by("line")
    ]
    commands.publish_results(sitting=SITTING, by=make.PROVINCE_HEAD, at=at)


def test_an_approved_sitting_is_not_approved_again_nor_a_published_one(at: datetime) -> None:
    make.published(at)
    with pytest.raises(WrongState):
        commands.approve_scores(sitting=SITTING, by=make.RECORDS_HEAD, at=at)
    with pytest.raises(WrongState):
        commands.publish_results(sitting=SITTING, by=make.PROVINCE_HEAD, at=at)


def test_candidate_reads_nothing_of_a_sitting_until_it_is_published(at: datetime) -> None:
    publication = make.archived(at)
    candidate = Score.objects.order_by("id").first().candidate
    assert not queries.published_scores(candidate.pk).exists()
    assert queries.passes_with_their_way([candidate.pk]) == {}
    assert queries.awaited_sittings(candidate.pk) == [publication.sitting]
    commands.publish_results(sitting=SITTING, by=make.PROVINCE_HEAD, at=at)
    assert [score.shown for score in queries.published_scores(candidate.pk)] == ["75"]
    assert queries.awaited_sittings(candidate.pk) == []
    assert set(queries.passes_with_their_way([candidate.pk])[candidate.pk]) == {"00037"}


@pytest.mark.parametrize(
    ("act", "post"),
    [
        (commands.collect_scores, Post.RECORDS_HEAD),
        (commands.collect_scores, Post.PROVINCE_CLERK),
        (commands.approve_scores, Post.SCORE_OFFICER),
        (commands.approve_scores, Post.RECORDS_CLERK),
        (commands.publish_results, Post.RECORDS_HEAD),
        (commands.publish_results, Post.EXAM_AFFAIRS_HEAD),
    ],
)
def test_other_posts_may_not(act: object, post: Post, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        act(sitting=SITTING, by=clerk(post), at=at)  # type: ignore[operator]


def test_each_step_leaves_its_line_with_the_digest(at: datetime) -> None:
    publication = make.published(at)
    lines = lines_about(publication)
    assert [line.command for line in lines] == ["results.published", "results.approved", "results.collected"]
    assert {line.facts["digest"] for line in lines} == {publication.digest}


def test_a_score_is_never_changed_or_deleted(at: datetime) -> None:
    make.archived(at)
    for attempt in (
        lambda: Score.objects.update(value=100),
        lambda: Score.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert shown() == ["75", "59", "60", "缺考"]


# Lists handed in


def test_head_takes_over_scores_with_source_and_evidence(at: datetime) -> None:
    candidate = a_candidate(at)
    score = make.taken_over(at, candidate, "00037", value=60)[0]
    assert (score.shown, score.passed, score.source, score.evidence) == ("60", True, "原考籍系统", make.EVIDENCE)
    assert list(queries.passes_of(candidate.pk)) == [score]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"admission_number": "999999999999"}, "准考证号"),
        ({"course_code": "99999"}, "课程代码"),
        ({"value": 101}, "成绩"),
        ({"value": None}, "成绩"),
        ({"grade": "良好"}, "成绩"),
        ({"value": None, "grade": "很好"}, "成绩"),
        ({"sitting_label": "2024-13"}, "取得考次"),
        ({"sitting_label": "24-10"}, "取得考次"),
    ],
)
def test_one_bad_row_files_none_and_is_named(change: dict[str, object], column: str, at: datetime) -> None:
    good = make.a_row(a_candidate(at), "00037", line=2)
    bad = replace(make.a_row(a_candidate(at), "00037", line=3), **change)  # type: ignore[arg-type]
    hands_in(at, make.RECORDS_HEAD)
    with pytest.raises(commands.ScoreRowsRefused) as refusal:
        commands.take_over_scores(rows=[good, bad], source="x", evidence="", by=make.RECORDS_HEAD, at=at)
    assert [(each.line, each.column) for each in refusal.value.problems] == [(3, column)]
    assert not Score.objects.exists()


def test_the_same_score_is_not_filed_twice_nor_twice_in_one_list(at: datetime) -> None:
    candidate = a_candidate(at)
    make.taken_over(at, candidate, "00037")
    for rows in ([make.a_row(candidate, "00037")], [make.a_row(candidate, "00540")] * 2):
        with pytest.raises(BadInput):
            commands.take_over_scores(rows=rows, source="x", evidence="", by=make.RECORDS_HEAD, at=at)
    assert Score.objects.count() == 1


def test_written_score_of_an_examined_sitting_is_not_handed_in(at: datetime) -> None:
    make.a_marked_sitting(at)
    row = make.a_row(a_candidate(at), "00540", sitting_label=SITTING)
    hands_in(at, make.RECORDS_HEAD)
    with pytest.raises(BadInput):
        commands.take_over_scores(rows=[row], source="x", evidence="", by=make.RECORDS_HEAD, at=at)


def test_scores_of_another_province_are_not_filed(at: datetime) -> None:
    row = make.a_row(a_candidate(at), "00037")
    elsewhere = replace(make.RECORDS_HEAD, agency_code="33")
    hands_in(at, elsewhere)
    with pytest.raises(BadInput):
        commands.take_over_scores(rows=[row], source="x", evidence="", by=elsewhere, at=at)


def test_assessments_hold_only_practice_and_theses(at: datetime) -> None:
    candidate = a_candidate(at)
    written = make.a_row(candidate, "00037")
    hands_in(at, make.RECORDS_CLERK)
    with pytest.raises(BadInput):
        commands.record_assessments(rows=[written], source="x", evidence="", by=make.RECORDS_CLERK, at=at)
    graded = make.a_row(candidate, "00037", None, how=HowObtained.THESIS, grade="良好")
    plan = Plan.objects.get(major=candidate.major)
    other = a_school(at, code="S999", name="另一所大学")
    PlanSchool.objects.create(plan=plan, agency_code=candidate.agency_code[:4], school=other)
    held = commands.record_assessments(rows=[graded], source="x", evidence="", by=make.RECORDS_CLERK, at=at).value
    assert not Score.objects.exists()
    archive.filed(held, at)
    score = Score.objects.get()
    assert (score.shown, score.passed, score.source) == ("良好", True, "另一所大学：x")


@pytest.mark.parametrize(
    ("order", "practice", "thesis"), [("不限", False, False), ("理论在先", True, False), ("全部按计划", True, True)]
)
def test_province_binds_practice_to_its_theory_and_the_thesis_to_the_end(
    at: datetime, order: str, practice: bool, thesis: bool
) -> None:
    candidate = a_candidate(at)
    hands_in(at, make.RECORDS_CLERK)
    plan = Plan.objects.get(major=candidate.major)
    last = plan.courses.get(assess="thesis").course.code
    PlanCourse.objects.filter(plan=plan, course__code="00537").update(
        assess="practice", after=Course.objects.get(code="00037")
    )
    rows = [make.a_row(candidate, "00537", 80, how=HowObtained.PRACTICE),
            make.a_row(candidate, last, None, how=HowObtained.THESIS, grade="良好")]  # fmt: skip
    put_own({("32", "assessment-order"): (Dated(date(2026, 1, 1), order),)})
    try:
        known = queries.known_of(rows, make.RECORDS_CLERK)
        found = {each.line: each.reason for each in queries.order_problems(rows, known, at.date())}
        assert (1 in found, 2 in found) == (practice, thesis)
        assert not practice or found[1] == "课程 00537 须在 00037 合格之后考核。"
        if practice:
            with pytest.raises(commands.ScoreRowsRefused):
                commands.record_assessments(rows=rows, source="x", evidence="", by=make.RECORDS_CLERK, at=at)
    finally:
        put_own({})


@pytest.mark.parametrize("post", [Post.SCORE_OFFICER, Post.RECORDS_CLERK, Post.PROVINCE_HEAD])
def test_only_the_head_of_records_takes_over(post: Post, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        commands.take_over_scores(rows=[], source="x", evidence="", by=clerk(post), at=at)
