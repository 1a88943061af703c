"""What one edition of a timetable changes against another: the rows with before and after, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from zikao.stages.programmes.states.shapes import SlotData, TimetableData, UnitData

NONE = "（无）"
RETIMED, ADDED, DROPPED, MOVED, MAJORS, SETTER = "retimed", "added", "dropped", "moved", "majors", "setter"
LABELS = {
    RETIMED: "考试时间改动",
    ADDED: "新增课程",
    DROPPED: "取消课程",
    MOVED: "改到其他单元",
    MAJORS: "开考专业改动",
    SETTER: "命题单位改动",
}


@dataclass(frozen=True)
class Change:
    """A row of a correction: what kind, which course (none where a unit's time changes), before and after in words."""

    kind: str
    course: str
    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """The kind in words."""
        return LABELS[self.kind]

    def plain(self) -> dict[str, str]:
        """As it is kept and sent."""
        return asdict(self)


@dataclass(frozen=True)
class Differences:
    """The changes in the order of units and courses, and what they do to the rows.

    `moved`: unit by course; `narrowed`: (course, major) that the course is no longer offered to; `retimed`: units.
    """

    changes: tuple[Change, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: Mapping[str, int]
    narrowed: tuple[tuple[str, str], ...]
    retimed: tuple[int, ...]

    def plain(self) -> list[dict[str, str]]:
        """The changes as they are kept and sent."""
        return [change.plain() for change in self.changes]


def differences(before: TimetableData, after: TimetableData) -> Differences:
    """What `after` changes; a unit that `after` does not name stays as it is."""
    was, becomes = {s.course_code: s for s in before.slots}, {s.course_code: s for s in after.slots}
    units = {unit.number: unit for unit in before.units}
    new_units = units | {unit.number: unit for unit in after.units}
    retimed = tuple(n for n, unit in sorted(units.items()) if not _same_time(unit, new_units[n]))
    both = sorted(was.keys() & becomes.keys())
    found = [Change(RETIMED, "", f"第{n}单元", units[n].in_words, new_units[n].in_words) for n in retimed]
    found += [_one_sided(DROPPED, was[code], units) for code in sorted(was.keys() - becomes.keys())]
    found += [_one_sided(ADDED, becomes[code], new_units) for code in sorted(becomes.keys() - was.keys())]
    for code in both:
        found += _changes(was[code], becomes[code], units, new_units)
    return Differences(
        changes=tuple(found),
        added=tuple(sorted(becomes.keys() - was.keys())),
        dropped=tuple(sorted(was.keys() - becomes.keys())),
        moved={code: becomes[code].unit_number for code in both if was[code].unit_number != becomes[code].unit_number},
        narrowed=tuple((c, major) for c in both for major in sorted(_lost(was[c], becomes[c]))),
        retimed=retimed,
    )


def where(slot: SlotData, units: Mapping[int, UnitData]) -> str:
    """A row's unit with its time, in words."""
    unit = units.get(slot.unit_number)
    return f"第{slot.unit_number}单元" + (f" {unit.in_words}" if unit else "")


def _same_time(one: UnitData, other: UnitData) -> bool:
    return (one.starts_at, one.ends_at) == (other.starts_at, other.ends_at)


def _one_sided(kind: str, slot: SlotData, units: Mapping[int, UnitData]) -> Change:
    said = where(slot, units)
    return Change(kind, slot.course_code, slot.course_name, *((said, NONE) if kind == DROPPED else (NONE, said)))


def _changes(
    old: SlotData, new: SlotData, units: Mapping[int, UnitData], new_units: Mapping[int, UnitData]
) -> Iterator[Change]:
    course = (old.course_code, old.course_name)
    if old.unit_number != new.unit_number:
        yield Change(MOVED, *course, where(old, units), where(new, new_units))
    if set(old.major_codes) != set(new.major_codes):
        yield Change(MAJORS, *course, _listed(old), _listed(new))
    if old.national != new.national:
        yield Change(SETTER, *course, _setter(old), _setter(new))


def _lost(old: SlotData, new: SlotData) -> set[str]:
    return set(old.major_codes) - set(new.major_codes)


def _listed(slot: SlotData) -> str:
    return "、".join(sorted(slot.major_codes)) or NONE


def _setter(slot: SlotData) -> str:
    return "全国统考" if slot.national else "本省命题"
