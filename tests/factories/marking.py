"""A paper sat in a room, its cards filled and scanned, its key signed: each by its commands where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.factories.actors import PROVINCE
from tests.factories.agencies import a_site
from tests.factories.candidates import candidates
from tests.factories.collecting import COLLEAGUES, LEADER, at_their_place
from tests.factories.entries import a_frozen_list, paid_entries
from tests.factories.personnel import certified
from tests.factories.programmes import a_paper as a_paper
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.stages.collecting.states import Work
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.marking import commands
from zikao.stages.marking.cards.layout import card_layout
from zikao.stages.marking.commands.keys import WrittenQuestion
from zikao.stages.marking.models import AnswerKey, Card, Marker, ScanBatch
from zikao.stages.marking.tasks import read_batch as read_batch
from zikao.stages.personnel.states import PostKind
from zikao.stages.programmes.models import Paper
from zikao.stages.seating.models import Draw, Seat
from zikao.world.scans import CAREFUL, Filled, Flaws, Habits, Scanner, printed_blank

COURSE = "00037"
KEY = "ABCDABCDAB"
HEAD = Actor("考务负责人", Post.EXAM_AFFAIRS_HEAD, PROVINCE, account_id=900_901)
CLERK = Actor("考务员", Post.PROVINCE_CLERK, PROVINCE, account_id=900_902)
KEY_CLERK = Actor("录入员", Post.KEY_CLERK, PROVINCE, account_id=900_903)
OPERATOR = Actor("识读员甲", Post.READER_OPERATOR, PROVINCE, account_id=900_904)
OTHER_OPERATOR = Actor("识读员乙", Post.READER_OPERATOR, PROVINCE, account_id=900_905)
REVIEWER = Actor("积分复核员", Post.TOTALS_REVIEWER, PROVINCE, account_id=900_906)


def at_the_marking_place(at: datetime, paper: Paper, *people: Actor) -> None:
    """Those who rule on cards and correct their data are at the marking place, and `people` with them."""
    at_their_place(at, Work.MARKING, (LEADER, CLERK, OPERATOR, OTHER_OPERATOR, *people), paper.sitting)


def at_the_totalling_place(at: datetime, paper: Paper) -> None:
    """The operator, the reviewer and a clerk are where scores are added up."""
    at_their_place(at, Work.TOTALLING, (OPERATOR, REVIEWER, COLLEAGUES[0]), paper.sitting)


def marker_actor(number: int) -> Actor:
    """The marker of that number."""
    return Actor(f"评卷员{number}", Post.MARKER, PROVINCE, account_id=900_910 + number)


def a_sat_paper(at: datetime, people: int = 4, absent: int = 1) -> Paper:
    """A paper with seats in one room and its room sheet; the last `absent` candidates did not come."""
    for candidate in candidates(at, people):
        paid_entries(at, candidate, (COURSE,))
    a_frozen_list(at)
    paper = a_paper(at, COURSE)
    site = a_site(at)
    room = site.rooms.get(number=1)
    draw = Draw.objects.create(
        sitting=paper.sitting, state="revealed", seed="0" * 64, entry_digest="0" * 64, opened_at=at, revealed_at=at
    )
    entries = list(paper.entries.order_by("id"))
    Seat.objects.bulk_create(
        Seat(
            id=entry.pk,
            entry=entry,
            draw=draw,
            paper=paper,
            unit=paper.unit,
            room=room,
            number=number,
            agency_code=site.agency_code,
        )
        for number, entry in enumerate(entries, start=1)
    )
    session = RoomSession.objects.create(
        room=room, unit=paper.unit, expected=people, opened_at=at, agency_code=site.agency_code
    )
    for number, seat in enumerate(Seat.objects.filter(paper=paper).order_by("number"), start=1):
        present = number <= people - absent
        Attendance.objects.create(
            seat=seat,
            session=session,
            present=present,
            handwriting_taken=present,
            recorded_at=at,
            agency_code=site.agency_code,
        )
    return paper


def the_questions(at: datetime, paper: Paper, *, threshold: str = "6", written: bool = True) -> Paper:
    """Ten objective items, and two written questions of which the first is marked twice."""
    objective = [Decimal(4 if written else 10)] * len(KEY)
    questions = [WrittenQuestion(Decimal(40), double=True, threshold=Decimal(threshold)), WrittenQuestion(Decimal(20))]
    return commands.register_questions(
        paper_id=paper.pk, objective=objective, written=questions if written else (), by=KEY_CLERK, at=at
    ).value


def an_entered_key(at: datetime, paper: Paper, answers: str = KEY) -> AnswerKey:
    """The key as its clerk, who is certified, entered it."""
    certified(at, {KEY_CLERK.account_id or 0: KEY_CLERK.name}, PostKind.MARKER)
    return commands.enter_key(paper_id=paper.pk, answers=answers, by=KEY_CLERK, at=at).value


def a_signed_key(at: datetime, paper: Paper) -> AnswerKey:
    """The key signed by a clerk and by the head."""
    key = an_entered_key(at, paper)
    for by in (CLERK, HEAD):
        key = commands.sign_key(key_id=key.pk, digest=key.digest, by=by, at=at).value
    return key


@cache
def the_scanner(items: int = len(KEY), written: bool = True) -> Scanner:
    """A scanner of cards like the test paper's."""
    layout = card_layout(items, written=written)
    return Scanner(layout, printed_blank(layout))


def barcode_of(seat: Seat) -> str:
    """The digits on a seat's card."""
    return seat.paper.course.code + seat.entry.candidate.admission_number


def scan_of(seat: Seat, answers: str = KEY, *, seed: int = 1, habits: Habits = CAREFUL, absent: bool = False) -> bytes:
    """A seat's card, filled and scanned."""
    blank = "-" * len(KEY)
    filled = Filled(barcode_of(seat), blank if absent else answers, absent=absent)
    return the_scanner().scan(filled, seed=seed, habits=habits, flaws=Flaws(upside_down=0))


def scans_of(paper: Paper, answers: str = KEY) -> list[bytes]:
    """The cards of all seats of a paper, those who did not come marked absent."""
    seats = paper.seats.select_related("attendance", "entry__candidate", "paper__course").order_by("number")
    return [scan_of(seat, answers, seed=seat.number, absent=not seat.attendance.present) for seat in seats]


def a_read_batch(at: datetime, paper: Paper, images: Sequence[bytes] | None = None) -> ScanBatch:
    """Cards received, read twice on two machines and compared; who rules on them is at the marking place."""
    pictures = list(images) if images is not None else scans_of(paper)
    batch = commands.receive_scans(paper_id=paper.pk, images=pictures, by=OPERATOR, at=at).value
    for reader, machine in ((1, "识读机甲"), (2, "识读机乙")):
        read_batch(batch_id=batch.pk, reader=reader, machine=machine, by=OPERATOR, at=at)
    at_the_marking_place(at, paper)
    return commands.compare_readings(batch_id=batch.pk, by=OPERATOR, at=at).value


def a_marker(at: datetime, paper: Paper, number: int = 1) -> Marker:
    """A marker appointed to the paper, trained and certified."""
    certified(at, {900_910 + number: f"评卷员{number}"}, PostKind.MARKER)
    return commands.appoint_marker(
        paper_id=paper.pk,
        account_id=900_910 + number,
        name=f"评卷员{number}",
        title="讲师",
        university_teacher=True,
        interest=False,
        secrecy_signed_on=local_day(at) - timedelta(days=1),
        by=HEAD,
        at=at,
    ).value


def a_paper_in_marking(at: datetime, people: int = 2, markers: int = 3) -> Paper:
    """A paper with all cards read, the key signed, scripts open and markers appointed."""
    paper = a_sat_paper(at, people, absent=0)
    the_questions(at, paper)
    a_signed_key(at, paper)
    a_read_batch(at, paper)
    for number in range(1, markers + 1):
        a_marker(at, paper, number)
    commands.open_scripts(paper_id=paper.pk, by=OPERATOR, at=at)
    at_the_marking_place(at, paper, *(marker_actor(number) for number in range(1, markers + 1)))
    at_the_totalling_place(at, paper)
    return paper


def card_of(paper: Paper, number: int = 1) -> Card:
    """The card of a seat number."""
    return Card.objects.get(seat__paper=paper, seat__number=number)


def mark_everything(at: datetime, paper: Paper, points: dict[int, Sequence[str]]) -> None:
    """Markers 1, 2 and 3 take and mark until nothing waits; `points` by question number, one a round."""
    for number in (1, 2, 3, 1, 2, 3):
        by = marker_actor(number)
        while (task := commands.next_script(by=by, at=at).value) is not None:
            given = points[task.question.number][task.round - 1]
            commands.give_mark(task_id=task.pk, points=Decimal(given), by=by, at=at)
