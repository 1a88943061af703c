"""Reading corrections and editions of timetables; all of it is public or the province's own, nothing is scoped."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db.models import QuerySet

from zikao.foundation.clock import local_day
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import clause
from zikao.stages.agencies.queries import agency_name
from zikao.stages.programmes.models import NationalEdition, Sitting, TimetableCorrection, TimetableEdition
from zikao.stages.programmes.states import Change, CorrectionState, NationalState


def corrections_of(of: Sitting) -> QuerySet[TimetableCorrection]:
    """The corrections of a sitting's timetable that were begun here, the newest first; without their bodies."""
    return TimetableCorrection.objects.filter(sitting=of).defer("body").select_related("sitting")


def correction(correction_id: int) -> TimetableCorrection:
    """One correction; NotFound where there is none."""
    found = TimetableCorrection.objects.select_related("sitting").filter(pk=correction_id).first()
    if found is None:
        raise NotFound("correction-not-found", facts={"correction": correction_id})
    return found


def corrections_to_move() -> QuerySet[TimetableCorrection]:
    """The corrections that wait for being filed or published."""
    waiting = (CorrectionState.STAGED, CorrectionState.ACKNOWLEDGED)
    return TimetableCorrection.objects.filter(state__in=waiting).defer("body").select_related("sitting")


def editions_of(of: Sitting) -> QuerySet[TimetableEdition]:
    """What was public of a sitting, the latest edition first; without their bodies."""
    return TimetableEdition.objects.filter(sitting=of).defer("body").order_by("-number")


def edition(sitting_code: str, number: int) -> TimetableEdition:
    """One edition of a published timetable; NotFound where there is none."""
    rows = TimetableEdition.objects.select_related("sitting")
    found = rows.filter(sitting__code=sitting_code, number=number).first()
    if found is None:
        raise NotFound("edition-not-found", message=f"没有考次 {sitting_code} 考试安排的第{number}版。")
    return found


def changes_in(found: TimetableEdition | TimetableCorrection) -> list[Change]:
    """The rows that it changes."""
    return [Change(**row) for row in found.changes]


def notice_of(found: TimetableEdition) -> dict[str, object]:
    """What the notice of a correction (programmes/correction.typ) is made of."""
    return {
        "agency": agency_name(settings.ZIKAO_NODE_CODE),
        "number": f"{found.sitting.code} 第{found.number}版（{found.document}）",
        "sitting": str(found.sitting),
        "reason": found.reason,
        "changes": [changed_row(change) for change in changes_in(found)],
        "advice": advice(found.effects),
        "issued_on": local_day(found.published_at),
        "clauses": [clause("EA-22.5").chip],
    }


def changed_row(change: Change) -> dict[str, str]:
    """A row of a correction as it is printed."""
    course = f"{change.course} {change.name}".strip()
    return {"kind": change.label, "course": course, "before": change.before, "after": change.after}


def advice(effects: Mapping[str, int]) -> list[str]:
    """What who has entered can do, as far as anybody is concerned."""
    told = {
        "retimed": "考试时间改动的课程，报考保留；不能按新的时间参加的，名册封存之前可以退报，全额退费。",
        "clashing": "改动后与所报的另一门课程同一单元的，请在名册封存之前退报其中一门，全额退费；到时没有处理的，"
        "改动的一门退报并全额退费。",
        "withdrawn": "取消的课程，报考已经退报，已缴的考试费全额原路退回，不用申请。",
    }
    return [words for name, words in told.items() if effects.get(name)]


def national_editions_of(sitting_code: str) -> QuerySet[NationalEdition]:
    """The centre's timetable of a sitting and its corrections as they came, in their order; without their bodies."""
    return NationalEdition.objects.filter(sitting_code=sitting_code).defer("body")


def is_taken(sitting_code: str, number: int, digest: str) -> bool:
    """Whether exactly this edition of the centre's timetable has taken effect here."""
    rows = NationalEdition.objects.filter(sitting_code=sitting_code, number=number, state=NationalState.TAKEN)
    return rows.filter(digest=digest).exists()
