"""The published timetables, for other programs."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from zikao.foundation.api import Problem, SittingCode, Words
from zikao.foundation.errors import NotFound
from zikao.stages.programmes.models import Paper, Sitting
from zikao.stages.programmes.queries import editions_of, papers_of, published_sittings

router = Router(tags=["考试安排"])


class SittingOut(Schema):
    """A sitting whose timetable is published."""

    code: str
    name: str


class PaperOut(Schema):
    """A course of the timetable: when it is sat, and the codes of the majors that offer it."""

    course_code: str
    course: str
    national: bool
    unit: int
    starts_at: datetime
    ends_at: datetime
    major_codes: list[str]


class TimetableOut(Schema):
    """The published timetable of a sitting; `edition` counts its corrections (the first is 1)."""

    sitting: SittingOut
    edition: int
    published_at: datetime | None
    papers: list[PaperOut]


@router.get("", response={200: list[SittingOut], 422: Problem}, summary="已公布考试安排的考次")
def timetables(request: HttpRequest) -> list[SittingOut]:
    """The sittings whose timetable is published, the newest first."""
    return [_sitting(found) for found in published_sittings()]


@router.get("/{sitting}", response={200: TimetableOut, 404: Problem, 422: Problem}, summary="一次考试的安排")
def timetable(request: HttpRequest, sitting: SittingCode, q: Words = "") -> TimetableOut:
    """The courses of a published timetable; `q` narrows by course code, course name, major code or major name."""
    found = next((each for each in published_sittings() if each.code == sitting), None)
    if found is None:
        raise NotFound("timetable-not-published", message=f"没有已公布的 {sitting} 考试安排。")
    rows = papers_of(found).prefetch_related("majors__major")
    last = editions_of(found).first()
    return TimetableOut(
        sitting=_sitting(found),
        edition=last.number if last else 1,
        published_at=last.published_at if last else None,
        papers=[_paper(row) for row in rows if _matches(row, q.strip())],
    )


def _sitting(found: Sitting) -> SittingOut:
    return SittingOut(code=found.code, name=str(found))


def _matches(row: Paper, words: str) -> bool:
    majors = [each.major for each in row.majors.all()]
    codes = [row.course.code, *(major.code for major in majors)]
    names = [row.course.name, *(major.name for major in majors)]
    return any(code.startswith(words) for code in codes) or any(words in name for name in names)


def _paper(row: Paper) -> PaperOut:
    return PaperOut(
        course_code=row.course.code,
        course=row.course.name,
        national=row.national,
        unit=row.unit.number,
        starts_at=row.unit.starts_at,
        ends_at=row.unit.ends_at,
        major_codes=sorted(each.major.code for each in row.majors.all()),
    )
