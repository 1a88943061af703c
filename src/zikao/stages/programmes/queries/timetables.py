"""Reading sittings and timetables; none of it is secret, so nothing here is scoped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import Decision
from zikao.stages.programmes import rules
from zikao.stages.programmes.models import Major, Paper, PaperMajor, Sitting, Timetable, Unit
from zikao.stages.programmes.states import SlotData, TimetableData, TimetableState, UnitData


def sitting(code: str) -> Sitting:
    """The sitting by code ("2026-10"); NotFound where there is none."""
    found = Sitting.objects.filter(code=code).first()
    if found is None:
        raise NotFound("sitting-not-found", facts={"sitting": code}, message=f"没有设立考次 {code}。")
    return found


def sittings() -> QuerySet[Sitting]:
    """All sittings, the latest first, with their timetable and counts of units and papers."""
    found = Sitting.objects.select_related("timetable").order_by("-code")
    return found.annotate(
        unit_count=Count("units", distinct=True),
        paper_count=Count("papers", filter=Q(papers__majors__isnull=False), distinct=True),
    )


def published_sittings() -> list[Sitting]:
    """The sittings whose timetable is published, the latest first."""
    return list(Sitting.objects.filter(timetable__state=TimetableState.PUBLISHED).order_by("-code"))


def drafted_timetable(of: Sitting) -> Timetable | None:
    """The timetable of a sitting, None while there is none."""
    return getattr(of, "timetable", None)


def timetables_to_move() -> QuerySet[Timetable]:
    """The timetables that wait for filing or for publication."""
    waiting = (TimetableState.DRAFTED, TimetableState.ACKNOWLEDGED)
    return Timetable.objects.filter(state__in=waiting).select_related("sitting")


def timetable_of(code: str) -> Timetable:
    """The province's timetable of a sitting; NotFound where none is drafted."""
    found = Timetable.objects.select_related("sitting").filter(sitting__code=code).first()
    if found is None:
        raise NotFound("timetable-not-found", facts={"sitting": code}, message="还没有拟定考试安排。")
    return found


def published(code: str) -> bool:
    """Whether the timetable of the sitting is published."""
    return Timetable.objects.filter(sitting__code=code, state=TimetableState.PUBLISHED).exists()


def publication(timetable: Timetable, at: datetime) -> Decision:
    """Whether the timetable may be published (EA-22.5)."""
    acknowledged = timetable.state in (TimetableState.ACKNOWLEDGED, TimetableState.PUBLISHED)
    return rules.PUBLICATION(on=local_day(at), acknowledged=acknowledged)


def papers_of(of: Sitting, major: Major | None = None) -> QuerySet[Paper]:
    """The papers of a sitting that some major (or this major) offers, with course and unit, in order of unit."""
    rows = Paper.objects.filter(sitting=of).select_related("course", "unit")
    offered = PaperMajor.objects.filter(paper__sitting=of)
    if major is not None:
        offered = offered.filter(major=major)
    return rows.filter(pk__in=offered.values("paper"))


def units_of(of: Sitting) -> QuerySet[Unit]:
    """The units of a sitting by number, each with its count of papers."""
    return of.units.annotate(paper_count=Count("papers")).order_by("number")


def timetable_data(of: Sitting, *, whole: bool = False) -> TimetableData:
    """The timetable of a sitting as data: its units and the papers that majors offer, or all that it has."""
    units = units_as_data(of.units.order_by("number"))
    majors_of: dict[int, list[str]] = {}
    for paper_id, code in PaperMajor.objects.filter(paper__sitting=of).values_list("paper", "major__code"):
        majors_of.setdefault(paper_id, []).append(code)
    slots = tuple(
        SlotData(
            p.course.code,
            p.course.name,
            p.national and not p.own_paper,
            p.unit.number,
            tuple(sorted(majors_of.get(p.pk, ()))),
        )
        for p in (_with_the_centres(of) if whole else papers_of(of))
    )
    return TimetableData(of.code, units, slots)


def units_as_data(units: QuerySet[Unit]) -> tuple[UnitData, ...]:
    """Units as a timetable carries them."""
    return tuple(UnitData(unit.number, unit.starts_at, unit.ends_at) for unit in units)


def offered_only(data: TimetableData) -> TimetableData:
    """The rows that some major offers: what the public reads."""
    return replace(data, slots=tuple(slot for slot in data.slots if slot.major_codes))


def _with_the_centres(of: Sitting) -> QuerySet[Paper]:
    """The papers that majors offer or the centre has issued; one that was dropped is neither."""
    offered = PaperMajor.objects.filter(paper__sitting=of).values("paper")
    return of.papers.filter(Q(pk__in=offered) | Q(issued_unit__isnull=False)).select_related("course", "unit")


@dataclass(frozen=True)
class GridRow:
    """One major's row of the timetable: its papers by unit number."""

    major: Major
    cells: Mapping[int, tuple[Paper, ...]]

    @property
    def sessions(self) -> list[tuple[Unit, tuple[Paper, ...]]]:
        """The units in which this major has papers, each with them."""
        return [(papers[0].unit, papers) for papers in self.cells.values() if papers]


def timetable_grid(of: Sitting) -> list[GridRow]:
    """The timetable by major: for each major the papers of every unit. Two queries, whatever the size."""
    numbers = [unit.number for unit in of.units.order_by("number")]
    rows = PaperMajor.objects.filter(paper__sitting=of).select_related("major", "paper__course", "paper__unit")
    found: dict[Major, dict[int, list[Paper]]] = {}
    for row in rows.order_by("major__code", "paper__unit__number", "paper__course__code"):
        cells = found.setdefault(row.major, {number: [] for number in numbers})
        cells[row.paper.unit.number].append(row.paper)
    return [
        GridRow(major, {number: tuple(papers) for number, papers in cells.items()}) for major, cells in found.items()
    ]
