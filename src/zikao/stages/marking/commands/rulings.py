"""What people decide about doubtful items and cards set aside: always two of them, each seeing for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, scoped, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.stages.collecting.queries import require_at_work
from zikao.stages.collecting.states import Work
from zikao.stages.marking import policies, rules
from zikao.stages.marking.cards.comparing import ABSENT_MARK_ITEM
from zikao.stages.marking.commands.comparison import ABSENT, PRESENT
from zikao.stages.marking.models import Card, CardRuling, Doubt, DoubtRuling
from zikao.stages.marking.queries import objective_count
from zikao.stages.marking.queries.persons import account_of
from zikao.stages.marking.states import CARD_TRANSITIONS, CardState
from zikao.stages.seating.models import Seat

ITEM_ANSWERS = frozenset("ABCD-*")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person sees in a doubtful item: A to D, "-" blank, "*" several; for the absent mark "P" or "X"."""

    doubt_id: int
    answer: str


@command(
    writes="marking.doubts-ruled",
    clauses=("EA-A9.2.1.5", "EA-A9.2.1.4a", "SR-A1.4", "SR-A1.5"),
    posts=policies.RULERS,
)
def resolve_doubts(*, rulings: Sequence[Ruling], by: Actor, at: datetime) -> Outcome[int]:
    """Rule on doubtful items. Two people who agree settle an item; where they differ a third looks.

    Gives the number of items settled. A card whose last doubt is settled is resolved.

    Source:  EA-A9.2.1.5, EA-A9.2.1.4a, SR-A1.4, SR-A1.5
    Writes:  marking.doubts-ruled
    Raises:  NotPermitted, NotFound, BadInput, WrongState (settled already), Refused (ruled already, against the sheet)
    """
    doubts = _open_doubts(rulings, by)
    for sitting_id in sorted({doubt.card.paper.sitting_id for doubt in doubts.values()}):
        require_at_work(Work.MARKING, by, at, sitting_id=sitting_id)
    day, province = local_day(at), by.agency_code[:2] or None
    views = _views(doubts)
    settled: dict[int, str] = {}
    for ruling in rulings:
        doubt, known = doubts[ruling.doubt_id], views.setdefault(ruling.doubt_id, {})
        _check_answer(doubt, ruling.answer)
        rules.RULING(on=day, person=by.account_id, ruled_by=frozenset(known)).require()
        if doubt.item == ABSENT_MARK_ITEM:
            attendance = getattr(doubt.card.seat, "attendance", None)
            present = attendance.present if attendance else None
            rules.ABSENCE_RULING(on=day, ruled_absent=ruling.answer == ABSENT, present=present).require()
        known[account_of(by)] = ruling.answer
        answer = rules.SETTLED_VIEW(on=day, views=known, province=province)
        if answer is not None:
            settled[doubt.pk] = answer
    DoubtRuling.objects.bulk_create(
        DoubtRuling(
            doubt_id=ruling.doubt_id,
            account_id=account_of(by),
            name=by.name,
            answer=ruling.answer,
            ruled_at=at,
            agency_code=doubts[ruling.doubt_id].agency_code,
        )
        for ruling in rulings
    )
    resolved = _settle(settled, at)
    one = doubts[rulings[0].doubt_id] if len(rulings) == 1 else None
    on: str | Card = one.card if one else f"marking.doubts:{len(rulings)}"
    facts = {"count": len(rulings), "settled": len(settled), "cards_resolved": resolved}
    return Outcome(len(settled), on=on, facts=facts | ({"item": one.item} if one else {}))


def _open_doubts(rulings: Sequence[Ruling], by: Actor) -> dict[int, Doubt]:
    wanted = [ruling.doubt_id for ruling in rulings]
    if not wanted or len(set(wanted)) != len(wanted):
        raise BadInput("bad-rulings", message="没有裁定，或者同一项裁定了两次。")
    rows: QuerySet[Doubt] = Doubt.objects.select_for_update(of=("self",)).select_related(
        "card__seat__attendance", "card__paper"
    )
    found = {doubt.pk: doubt for doubt in scoped(rows.filter(pk__in=wanted), by).order_by("pk")}
    if len(found) != len(wanted):
        raise NotFound("doubt-not-found", message="没有找到这项存疑，或不在您的管辖范围内。")
    if any(doubt.answer for doubt in found.values()):
        raise WrongState("doubt-settled", message="这项存疑已经裁定。", remedy="请刷新存疑列表。")
    return found


def _views(doubts: dict[int, Doubt]) -> dict[int, dict[int, str]]:
    views: dict[int, dict[int, str]] = {}
    rows = DoubtRuling.objects.filter(doubt_id__in=doubts).values_list("doubt_id", "account_id", "answer")
    for doubt_id, account_id, answer in rows:
        views.setdefault(doubt_id, {})[account_id] = answer
    return views


def _check_answer(doubt: Doubt, answer: str) -> None:
    allowed = {PRESENT, ABSENT} if doubt.item == ABSENT_MARK_ITEM else ITEM_ANSWERS
    if answer not in allowed:
        raise BadInput("bad-ruling", field_errors={"answer": "请选择一个选项。"}, message="裁定的内容有误。")


_SETTLE = """
UPDATE marking_doubt SET answer = new.answer, settled_at = %s
  FROM unnest(%s::bigint[], %s::text[]) AS new (id, answer) WHERE marking_doubt.id = new.id
RETURNING marking_doubt.card_id
"""
_ANSWERS = """
UPDATE marking_card card
   SET answers = coalesce(merged.answers, card.answers), absent = coalesce(merged.absent, card.absent),
       state = CASE WHEN merged.open THEN card.state ELSE 'resolved' END
  FROM (SELECT c.id,
               (SELECT string_agg(coalesce(nullif(d.answer, ''), substr(c.answers, n, 1)), '' ORDER BY n)
                  FROM generate_series(1, length(c.answers)) n
                  LEFT JOIN marking_doubt d ON d.card_id = c.id AND d.item = n) AS answers,
               (SELECT d.answer = 'X' FROM marking_doubt d WHERE d.card_id = c.id AND d.item = 0 AND d.answer <> '')
                 AS absent,
               EXISTS (SELECT 1 FROM marking_doubt d WHERE d.card_id = c.id AND d.answer = '') AS open
          FROM marking_card c WHERE c.id = ANY(%s)) merged
 WHERE card.id = merged.id AND card.state = 'doubtful'
RETURNING card.state
"""


def _settle(settled: dict[int, str], at: datetime) -> int:
    """Write the settled answers into doubts and cards; gives the number of cards without further doubt."""
    if not settled:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [at, list(settled), list(settled.values())])
        cards = sorted({row[0] for row in cursor.fetchall()})
        cursor.execute(_ANSWERS, [cards])
        return sum(row[0] == CardState.RESOLVED for row in cursor.fetchall())


@command(
    writes="marking.card-placed",
    clauses=("EA-A9.2.1.5", "EA-A9.2.1.2", "SR-A1.4", "SR-A1.5"),
    posts=policies.RULERS,
)
def place_set_aside(
    *, card_id: int, seat_id: int | None, answers: str, note: str, by: Actor, at: datetime
) -> Outcome[Card]:
    """Say whose card a set-aside one is and what is filled on it, or (`seat_id` None) that it does not count.

    It takes effect when a second person says the same; the card itself is never changed.

    Source:  EA-A9.2.1.5, EA-A9.2.1.2, SR-A1.4, SR-A1.5
    Writes:  marking.card-placed
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Conflict (the seat has a card), Refused
    """
    card = access(Card.objects.select_for_update(of=("self",)).select_related("paper"), by, pk=card_id)
    require_at_work(Work.MARKING, by, at, sitting_id=card.paper.sitting_id)
    target = CardState.RESOLVED if seat_id else CardState.DISMISSED
    check_transition(CARD_TRANSITIONS, CardState(card.state), target)
    seat = _seat_for(card, seat_id, by) if seat_id else None
    _check_transcript(card, seat, answers)
    if not note.strip():
        raise BadInput("no-note", field_errors={"note": "请写明认定的依据。"}, message="没有写明依据。")
    earlier = list(card.rulings.all())
    day = local_day(at)
    rules.RULING(on=day, person=by.account_id, ruled_by=frozenset(each.account_id for each in earlier)).require()
    said = CardRuling.objects.create(
        card=card,
        account_id=account_of(by),
        name=by.name,
        seat=seat,
        answers=answers,
        note=note,
        ruled_at=at,
        agency_code=card.agency_code,
    )
    views = {each.account_id: each.view for each in (*earlier, said)}
    settled = rules.SETTLED_VIEW(on=day, views=views, province=by.agency_code[:2] or None) is not None
    before = snapshot(card)
    if settled:
        _take_effect(card, seat, answers, target)
    facts = {"settled": settled, "seat": seat_id, "reason": card.reason, "people": len(views)}
    return Outcome(card, before=before, facts=facts)


def _seat_for(card: Card, seat_id: int, by: Actor) -> Seat:
    seat = access(Seat.objects.all(), by, pk=seat_id, paper=card.paper)
    if seat.cards.filter(state__in=(CardState.READ, CardState.DOUBTFUL, CardState.RESOLVED)).exists():
        raise Conflict(
            "seat-has-card", message="这个座位已有一张答题卡。", remedy="请核对条形码和座位；重复的卡认定为不计入。"
        )
    return seat


def _check_transcript(card: Card, seat: Seat | None, answers: str) -> None:
    items = objective_count(card.paper)
    if seat is not None and (len(answers) != items or set(answers) - ITEM_ANSWERS):
        message = f"请按题号录入 {items} 题的填涂：A、B、C、D，空白填“-”，多涂填“*”。"
        raise BadInput("bad-transcript", field_errors={"answers": message}, message=message)
    if seat is None and answers:
        raise BadInput("dismissed-with-answers", message="不计入的答题卡不录入填涂。")


def _take_effect(card: Card, seat: Seat | None, answers: str, target: CardState) -> None:
    card.state, card.seat, card.answers = target, seat, answers
    if seat is not None:
        attendance = getattr(seat, "attendance", None)
        card.absent = attendance is not None and not attendance.present
        card.agency_code = seat.agency_code
    card.save(update_fields=["state", "seat", "answers", "absent", "agency_code"])
