"""Keys entered and signed, cards scanned and read twice, doubts ruled by people, one question double-marked, totals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from random import Random

from django.db.models import Count, Q

from zikao.stages.candidates.models import Candidate
from zikao.stages.collecting.states import Work
from zikao.stages.conduct.models import Attendance
from zikao.stages.marking import commands
from zikao.stages.marking.cards.layout import CardLayout
from zikao.stages.marking.commands.keys import WrittenQuestion
from zikao.stages.marking.commands.rulings import Ruling
from zikao.stages.marking.models import Card, Doubt, ScanBatch
from zikao.stages.marking.queries import layout_of
from zikao.stages.marking.states import CardState
from zikao.stages.marking.tasks import read_batch
from zikao.stages.programmes.models import Paper
from zikao.stages.seating.models import Seat
from zikao.world.calendar import MARKING, MARKING_PREPARED, SCANNING, SITTING
from zikao.world.cast import SINCE
from zikao.world.life.collecting import MARKERS, RULERS, SCORE_KEEPERS, meet, part, prepare_sitting
from zikao.world.life.context import MOVER_NAME, Life
from zikao.world.scans import CAREFUL, USUAL, Filled, Flaws, Scanner, printed_blank

ITEMS, POINTS = 50, Decimal(2)
ITEMS_BESIDE_WRITING, WRITTEN_POINTS, THRESHOLD = 40, Decimal(20), Decimal(4)
WRITTEN_SCRIPTS = 90
"""Papers get a written question until about so many scripts wait for markers: every mark is a person's act."""
BATCH = 100
MACHINE = Flaws(noise=1.5)
"""A well-kept scanner: what is grainier is for the tests of the readers; here it would only make files larger."""
TORN_SHARE, FOREIGN_SHARE, DOUBLE_SHARE, USUAL_SHARE = 0.004, 0.002, 0.003, 0.2


def sat_papers() -> list[Paper]:
    """The papers for which somebody has a seat, the smallest first."""
    seats = Seat.objects.filter(paper__sitting__code=SITTING).values("paper_id")
    papers = Paper.objects.filter(pk__in=seats).select_related("course", "unit", "sitting")
    return sorted(papers, key=lambda paper: (paper.seats.count(), paper.course.code))


def prepare_marking(life: Life) -> None:
    """Questions registered; keys entered by one, signed by two others, the head of exam affairs among them."""
    prepare_sitting(life)
    clerk = life.who("key-clerk", MARKING_PREPARED)
    signers = [life.who(name, MARKING_PREPARED) for name in ("leader", "exam-affairs")]
    waiting = 0
    for paper in life.each("录入并审核答案", sat_papers()):
        size = paper.seats.count()
        writing = size >= 8 and waiting + size <= WRITTEN_SCRIPTS
        waiting += size if writing else 0
        items = ITEMS_BESIDE_WRITING if writing else ITEMS
        written = [WrittenQuestion(WRITTEN_POINTS, double=True, threshold=THRESHOLD)] if writing else []
        commands.register_questions(
            paper_id=paper.pk, objective=[POINTS] * items, written=written, by=clerk, at=MARKING_PREPARED
        )
        answers = right_answers(life, paper, items)
        key = commands.enter_key(paper_id=paper.pk, answers=answers, by=clerk, at=MARKING_PREPARED).value
        for signer in signers:
            commands.sign_key(key_id=key.pk, digest=key.digest, by=signer, at=MARKING_PREPARED)
        if writing:
            _appoint_markers(life, paper)


def right_answers(life: Life, paper: Paper, items: int) -> str:
    """The key of a paper."""
    rng = Random(f"{life.seed}/key/{paper.course.code}")
    return "".join(rng.choice("ABCD") for _ in range(items))


def _appoint_markers(life: Life, paper: Paper) -> None:
    by = life.who("exam-affairs", MARKING_PREPARED)
    for name in MARKERS:
        marker = life.who(name, MARKING_PREPARED)
        assert marker.account_id is not None
        commands.appoint_marker(
            paper_id=paper.pk,
            account_id=marker.account_id,
            name=marker.name,
            title="副教授",
            university_teacher=True,
            interest=False,
            secrecy_signed_on=SINCE,
            by=by,
            at=MARKING_PREPARED,
        )


def ability(life: Life, admission_number: str, *, strong: bool) -> float:
    """The share of items that a candidate gets right."""
    rng = Random(f"{life.seed}/ability/{admission_number}")
    return min(0.97, rng.gauss(0.82, 0.06) if strong else rng.gauss(0.62, 0.13))


def scan_and_read(life: Life) -> dict[str, int]:
    """Every card scanned, read by two readers, compared; doubts and set-aside cards ruled by two people."""
    told = {"cards": 0, "doubts": 0, "set_aside": 0, "misread": 0}
    papers = sat_papers()
    session = meet(life, Work.MARKING, "第一评卷室", RULERS, SCANNING)
    done, total = 0, Seat.objects.filter(paper__sitting__code=SITTING).count()
    for paper in papers:
        layout = layout_of(paper)
        scanner = _scanner(layout)
        filled = {row.barcode: row for row in _filled_cards(life, paper, layout.items)}
        pictures = list(_pictures(life, scanner, list(filled.values())))
        for start in range(0, len(pictures), BATCH):
            told["cards"] += _one_batch(life, paper, pictures[start : start + BATCH], SCANNING)
        _rule(life, paper, filled, told)
        told["misread"] += _misread(paper, filled)
        done += paper.seats.count()
        life.tell("扫描、两次识读", done, total)
    part(life, session, RULERS[0], SCANNING)
    return told


@cache
def _scanner(layout: CardLayout) -> Scanner:
    """A scanner for cards of one layout: printing the blank and mixing its noise take a second."""
    return Scanner(layout, printed_blank(layout), seed=7)


def _filled_cards(life: Life, paper: Paper, items: int) -> Iterator[Filled]:
    key = right_answers(life, paper, items)
    rows = Attendance.objects.filter(seat__paper=paper, present=True).order_by("seat_id")
    numbers = rows.values_list("seat__entry__candidate__admission_number", "seat__entry__candidate_id")
    strong = _strong_candidates()
    for number, candidate_id in numbers:
        rng = Random(f"{life.seed}/answers/{paper.course.code}/{number}")
        share = ability(life, number, strong=candidate_id in strong)
        answers = "".join(_answer(right, share, rng) for right in key)
        yield Filled(paper.course.code + number, answers, essay_lines=rng.randrange(3, 7))


def _answer(right: str, share: float, rng: Random) -> str:
    if rng.random() < share:
        return right
    return "-" if rng.random() < 0.04 else rng.choice([option for option in "ABCD" if option != right])


def _strong_candidates() -> frozenset[int]:
    """Those who have passed most of their plan already, and the one who moves."""
    rows = Candidate.objects.annotate(n=Count("scores")).filter(Q(n__gte=9) | Q(name=MOVER_NAME))
    return frozenset(rows.values_list("id", flat=True))


def _pictures(life: Life, scanner: Scanner, cards: list[Filled]) -> Iterator[bytes]:
    for card in cards:
        rng = Random(f"{life.seed}/scan/{card.barcode}")
        seed, fate = rng.randrange(2**31), rng.random()
        if fate < TORN_SHARE:
            yield scanner.torn(card, seed=seed)
            continue
        yield scanner.scan(card, seed=seed, habits=USUAL if rng.random() < USUAL_SHARE else CAREFUL, flaws=MACHINE)
        if fate > 1 - FOREIGN_SHARE:
            yield scanner.foreign(seed=seed)
        elif fate > 1 - FOREIGN_SHARE - DOUBLE_SHARE:
            yield scanner.scan(card, seed=seed + 1, flaws=MACHINE)


def _one_batch(life: Life, paper: Paper, pictures: list[bytes], at: datetime) -> int:
    operator = life.who("reader", at)
    batch: ScanBatch = commands.receive_scans(paper_id=paper.pk, images=pictures, by=operator, at=at).value
    for reader in (1, 2):
        read_batch(batch_id=batch.pk, reader=reader, machine=f"识读机{reader}号", by=operator, at=at)
    commands.compare_readings(batch_id=batch.pk, by=operator, at=at)
    return len(pictures)


def _rule(life: Life, paper: Paper, filled: dict[str, Filled], told: dict[str, int]) -> None:
    people = [life.who(name, SCANNING) for name in ("reader", "clerk")]
    open_doubts = list(Doubt.objects.filter(card__paper=paper, answer="").select_related("card"))
    rulings = [Ruling(doubt.pk, _seen(doubt, filled)) for doubt in open_doubts]
    aside = list(Card.objects.filter(paper=paper, state=CardState.SET_ASIDE).order_by("id"))
    placed = set(Card.objects.filter(paper=paper, seat__isnull=False).values_list("seat_id", flat=True))
    missing = [
        seat
        for seat in Seat.objects.filter(paper=paper, attendance__present=True).select_related("entry__candidate")
        if seat.pk not in placed
    ]
    told["doubts"] += len(rulings)
    told["set_aside"] += len(aside)
    torn = [card for card in aside if card.reason not in ("duplicate", "foreign-form")]
    owners = dict(zip([card.pk for card in torn], missing, strict=False))
    for person in people:
        if rulings:
            commands.resolve_doubts(rulings=rulings, by=person, at=SCANNING)
        for card in aside:
            seat = owners.get(card.pk)
            answers = filled[paper.course.code + seat.entry.candidate.admission_number].answers if seat else ""
            commands.place_set_aside(
                card_id=card.pk,
                seat_id=seat.pk if seat else None,
                answers=answers,
                note="与考场座次、笔迹核对" if seat else "不是本科目应计的答题卡",
                by=person,
                at=SCANNING,
            )


def _seen(doubt: Doubt, filled: dict[str, Filled]) -> str:
    if doubt.item == 0:
        return "P"
    return filled[doubt.card.barcode].answers[doubt.item - 1]


def _misread(paper: Paper, filled: dict[str, Filled]) -> int:
    """Items that both readers read alike, and wrong: the silent misreads. Nobody else could know."""
    cards = Card.objects.filter(paper=paper, state=CardState.READ).values_list("barcode", "answers")
    return sum(
        seen != meant
        for barcode, answers in cards
        for seen, meant in zip(answers, filled[barcode].answers, strict=True)
    )


def mark_and_total(life: Life) -> dict[str, int]:
    """Written questions marked by two, a third where they differ too much; then everything scored and added up."""
    operator, reviewer = life.who("reader", MARKING), life.who("totals", MARKING)
    papers = sat_papers()
    for paper in papers:
        commands.open_scripts(paper_id=paper.pk, by=operator, at=MARKING)
    session = meet(life, Work.MARKING, "第二评卷室", ("leader", *MARKERS), MARKING)
    marks = sum(_mark_until_done(life, name) for name in life.each("评卷员双评", MARKERS * 3))
    part(life, session, "leader", MARKING)
    session = meet(life, Work.TOTALLING, "登分室", SCORE_KEEPERS, MARKING)
    for paper in life.each("客观题评分、合分", papers):
        commands.score_objective(paper_id=paper.pk, by=operator, at=MARKING)
        commands.total_scripts(paper_id=paper.pk, by=reviewer, at=MARKING)
    part(life, session, SCORE_KEEPERS[0], MARKING)
    return {"marks": marks}


def _mark_until_done(life: Life, name: str) -> int:
    marker, count = life.who(name, MARKING), 0
    while (task := commands.next_script(by=marker, at=MARKING).value) is not None:
        rng = Random(f"{life.seed}/mark/{task.script_id}")
        true = min(max(rng.gauss(13, 3), 0), 20)
        seen = Random(f"{life.seed}/mark/{task.script_id}/{name}").gauss(true, 1.6)
        points = Decimal(round(min(max(seen, 0), 20) * 2)) / 2
        commands.give_mark(task_id=task.pk, points=points, by=marker, at=MARKING)
        count += 1
    return count
