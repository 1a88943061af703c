"""Where every card is: seats against cards, cards against pictures received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.stages.marking.models import Question
from zikao.stages.marking.states import CardState, QuestionKind
from zikao.stages.programmes.models import Paper, Sitting
from zikao.stages.seating.models import Seat


@dataclass(frozen=True, slots=True)
class PaperBalance:
    """Counts of one paper.

    Seats: expected = read + resolved + doubtful + absent + missing. Pictures: scanned = placed + unread + set_aside +
    dismissed, `placed` being those that belong to a seat.
    """

    paper_id: int
    course: str
    expected: int
    read: int
    resolved: int
    doubtful: int
    absent: int
    missing: int
    scanned: int
    placed: int
    unread: int
    set_aside: int
    dismissed: int

    @property
    def accounted(self) -> int:
        """Seats whose card's whereabouts are known or known to be missing."""
        return self.read + self.resolved + self.doubtful + self.absent + self.missing

    @property
    def adds_up(self) -> bool:
        """Whether seats and pictures both add up."""
        pictures = self.placed + self.unread + self.set_aside + self.dismissed
        return self.expected == self.accounted and self.scanned == pictures


_BALANCE = """
SELECT paper.id, course.code, seats.expected, seats.read, seats.resolved, seats.doubtful, seats.absent, seats.missing,
       scans.scanned, cards.placed, cards.unread, cards.set_aside, cards.dismissed
  FROM programmes_paper paper
  JOIN programmes_course course ON course.id = paper.course_id
  CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM seating_seat s WHERE s.paper_id = paper.id) AS expected,
           count(*) FILTER (WHERE card.state = 'read' AND attended.present IS NOT FALSE) AS read,
           count(*) FILTER (WHERE card.state = 'resolved' AND attended.present IS NOT FALSE) AS resolved,
           count(*) FILTER (WHERE card.state = 'doubtful') AS doubtful,
           count(*) FILTER (WHERE attended.present IS FALSE AND card.state IS DISTINCT FROM 'doubtful') AS absent,
           count(*) FILTER (WHERE card.id IS NULL AND attended.present IS NOT FALSE) AS missing
      FROM seating_seat seat
      LEFT JOIN marking_card card ON card.seat_id = seat.id AND card.state IN ('read', 'doubtful', 'resolved')
      LEFT JOIN conduct_attendance attended ON attended.seat_id = seat.id
     WHERE seat.paper_id = paper.id) seats
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(count), 0) AS scanned FROM marking_scanbatch batch WHERE batch.paper_id = paper.id) scans
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state IN ('read', 'doubtful', 'resolved')) AS placed,
           count(*) FILTER (WHERE state = 'received') AS unread,
           count(*) FILTER (WHERE state = 'set-aside') AS set_aside,
           count(*) FILTER (WHERE state = 'dismissed') AS dismissed
      FROM marking_card card WHERE card.paper_id = paper.id) cards
 WHERE {where}
 ORDER BY course.code
"""


def card_balance(sitting: Sitting) -> list[PaperBalance]:
    """The balance of every paper of a sitting."""
    return _balances("paper.sitting_id = %s", sitting.pk)


def paper_balance(paper: Paper) -> PaperBalance:
    """The balance of one paper."""
    return _balances("paper.id = %s", paper.pk)[0]


def _balances(where: str, value: int) -> list[PaperBalance]:
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE.format(where=where), [value])
        return [PaperBalance(row[0], row[1], *(int(count) for count in row[2:])) for row in cursor.fetchall()]


def missing_cards(actor: Actor, paper: Paper) -> QuerySet[Seat]:
    """The seats whose candidate was there (or whose room sheet is missing) and whose card is not, by room."""
    counted = (CardState.READ, CardState.DOUBTFUL, CardState.RESOLVED)
    seats = Seat.objects.filter(paper=paper).exclude(attendance__present=False).exclude(cards__state__in=counted)
    return (
        scoped(seats, actor)
        .select_related("room__site", "entry__candidate")
        .order_by("room__site__code", "room__number", "number")
    )


_UNMARKED = """
SELECT (SELECT count(*) FROM conduct_attendance a JOIN seating_seat s ON s.id = a.seat_id
         WHERE s.paper_id = %(paper)s AND a.present)
         - (SELECT count(*) FROM marking_objectivescore o JOIN marking_script s ON s.id = o.script_id
             WHERE s.paper_id = %(paper)s)
       + (SELECT count(*) FROM marking_script s WHERE s.paper_id = %(paper)s) * %(written)s
         - (SELECT count(*) FROM marking_questionscore q JOIN marking_script s ON s.id = q.script_id
             WHERE s.paper_id = %(paper)s)
"""


def totalling_facts(paper: Paper) -> dict[str, Any]:
    """What the rule of totalling asks about a paper."""
    balance = paper_balance(paper)
    written = Question.objects.filter(paper=paper, kind=QuestionKind.SUBJECTIVE).count()
    with connection.cursor() as cursor:
        cursor.execute(_UNMARKED, {"paper": paper.pk, "written": written})
        unmarked = int(cursor.fetchone()[0])
    return {
        "expected": balance.expected,
        "accounted": balance.accounted,
        "missing": balance.missing,
        "doubtful": balance.doubtful,
        "set_aside": balance.set_aside + balance.unread,
        "unmarked": unmarked,
    }
