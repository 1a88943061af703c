"""Lists of wishes and of fees, looked at before anything is written: each wrong row by line, column and reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Sum

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import all_rows
from zikao.foundation.regulation import parameter, refusal_text
from zikao.foundation.sheets import Fault
from zikao.stages.candidates.kinship import kept_apart
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import candidates, suspended_until
from zikao.stages.entries.models import Entry, EntryWindow, Payment
from zikao.stages.entries.queries.entering import STANDING, course_facts
from zikao.stages.entries.queries.judging import refused_of
from zikao.stages.entries.queries.periods import categories_of, periods_of
from zikao.stages.entries.rules import AMOUNT, PERIOD
from zikao.stages.entries.states import (
    ON_SITE,
    EntryRow,
    EntryState,
    ListedPayment,
    ListedWish,
    PaymentRow,
    RefusedRow,
)
from zikao.stages.programmes.models import Paper

LOOKED_UP = 500
UNKNOWN = "本机构没有这一准考证号的考生。请核对号码；在外县（区）报名的，到报名地办理。"
_COLUMNS = {
    "candidate-not-found": "准考证号",
    "own-relative": "准考证号",
    "suspended": "准考证号",
    "period-not-open": "准考证号",
    "area-unknown": "考区代码",
    "move-within-province-needed": "考区代码",
    "no-place-left": "考区代码",
    "pledge-missing": "已签承诺书",
}
_SAID = {
    "candidate-not-found": "考生不在册，不能报考。请到考生页面查看状态。",
    "area-unknown": "没有这一代码的考区。请填地（市）的4位代码；在报名地考试的可以留空。",
}


@dataclass(frozen=True)
class Wished:
    """A wish of a list whose candidate and paper were found."""

    line: int
    candidate: Candidate
    paper: Paper
    row: EntryRow


def wishes_found(listed: Sequence[ListedWish], window: EntryWindow, actor: Actor) -> tuple[list[Wished], list[Fault]]:
    """The wishes with their candidates and papers, and the rows whose candidate or course is not there."""
    people = _by_number({each.number for each in listed}, actor)
    rows = Paper.objects.filter(sitting_id=window.sitting_id).select_related("course", "unit")
    papers = {row.course.code: row for row in rows}
    found, faults = [], []
    for each in listed:
        who, paper = people.get(each.number), papers.get(each.course)
        if who is None:
            faults.append(Fault(each.line, "准考证号", UNKNOWN))
        if paper is None:
            faults.append(
                Fault(each.line, "课程代码", "这门课程不在本次考试的安排之内。请从本次考试的开考课程中选择。")
            )
        if who is not None and paper is not None:
            row = EntryRow(who.pk, paper.pk, each.area or who.agency_code[:4], each.pledged)
            found.append(Wished(each.line, who, paper, row))
    return found, faults


def wishes_refused(wished: Sequence[Wished], window: EntryWindow, actor: Actor, at: datetime) -> list[Fault]:
    """What the law says now against these wishes, a fault for each that would be refused."""
    refused = refused_of([each.row for each in wished], window, actor, at)
    return _in_words(refused, wished, window, actor, at)


def _in_words(
    refused: Sequence[RefusedRow], wished: Sequence[Wished], window: EntryWindow, actor: Actor, at: datetime
) -> list[Fault]:
    """With the facts that decided; those that take a look at each candidate are told of the first rows only."""
    by_place = {(each.row.candidate_id, each.row.paper_id): each for each in wished}
    people = {refusal.candidate_id for refusal in refused}
    apart, beside = kept_apart(actor, people), _beside(people, wished, window)
    most = parameter("max-courses-per-sitting").on(local_day(at), province=settings.ZIKAO_NODE_CODE)
    faults = []
    for number, refusal in enumerate(refused):
        each = by_place[refusal.candidate_id, refusal.paper_id]
        courses = beside[each.candidate.pk]
        facts: dict[str, object] = {
            "course": each.paper.course.code,
            "course_name": each.paper.course.name,
            "unit": each.paper.unit.number,
            "courses": courses[each.paper.unit_id],
            "total": sum(map(len, courses.values())),
            "most": most,
            "area": each.row.area_code,
            "own_area": each.candidate.agency_code[:4],
            "where": f"考区 {each.row.area_code} 第{each.paper.unit.number}单元",
            "relation": apart.get(each.candidate.pk),
        }
        code, more = _looked_up(refusal.code, each, window, at) if number < LOOKED_UP else (refusal.code, {})
        words = _SAID.get(code) or "".join(refusal_text(code, {**facts, **more}))
        faults.append(Fault(each.line, _COLUMNS.get(refusal.code, "课程代码"), words))
    return faults


def _beside(people: Collection[int], wished: Sequence[Wished], window: EntryWindow) -> dict[int, dict[int, list[str]]]:
    """By candidate and unit, the courses that the list wishes and that are entered."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in wished:
        found[each.candidate.pk][each.paper.unit_id].append(str(each.paper.course))
    standing = Entry.objects.filter(candidate_id__in=people, sitting_id=window.sitting_id, state__in=STANDING)
    for entry in standing.select_related("paper__course").order_by("id"):
        courses = found[entry.candidate_id][entry.unit_id]
        if str(entry.paper.course) not in courses:
            courses.append(str(entry.paper.course))
    return found


def _looked_up(code: str, each: Wished, window: EntryWindow, at: datetime) -> tuple[str, Mapping[str, object]]:
    """What decided, where it takes a look at the candidate: until when suspended, what comes first, which period."""
    day = local_day(at)
    if code == "suspended":
        return code, {"until": suspended_until(each.candidate, day)}
    if code == "course-before-other":
        return code, {"after": course_facts(each.candidate, [each.paper.pk], day)[0].after}
    if code == "period-not-open":
        mine = {"periods": periods_of(window), "categories": categories_of(each.candidate, window, at)}
        said = PERIOD(on=day, way=ON_SITE, at=at, **mine).refusals
        return (said[0].code, said[0].facts) if said else (code, {})
    return code, {}


def payments_found(listed: Sequence[ListedPayment], actor: Actor) -> tuple[list[PaymentRow], list[Fault]]:
    """The payments with their candidates, and the rows whose candidate is not there."""
    people = _by_number({each.number for each in listed}, actor)
    apart = kept_apart(actor, [each.pk for each in people.values()])
    rows, faults = [], []
    for each in listed:
        who = people.get(each.number)
        if who is None:
            faults.append(Fault(each.line, "准考证号", UNKNOWN))
        elif who.pk in apart:
            words = "".join(refusal_text("own-relative", {"relation": apart[who.pk]}))
            faults.append(Fault(each.line, "准考证号", words))
        else:
            rows.append(PaymentRow(who.pk, each.order, each.amount_fen))
    return rows, faults


def recorded(numbers: Collection[str]) -> dict[str, Payment]:
    """The payments that are recorded under these numbers, whoever recorded them."""
    with all_rows("EA-13.2：订单号全省唯一，重复的通知只记一次"):
        return {each.order_number: each for each in Payment.objects.filter(order_number__in=numbers)}


def is_same(payment: Payment, row: PaymentRow, sitting_id: int) -> bool:
    """Whether a recorded payment is the one that the row tells of."""
    told = (row.candidate_id, sitting_id, row.amount_fen)
    return (payment.candidate_id, payment.sitting_id, payment.amount_fen) == told


def amounts_refused(rows: Sequence[PaymentRow], sitting_id: int, at: datetime) -> dict[str, str]:
    """Why, by number, these payments are not what their candidates owe for a sitting."""
    unpaid = Entry.objects.filter(
        sitting_id=sitting_id, state=EntryState.ENTERED, candidate_id__in=[row.candidate_id for row in rows]
    )
    due: Mapping[int, int] = dict(unpaid.order_by().values_list("candidate_id").annotate(fen=Sum("fee_fen")))
    on = local_day(at)
    judged = {
        row.order_number: AMOUNT(on=on, amount_fen=row.amount_fen, due_fen=due.get(row.candidate_id, 0)) for row in rows
    }
    return {number: said.refusals[0].message for number, said in judged.items() if not said.granted}


def payments_refused(
    rows: Sequence[PaymentRow], sitting_id: int, at: datetime
) -> tuple[list[tuple[str, str, str]], frozenset[str]]:
    """Why payments cannot be recorded (number, column, reason), and the numbers that were recorded before."""
    known = recorded([row.order_number for row in rows])
    used = "这个收款号已经用于另一笔缴费。请核对票据或流水号。"
    before = {row.order_number: row for row in rows if row.order_number in known}
    other = {number for number, row in before.items() if not is_same(known[number], row, sitting_id)}
    new = [row for row in rows if row.order_number not in known]
    amounts = amounts_refused(new, sitting_id, at)
    refused = [(number, "收款号", used) for number in other] + [(n, "金额", said) for n, said in amounts.items()]
    return refused, frozenset(before.keys() - other)


def _by_number(numbers: Collection[str], actor: Actor) -> dict[str, Candidate]:
    rows = candidates(actor).select_related(None).filter(admission_number__in=numbers)
    return {row.admission_number: row for row in rows}
