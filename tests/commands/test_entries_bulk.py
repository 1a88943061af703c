"""Entries in bulk and at the counter: the same rules, each refusal named, the rest kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

import pytest
from django.db import transaction

from tests.factories.actors import AREA, COUNTY, county_clerk, the_node
from tests.factories.candidates import a_candidate, a_suspended_candidate, as_candidate, candidates
from tests.factories.entries import (
    UNIT_1,
    UNIT_1_TOO,
    UNIT_2,
    a_window,
    entries,
)
from tests.factories.programmes import SITTING, a_paper
from zikao.foundation.regulation.dated import Dated, put_own
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import commands, queries
from zikao.stages.entries.commands.entering import examine
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.states import EntryRow
from zikao.stages.programmes.models import (
    Course,
    Paper,
    Plan,
    PlanCourse,
    Prerequisite,
    Replacement,
    ReplacementCourse,
)
from zikao.stages.programmes.queries import progress

pytestmark = pytest.mark.django_db
OTHER_COUNTY = "320104"


def test_bulk_entry_names_each_refusal_and_keeps_the_rest(at: datetime) -> None:
    a_window(at)
    one, two, three, four = candidates(at, 4)
    papers = {course: a_paper(at, course).pk for course in (UNIT_1, UNIT_1_TOO, UNIT_2)}
    suspended = a_suspended_candidate(at, date(2027, 1, 1))
    entries(at, four, (UNIT_1,))
    rows = [
        EntryRow(one.pk, papers[UNIT_1], AREA, pledged=True),
        EntryRow(one.pk, papers[UNIT_2], AREA, pledged=True),
        EntryRow(two.pk, papers[UNIT_1], AREA, pledged=True),
        EntryRow(two.pk, papers[UNIT_1_TOO], AREA, pledged=True),
        EntryRow(three.pk, papers[UNIT_2], COUNTY, pledged=True),
        EntryRow(four.pk, papers[UNIT_1], AREA, pledged=True),
        EntryRow(suspended.pk, papers[UNIT_1], AREA, pledged=True),
        EntryRow(0, papers[UNIT_1], AREA, pledged=True),
        EntryRow(three.pk, 0, AREA, pledged=True),
    ]
    done = commands.enter_many(rows=rows, sitting_code=SITTING, by=the_node(), at=at).value
    assert done.entered == 2
    assert [row.code for row in done.refused] == [
        "unit-clash",
        "unit-clash",
        "area-unknown",
        "course-entered-already",
        "suspended",
        "candidate-not-found",
        "paper-not-found",
    ]
    assert done.entered + len(done.refused) == len(rows)


def test_county_enters_its_own_candidates_only_in_bulk(at: datetime) -> None:
    a_window(at)
    theirs = a_candidate(at, OTHER_COUNTY)
    rows = [EntryRow(theirs.pk, a_paper(at, UNIT_1).pk, AREA, pledged=True)]
    done = commands.enter_many(rows=rows, sitting_code=SITTING, by=county_clerk(), at=at).value
    assert [row.code for row in done.refused] == ["candidate-not-found"]


@pytest.fixture
def strict_order() -> Iterator[None]:
    """A province that enforces the order of its plans."""
    put_own({("32", "entry-order-enforced"): (Dated(date(2026, 1, 1), True),)})
    yield
    put_own({})


def an_ordered_plan() -> dict[str, PlanCourse]:
    """A plan in which courses of this sitting come after a named one, after two, after any two, after all others."""
    rows = PlanCourse.objects.filter(
        plan__major__code="050101", assess="written", course__papers__sitting__code=SITTING
    )
    found = {row.course.code: row for row in rows.select_related("course").distinct().order_by("id")}
    named, several, counted, last, *_ = [row for code, row in found.items() if code not in (UNIT_1, UNIT_2)]
    PlanCourse.objects.filter(pk=named.pk).update(after=found[UNIT_1].course)
    PlanCourse.objects.filter(pk=several.pk).update(after=found[UNIT_1].course)
    Prerequisite.objects.create(plan_course=several, course=found[UNIT_2].course)
    PlanCourse.objects.filter(pk=counted.pk).update(min_passed=2)
    PlanCourse.objects.filter(pk=last.pk).update(last=True)
    return {"named": named, "several": several, "counted": counted, "last": last}


@pytest.mark.usefixtures("strict_order")
def test_order_of_the_plan_binds_online_at_the_counter_and_in_bulk(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_window(at)
    candidate = a_candidate(at)
    courses = an_ordered_plan()
    known: dict[str, str] = {}
    monkeypatch.setattr(progress, "_answers", [lambda ids: {candidate.pk: known}])

    def refused(kind: str) -> list[bool]:
        paper = a_paper(at, courses[kind].course.code).pk
        rows, found = [EntryRow(candidate.pk, paper, AREA, pledged=True)], []
        for by in (as_candidate(candidate), county_clerk()):
            said = examine(candidate, EntryWindow.objects.get(), [paper], by, at)
            found.append("course-before-other" in [each.code for each in said.refusals])
        with transaction.atomic():
            done = commands.enter_many(rows=rows, sitting_code=SITTING, by=the_node(), at=at).value
            transaction.set_rollback(True)
        return [*found, [each.code for each in done.refused] == ["course-before-other"]]

    assert [refused(kind) for kind in courses] == [[True] * 3] * 4
    known[UNIT_1] = "written"
    assert [refused(kind) for kind in courses] == [[False] * 3, [True] * 3, [True] * 3, [True] * 3]
    known[UNIT_2] = "exemption"
    assert [refused(kind) for kind in courses] == [[False] * 3, [False] * 3, [False] * 3, [True] * 3]
    others = courses["last"].plan.courses.filter(group=None, last=False).values_list("course__code", flat=True)
    known |= dict.fromkeys(others, "written")
    assert refused("last") == [False] * 3


@pytest.mark.parametrize("is_ordered", [False, True])
def test_bulk_entry_and_the_rules_agree_on_random_wishes(
    at: datetime, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, is_ordered: bool
) -> None:
    """The SQL of the bulk command and the rules behind the counter must be one law."""
    window = a_window(at)
    if is_ordered:
        request.getfixturevalue("strict_order")
        an_ordered_plan()
    rng = Random(7)
    several = candidates(at, 12)
    pool = list(Paper.objects.filter(sitting__code=SITTING).order_by("pk"))
    offered = list(queries.papers_offered(several[0], SITTING))
    known = dict.fromkeys((UNIT_1, "00541"), "written")
    monkeypatch.setattr(progress, "_answers", [lambda ids: {pk: known for pk in ids if pk % 2}])
    for each in several[:4]:
        entries(at, each, (UNIT_2,))
    wishes = {
        each.pk: [*rng.sample(offered, rng.randrange(1, 4)), *rng.sample(pool, rng.randrange(2))] for each in several
    }
    rows = [
        EntryRow(pk, paper.pk, AREA, pledged=True) for pk, papers in wishes.items() for paper in dict.fromkeys(papers)
    ]
    by = county_clerk()
    by_rules = {
        each.pk: examine(each, window, [paper.pk for paper in wishes[each.pk]], by, at).granted for each in several
    }
    done = commands.enter_many(rows=rows, sitting_code=SITTING, by=by, at=at).value
    refused = {row.candidate_id for row in done.refused}
    assert {pk: pk not in refused for pk in by_rules} == by_rules
    assert True in by_rules.values()
    assert False in by_rules.values()


@pytest.mark.usefixtures("strict_order")
def test_candidate_in_transition_goes_by_either_version_at_the_counter_and_in_bulk(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registered before the new version: a course of the old one alone is theirs, and the laxer order binds."""
    a_window(at)
    senior, junior = candidates(at, 2)
    old = Plan.objects.get(major__code="050101")
    Plan.objects.filter(pk=old.pk).update(until=date(2026, 7, 1))
    new = Plan.objects.create(
        major=old.major, version="2026年版", examining_school=old.examining_school, min_credits=70,
        since=date(2026, 7, 1),
    )  # fmt: skip
    Candidate.objects.filter(pk=senior.pk).update(registered_at=at.replace(month=6, day=30))
    offered = queries.papers_offered(junior, SITTING).values_list("course_id", flat=True)
    alone = Paper.objects.filter(sitting__code=SITTING).exclude(course__in=offered).first()
    assert alone is not None
    theory, ordered = (a_paper(at, code).course for code in (UNIT_1, UNIT_2))
    PlanCourse.objects.create(plan=old, course=alone.course, credits=4, assess="written")
    PlanCourse.objects.create(plan=new, course=theory, credits=4, assess="written")
    PlanCourse.objects.create(plan=new, course=ordered, credits=4, assess="written", after=theory)
    known: dict[str, str] = {}
    monkeypatch.setattr(progress, "_answers", [lambda ids: dict.fromkeys(ids, known)])

    def refused(who: Candidate, paper: Paper) -> list[list[str]]:
        who.refresh_from_db()
        said = examine(who, EntryWindow.objects.get(), [paper.pk], county_clerk(), at)
        with transaction.atomic():
            rows = [EntryRow(who.pk, paper.pk, AREA, pledged=True)]
            done = commands.enter_many(rows=rows, sitting_code=SITTING, by=the_node(), at=at).value
            transaction.set_rollback(True)
        return [[each.code for each in said.refusals], [each.code for each in done.refused]]

    paper = a_paper(at, UNIT_2)
    assert refused(senior, alone) == refused(senior, paper) == [[], []]
    assert refused(junior, alone) == [["course-outside-plan"]] * 2
    assert refused(junior, paper) == [["course-before-other"]] * 2
    standing = Replacement.objects.create(major=old.major, document="x", since=date(2026, 1, 1), key="00001")
    earlier = Course.objects.create(code="00001", name="旧课")
    ReplacementCourse.objects.create(replacement=standing, course=earlier, side="from")
    ReplacementCourse.objects.create(replacement=standing, course=theory, side="to")
    known["00001"] = "written"
    assert refused(junior, paper) == [[], []]
