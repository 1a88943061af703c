"""A corrected timetable written: its papers, what is entered for them, and the edition that the public reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from zikao.foundation.clock import local_day
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.regulation import Decision
from zikao.stages.programmes import entered, queries, rules
from zikao.stages.programmes.commands.rows import courses_of, majors_of, papers_of_rows
from zikao.stages.programmes.commands.sittings import make_units
from zikao.stages.programmes.models import Paper, PaperMajor, Sitting, Timetable, TimetableEdition, Unit
from zikao.stages.programmes.states import (
    Differences,
    EditionKind,
    TimetableData,
    TimetableState,
    UnitData,
    differences,
)


@dataclass(frozen=True)
class Origin:
    """Where a correction comes from: kind, the number under which it runs, and its reason."""

    kind: EditionKind
    document: str
    reason: str


@dataclass(frozen=True)
class Corrected:
    """What a correction did here: how many rows it changed, and what became of entries."""

    changes: int = 0
    entries: entered.Settled = field(default_factory=entered.Settled)


def digest_of(data: TimetableData) -> str:
    """The digest under which a timetable is filed and published."""
    return sm3(canonical(data.as_body())).hex()


def first_edition(timetable: Timetable, at: datetime) -> TimetableEdition:
    """The timetable as it is published first."""
    origin = Origin(EditionKind.FIRST, timetable.filing_number, "")
    return _edition(timetable.sitting, origin, [], {}, at)


def correct(timetable: Timetable, after: TimetableData, origin: Origin, at: datetime) -> Corrected:
    """Write a corrected timetable, settle what is entered, and make the next edition where it is published.

    Raises Refused where the law no longer lets it be corrected.
    """
    sitting = timetable.sitting
    before = queries.timetable_data(sitting)
    found = differences(before, after)
    is_public = timetable.state == TimetableState.PUBLISHED
    entered.hold(sitting.pk)
    may_correct(sitting, found, origin.reason, at, is_public=is_public, is_own=origin.kind == EditionKind.OWN).require()
    if is_public and not sitting.editions.exists():
        first_edition(timetable, timetable.published_at or at)
    aftermath = write_rows(sitting, before, after, found)
    effects = entered.settle(sitting.pk, aftermath, at)
    if is_public and found.changes:
        _edition(sitting, origin, found.plain(), asdict(effects), at)
    return Corrected(len(found.changes), effects)


def may_correct(
    sitting: Sitting, found: Differences, reason: str, at: datetime, *, is_public: bool, is_own: bool
) -> Decision:
    """What the law says to a correction now; the centre's may change nothing here, and a draft is no one's yet."""
    return rules.CORRECTION(
        on=local_day(at),
        reason=reason,
        changes=len(found.changes) if is_own else 1,
        begins_on=_begins_on(sitting) if is_public else None,
        listed=entered.foreseen(sitting.pk, aftermath_of(sitting, found)).listed,
    )


def foreseen_by(sitting: Sitting, after: TimetableData) -> entered.Foreseen:
    """The entries that a corrected timetable would touch now."""
    found = differences(queries.timetable_data(sitting), after)
    return entered.foreseen(sitting.pk, aftermath_of(sitting, found))


def _begins_on(sitting: Sitting) -> date | None:
    first = sitting.units.order_by("starts_at").first()
    return local_day(first.starts_at) if first is not None else None


def aftermath_of(sitting: Sitting, found: Differences) -> entered.Aftermath:
    """What the differences do to the papers that stand; a unit that is not there yet has no id."""
    papers = {paper.course.code: paper for paper in sitting.papers.select_related("course", "unit")}
    units = dict(sitting.units.values_list("number", "pk"))
    narrowed = {code for code, _ in found.narrowed}
    majors = dict(
        PaperMajor.objects.filter(paper__sitting=sitting, paper__course__code__in=narrowed)
        .values_list("major__code", "major_id")
        .distinct()
    )
    times = {
        paper.pk: _said(paper.unit)
        for code, paper in papers.items()
        if code in found.moved or (paper.unit.number in found.retimed and code not in found.dropped)
    }
    return entered.Aftermath(
        moved={papers[code].pk: units.get(number, -number) for code, number in found.moved.items()},
        dropped=tuple(papers[code].pk for code in found.dropped),
        narrowed=tuple((papers[code].pk, majors[major]) for code, major in found.narrowed),
        was_at=times,
    )


def _said(unit: Unit) -> str:
    return f"第{unit.number}单元 {UnitData(unit.number, unit.starts_at, unit.ends_at).in_words}"


def write_rows(sitting: Sitting, before: TimetableData, after: TimetableData, found: Differences) -> entered.Aftermath:
    """Write units, papers and their majors; what is no longer offered keeps its paper, which entries refer to."""
    aftermath = aftermath_of(sitting, found)
    put_times(sitting, after)
    was = {slot.course_code: slot for slot in before.slots}
    changed = [slot for slot in after.slots if was.get(slot.course_code) != slot]
    courses = courses_of(changed)
    papers = papers_of_rows(sitting, changed, courses)
    units = {unit.number: unit for unit in sitting.units.all()}
    touched = []
    for slot in changed:
        paper = papers[slot.course_code]
        paper.unit = units[slot.unit_number]
        paper.own_paper = paper.national and not slot.national
        touched.append(paper)
    Paper.objects.bulk_update(touched, ["unit", "own_paper"])
    gone = [papers[code].pk for code in found.dropped]
    PaperMajor.objects.filter(paper_id__in=[*gone, *(paper.pk for paper in touched)]).delete()
    majors = majors_of(changed)
    PaperMajor.objects.bulk_create(
        PaperMajor(paper=papers[slot.course_code], major=majors[code]) for slot in changed for code in slot.major_codes
    )
    moved = {papers[code].pk: units[number].pk for code, number in found.moved.items()}
    return replace(aftermath, moved=moved)


def put_times(sitting: Sitting, after: TimetableData) -> None:
    """Give the units their corrected times, and make those that are not there yet."""
    standing = {unit.number: unit for unit in sitting.units.all()}
    new = []
    for wanted in after.units:
        unit = standing.get(wanted.number)
        if unit is None:
            new.append(wanted)
        elif (unit.starts_at, unit.ends_at) != (wanted.starts_at, wanted.ends_at):
            unit.starts_at, unit.ends_at = wanted.starts_at, wanted.ends_at
            unit.save(update_fields=["starts_at", "ends_at"])
    make_units(sitting, new)


def with_all_units(sitting: Sitting, data: TimetableData) -> TimetableData:
    """The timetable with the sitting's other units beside its own, so that overlaps are seen."""
    own = {unit.number for unit in data.units}
    others = (UnitData(u.number, u.starts_at, u.ends_at) for u in sitting.units.exclude(number__in=own))
    return replace(data, units=(*data.units, *others))


def _edition(
    sitting: Sitting, origin: Origin, changes: list[dict[str, str]], effects: Mapping[str, int], at: datetime
) -> TimetableEdition:
    data = queries.timetable_data(sitting)
    return TimetableEdition.objects.create(
        sitting=sitting,
        number=sitting.editions.count() + 1,
        kind=origin.kind,
        document=origin.document,
        reason=origin.reason,
        changes=changes,
        effects=dict(effects),
        body=data.as_body(),
        digest=digest_of(data),
        published_at=at,
    )
