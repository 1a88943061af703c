"""The data of exam notices, one candidate's or a whole county's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Min

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.commands import scoped
from zikao.foundation.documents import code128, qr
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import accommodations_of, accommodations_on, kind_names, masked
from zikao.stages.candidates.states import Granted
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Draw, Seat
from zikao.stages.seating.queries.draws import area_names
from zikao.stages.seating.states import DrawState

WEEKDAYS = "一二三四五六日"
RULES = (
    "考前{opens}分钟，凭准考证、本通知单和有效居民身份证入场；开考{grace}分钟后，不得进入考点参加当次科目考试。",
    "主动接受身份验证和必要检查；除规定的考试用品外，手机等其他任何物品不得带入考场。",
    "对号入座，证件放在桌上；在指定位置准确填涂姓名、准考证号、座位号，配合采集书写笔迹。",
    "开考信号发出后方可答题；在规定的答题区域内按题号作答，不得在答卷上做任何标记。",
    "考试结束前{hand_in}分钟起方可交卷出场，出场后不得再进场续考；不得将试卷、答卷、草稿纸带出考场。",
    "违规行为按《国家教育考试违规处理办法》处理，并记入国家教育考试诚信档案。",
)
NUMBERS = {"opens": "admission-opens", "grace": "late-admission-grace", "hand_in": "earliest-hand-in"}
CLAUSES = ("考务 第十六条", "考务 第二十八条", "考务 附件1")
_Granted = Mapping[int, Mapping[int, Granted]]
"""What is granted, by unit and candidate."""
_RELATED = ("entry__candidate__major", "paper__course", "unit", "room__site__area")


def notice_of(candidate_id: int, sitting_code: str) -> dict[str, Any]:
    """One candidate's notice; NotFound while notices are not issued, or without a seat."""
    seats = _seats(sitting_code).filter(entry__candidate_id=candidate_id).select_related(*_RELATED)
    rows = list(seats.order_by("unit__number"))
    if not rows:
        raise NotFound("notice-not-found", message="还没有您的考试通知单。", remedy="通知单发放后会在这里出现。")
    granted = {row.unit_id: accommodations_of([candidate_id], local_day(row.unit.starts_at)) for row in rows}
    return {**shared_notice_data(sitting_code), **_notice(rows[0].entry.candidate, rows, sitting_code, granted)}


def notices_in(by: Actor, sitting_code: str, county_code: str = "") -> Iterator[dict[str, Any]]:
    """The notices of the actor's subtree (or of one county in it), by admission number; see `shared_notice_data`."""
    lo = county_code or by.agency_code
    if not by.covers(lo):
        raise NotFound("county-not-found", facts={"county": county_code})
    scope = Actor(by.name, by.post, lo)
    seats = scoped(_seats(sitting_code), scope, "entry__agency_code").select_related(*_RELATED)
    ordered = seats.order_by("entry__candidate__admission_number", "unit__number").iterator(2000)
    units = Unit.objects.filter(sitting__code=sitting_code).order_by("number")
    granted = {unit.pk: accommodations_on(local_day(unit.starts_at)) for unit in units}
    for candidate, rows in groupby(ordered, key=lambda seat: seat.entry.candidate):
        yield _notice(candidate, list(rows), sitting_code, granted)


def counties_with_notices(by: Actor, sitting_code: str) -> list[Agency]:
    """The counties of the actor's subtree that have issued notices, by code."""
    codes = scoped(_seats(sitting_code), by, "entry__agency_code").values("entry__agency_code").distinct()
    return list(Agency.objects.filter(code__in=codes).order_by("code"))


def notice_count(sitting_code: str, county_code: str) -> int:
    """How many candidates of a county have a notice."""
    seats = _seats(sitting_code).filter(entry__agency_code=county_code)
    return int(seats.aggregate(notices=Count("entry__candidate", distinct=True))["notices"])


def shared_notice_data(sitting_code: str) -> dict[str, Any]:
    """What every notice of a sitting has in common."""
    draw = Draw.objects.select_related("sitting").get(sitting__code=sitting_code)
    sitting = draw.sitting
    issued = (draw.issued_at or draw.drawn_at or draw.opened_at).astimezone(LOCAL).date()
    province = _province_code()
    return {
        "agency": area_names([province]).get(province, "省级教育考试机构"),
        "sitting": f"{sitting.year}年{sitting.month}月考试",
        "issued_on": issued,
        "verify": f"编排摘要 {draw.digest[:16]}　座位由公开的随机编排确定，任何人可以重算核验",
        "rules": _rules(sitting_code, province),
        "clauses": CLAUSES,
    }


def _province_code() -> str:
    return Agency.objects.filter(parent__isnull=True).order_by("code").values_list("code", flat=True).first() or ""


def _rules(sitting_code: str, province: str) -> list[str]:
    """The room's rules in short, with the numbers of the law on the sitting's first day."""
    starts_at = Unit.objects.filter(sitting__code=sitting_code).aggregate(first=Min("starts_at"))["first"]
    day = local_day(starts_at)
    numbers = {name: parameter(key).on(day, province=province) for name, key in NUMBERS.items()}
    return [text.format(**numbers) for text in RULES]


def _seats(sitting_code: str) -> Any:
    return Seat.objects.filter(draw__sitting__code=sitting_code, draw__state=DrawState.ISSUED)


def _notice(candidate: Candidate, seats: list[Seat], sitting_code: str, granted: _Granted) -> dict[str, Any]:
    number = candidate.admission_number
    needs = [(seat, granted[seat.unit_id].get(candidate.pk)) for seat in seats]
    return {
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "id_number": masked(candidate).id_number,
        "admission_number": number,
        "major": str(candidate.major),
        "area": seats[0].room.site.area.name,
        "barcode": code128(number),
        "qr": qr(f"ZIKAO:{sitting_code}:{number}:{len(seats)}"),
        "seats": [_row(seat, found) for seat, found in needs],
        "needs": list(dict.fromkeys(_need(seat, found) for seat, found in needs if found is not None)),
        "images": _portrait(candidate),
    }


def _need(seat: Seat, found: Granted) -> str:
    """The accommodations granted for a course's day, and under which decision (EA-52)."""
    return f"{kind_names(sorted(found.kinds), local_day(seat.unit.starts_at))}（{found.number}）"


def _row(seat: Seat, found: Granted | None) -> Mapping[str, str]:
    begins, ends = seat.unit.starts_at.astimezone(LOCAL), seat.unit.ends_at.astimezone(LOCAL)
    extra = found.extra_minutes(int((ends - begins).total_seconds() // 60)) if found else 0
    return {
        "date": f"{begins.year}年{begins.month}月{begins.day}日",
        "weekday": f"周{WEEKDAYS[begins.weekday()]}",
        "time": f"{begins:%H:%M}—{ends:%H:%M}",
        "extended": f"延长 {extra} 分钟，至 {ends + timedelta(minutes=extra):%H:%M}" if extra else "",
        "code": seat.paper.course.code,
        "course": seat.paper.course.name,
        "site": seat.room.site.name,
        "address": seat.room.site.address,
        "room": f"{seat.room.number:03d}",
        "seat": f"{seat.number:02d}",
    }


def _portrait(candidate: Candidate) -> dict[str, bytes]:
    return {"portrait": storage.get(candidate.portrait)} if candidate.portrait else {}
