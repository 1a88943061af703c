"""The two readings of a batch compared, and its cards given to their seats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, copied_in
from zikao.foundation.errors import WrongState
from zikao.foundation.secrecy.classes import distance
from zikao.stages.marking import policies, rules
from zikao.stages.marking.cards.comparing import ABSENT_MARK_ITEM, Compared, compared
from zikao.stages.marking.cards.judging import DoubtReason
from zikao.stages.marking.cards.reading import CardReading, SetAsideReason
from zikao.stages.marking.models import Reading, ScanBatch
from zikao.stages.marking.secrets import SCRIPTS
from zikao.stages.marking.states import CardState
from zikao.stages.programmes.models import Paper
from zikao.stages.seating.models import Seat

PRESENT, ABSENT = "P", "X"
_COUNTED = (CardState.READ, CardState.DOUBTFUL, CardState.RESOLVED)


@dataclass(frozen=True, slots=True)
class _Place:
    """A seat that a card may belong to; `present` by the room sheet, None where there is none yet."""

    seat_id: int
    agency_code: str
    present: bool | None


@dataclass(frozen=True, slots=True)
class _Settled:
    """A card after comparison: its readings, what they come to, and where it belongs."""

    card_id: int
    first: CardReading
    second: CardReading
    result: Compared
    place: _Place | None

    @property
    def state(self) -> CardState:
        if self.result.set_aside is not None:
            return CardState.SET_ASIDE
        return CardState.DOUBTFUL if self.result.doubts else CardState.READ


@command(
    writes="marking.readings-compared",
    clauses=("EA-A9.2.1.4a", "EA-A9.2.1.5", "EA-11.1"),
    posts=policies.READER_OPERATORS,
)
def compare_readings(*, batch_id: int, by: Actor, at: datetime) -> Outcome[ScanBatch]:
    """Compare the two readings of every card of a batch: agreed, doubtful for people, or set aside with a reason.

    Source:  EA-A9.2.1.4a, EA-A9.2.1.5
    Writes:  marking.readings-compared
    Raises:  NotPermitted, NotFound, WrongState (compared already, cards unread), Refused (one machine, one reading;
             an interest in the sitting)
    """
    rows = ScanBatch.objects.select_for_update(of=("self",)).select_related("paper__course", "paper__sitting")
    batch = access(rows, by, pk=batch_id)
    distance(batch.paper.sitting.code, SCRIPTS.label, by=by, at=at).require()
    if batch.compared_at is not None:
        raise WrongState("compared-already", message="这一批次已经比对。")
    pairs = _pairs(batch)
    unread = batch.cards.filter(state=CardState.RECEIVED).count() - len(pairs)
    machines = tuple(sorted({(r.reader, r.machine) for pair in pairs.values() for r in pair}))
    if pairs or unread:
        rules.READINGS(on=local_day(at), machines=tuple(machine for _, machine in machines)).require()
    if unread:
        raise WrongState("cards-unread", facts={"unread": unread}, message=f"还有 {unread} 张没有做完两次识读。")
    settled = list(_settled(pairs, batch.paper))
    _write_cards(settled, batch)
    _write_doubts(settled)
    batch.compared_at = at
    batch.save(update_fields=["compared_at"])
    counts = {state.name.lower(): sum(each.state == state for each in settled) for state in _STATES}
    return Outcome(batch, facts={"count": len(settled), **counts})


_STATES = (CardState.READ, CardState.DOUBTFUL, CardState.SET_ASIDE)


def _pairs(batch: ScanBatch) -> dict[int, tuple[Reading, Reading]]:
    rows = Reading.objects.filter(card__batch=batch, card__state=CardState.RECEIVED).order_by("card_id", "reader")
    by_card: dict[int, list[Reading]] = {}
    for row in rows.iterator(chunk_size=5000):
        by_card.setdefault(row.card_id, []).append(row)
    return {card_id: (both[0], both[1]) for card_id, both in by_card.items() if len(both) == 2}


def _seen(row: Reading) -> CardReading:
    return CardReading(
        barcode=row.barcode,
        answers=row.answers,
        doubts=tuple((number, DoubtReason(reason)) for number, reason in row.doubts),
        absent=row.absent,
        turned=row.turned,
        set_aside=SetAsideReason(row.reason) if row.reason else None,
    )


def _settled(pairs: dict[int, tuple[Reading, Reading]], paper: Paper) -> Iterator[_Settled]:
    places = _places(paper, {row.barcode[5:] for pair in pairs.values() for row in pair if row.barcode})
    taken = set(Seat.objects.filter(paper=paper, cards__state__in=_COUNTED).values_list("id", flat=True))
    for card_id, (one, two) in pairs.items():
        first, second = _seen(one), _seen(two)
        result = compared(first, second)
        place = places.get(result.barcode[5:])
        if result.set_aside is None:
            result = _with_seat(result, place, paper, taken)
        if result.set_aside is None and place is not None:
            taken.add(place.seat_id)
        yield _Settled(card_id, first, second, result, place if result.set_aside is None else None)


def _with_seat(result: Compared, place: _Place | None, paper: Paper, taken: set[int]) -> Compared:
    if result.barcode[:5] != paper.course.code:
        return replace(result, set_aside=SetAsideReason.WRONG_COURSE)
    if place is None:
        return replace(result, set_aside=SetAsideReason.UNKNOWN_SEAT)
    if place.seat_id in taken:
        return replace(result, set_aside=SetAsideReason.DUPLICATE)
    known = {number for number, _ in result.doubts}
    if place.present is not None and result.absent is place.present and ABSENT_MARK_ITEM not in known:
        return replace(result, doubts=((ABSENT_MARK_ITEM, DoubtReason.ABSENT_MARK), *result.doubts))
    return result


def _places(paper: Paper, numbers: Iterable[str]) -> dict[str, _Place]:
    rows = Seat.objects.filter(paper=paper, entry__candidate__admission_number__in=list(numbers)).values_list(
        "entry__candidate__admission_number", "id", "agency_code", "attendance__present"
    )
    return {number: _Place(pk, agency_code, present) for number, pk, agency_code, present in rows}


_UPDATE = """
UPDATE marking_card card
   SET state = new.state, reason = new.reason, barcode = new.barcode, answers = new.answers, absent = new.absent,
       seat_id = new.seat_id, agency_code = coalesce(new.agency_code, card.agency_code)
  FROM (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::bigint[],
                             %s::text[]) AS t (id, state, reason, barcode, answers, absent, seat_id, agency_code)) new
 WHERE card.id = new.id
"""


def _write_cards(settled: list[_Settled], batch: ScanBatch) -> None:
    columns: list[list[object]] = [[] for _ in range(8)]
    for each in settled:
        result, place = each.result, each.place
        row = (
            each.card_id,
            each.state.value,
            result.set_aside.value if result.set_aside else "",
            result.barcode,
            result.answers,
            result.absent,
            place.seat_id if place else None,
            place.agency_code if place else None,
        )
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, columns)


def _write_doubts(settled: list[_Settled]) -> None:
    names = "card_id, item, reason, first, second, answer, agency_code"
    copied_in(
        "marking_doubt",
        names,
        (
            (each.card_id, number, reason.value, *_what_was_seen(each, number), "", each.place.agency_code)
            for each in settled
            if each.place is not None
            for number, reason in each.result.doubts
        ),
    )


def _what_was_seen(each: _Settled, number: int) -> tuple[str, str]:
    if number == ABSENT_MARK_ITEM:
        marks = {True: ABSENT, False: PRESENT, None: "?"}
        return marks[each.first.absent], marks[each.second.absent]
    return each.first.answers[number - 1], each.second.answers[number - 1]
