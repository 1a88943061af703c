"""Entering and paying: the window opened, courses entered in different units, fees paid, the list frozen."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.crypto import sm3
from zikao.stages.candidates import commands as candidate_commands
from zikao.stages.candidates.models import Candidate
from zikao.stages.entries import commands
from zikao.stages.entries.models import Entry, Ticket
from zikao.stages.entries.passed import passed_by_candidate
from zikao.stages.entries.states import EntryRow, EntryState, PaymentRow
from zikao.stages.programmes.models import Paper, PlanCourse
from zikao.stages.seating import commands as seating
from zikao.world.calendar import (
    ENTERING,
    ENTRIES_CLOSE,
    ENTRIES_OPEN,
    LET_IN,
    LIST_FROZEN,
    PAYING,
    SEATS_DRAWN,
    SECRETS_COMMITTED,
    SITTING,
    WAITED,
    WINDOW_SET,
)
from zikao.world.life import paying
from zikao.world.life.context import MOVER_NAME, Life
from zikao.world.life.planning import publish_correction

CHUNK = 1000
ENTERS_NOTHING, PAYS_NOT, WITHDRAWS = 0.05, 0.02, 0.01
EARLY = 6
"""Who are there in the first minutes; the last of them after the opening."""
DRAWERS = ("exam-affairs", "auditor")
"""The officials whose secrets make the seed: the head of exam affairs and the auditor."""


def open_window(life: Life) -> None:
    """Entries are open for ten days, from the first minute on through a waiting room."""
    publish_correction(life, WINDOW_SET)
    by = life.who("exam-affairs", WINDOW_SET)
    commands.open_window(sitting_code=SITTING, opens_at=ENTRIES_OPEN, closes_at=ENTRIES_CLOSE, by=by, at=WINDOW_SET)
    paying.set_places(life)
    _first_minutes(life)


def _first_minutes(life: Life) -> None:
    """Some wait before the opening, and draw for their order; one comes after it; all come in."""
    people = [as_candidate(each) for each in Candidate.objects.exclude(name=MOVER_NAME).order_by("-id")[:EARLY]]
    late, *early = people
    tickets = [_ticket(by, WAITED + timedelta(seconds=n)) for n, by in enumerate(early)]
    queue = tickets[0].queue_id
    commands.measure_queue(queue_id=queue, by=node_actor(life.root), at=ENTRIES_OPEN)
    tickets.append(_ticket(late, ENTRIES_OPEN + timedelta(seconds=30)))
    for by, ticket in zip((*early, late), tickets, strict=True):
        commands.come_in(ticket_id=ticket.pk, by=by, at=LET_IN)


def _ticket(by: Actor, at: datetime) -> Ticket:
    assert by.candidate_id is not None
    return commands.take_ticket(candidate_id=by.candidate_id, sitting_code=SITTING, by=by, at=at).value


def enter_and_pay(life: Life) -> dict[str, int]:
    """Most enter one to four courses; a few enter nothing, do not pay, or withdraw; everybody pledges."""
    rows = list(_wishes(life))
    node = life.who("clerk", ENTERING)
    refused = 0
    for number, chunk in enumerate(life.each("报考课程", _chunks(rows))):
        done = commands.enter_many(rows=chunk, sitting_code=SITTING, key=f"enter-{number}", by=node, at=ENTERING)
        refused += len(done.value.refused)
    _withdraw(life)
    _pay(life)
    everybody = list(Entry.objects.filter(state=EntryState.PAID).values_list("candidate_id", flat=True).distinct())
    candidate_commands.accept_pledges(
        candidate_ids=everybody, sitting_code=SITTING, by=life.who("clerk", PAYING), at=PAYING
    )
    return {"refused_entries": refused}


def _chunks(rows: list[EntryRow]) -> list[list[EntryRow]]:
    by_candidate = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    return by_candidate or [[]]


def _wishes(life: Life) -> Iterator[EntryRow]:
    offered = _offered()
    candidates = list(
        Candidate.objects.exclude(name=MOVER_NAME)
        .order_by("id")
        .values_list("id", "admission_number", "major__code", "agency_code")
    )
    passed = passed_by_candidate([row[0] for row in candidates])
    for candidate_id, number, major, county in life.each("选择课程", candidates):
        rng = Random(f"{life.seed}/entry/{number}")
        if rng.random() < ENTERS_NOTHING:
            continue
        units: dict[int, list[int]] = defaultdict(list)
        for course, unit, paper in offered.get(major, ()):
            if course not in passed.get(candidate_id, frozenset()):
                units[unit].append(paper)
        count = min(len(units), rng.choice((1, 2, 2, 3, 3, 4)) if len(units) > 3 else 4)
        for unit in sorted(rng.sample(sorted(units), count)):
            yield EntryRow(candidate_id, rng.choice(units[unit]), county[:4], pledged=True)


def _offered() -> dict[str, list[tuple[str, int, int]]]:
    """By major: the courses of its plan examined this time, each with unit and paper."""
    planned = set(PlanCourse.objects.values_list("plan__major__code", "course__code"))
    offered: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    rows = Paper.objects.filter(sitting__code=SITTING).order_by("unit__number", "course__code")
    for major, course, unit, paper in rows.values_list("majors__major__code", "course__code", "unit__number", "id"):
        if (major, course) in planned:
            offered[major].append((course, unit, paper))
    return offered


def as_candidate(candidate: Candidate) -> Actor:
    """A candidate acting for themselves."""
    return Actor(candidate.name, Post.CANDIDATE, candidate.agency_code, candidate_id=candidate.pk)


def _withdraw(life: Life) -> None:
    entries = Entry.objects.filter(state=EntryState.ENTERED).select_related("candidate").order_by("id")
    leaving = [entry for entry in entries if Random(f"{life.seed}/leave/{entry.pk}").random() < WITHDRAWS]
    for entry in life.each("个别退报", leaving):
        commands.withdraw_entry(entry_id=entry.pk, by=as_candidate(entry.candidate), at=ENTERING)


def _pay(life: Life) -> None:
    people = Candidate.objects.filter(entries__state=EntryState.ENTERED).distinct().order_by("pk")
    owing = list(people[: paying.ONLINE])
    paying.pay_online(life, owing, {each.pk: as_candidate(each) for each in owing})
    due: dict[int, int] = defaultdict(int)
    for candidate_id, fee in Entry.objects.filter(state=EntryState.ENTERED).values_list("candidate_id", "fee_fen"):
        due[candidate_id] += fee
    payments = [
        PaymentRow(candidate_id, f"{life.root}{SITTING.replace('-', '')}{candidate_id:08d}", fen)
        for candidate_id, fen in sorted(due.items())
        if Random(f"{life.seed}/pay/{candidate_id}").random() >= PAYS_NOT
    ]
    by = life.who("clerk", PAYING)
    for start in life.each("缴费", range(0, len(payments), CHUNK)):
        commands.record_payments(sitting_code=SITTING, payments=payments[start : start + CHUNK], by=by, at=PAYING)


def _secret(life: Life, official: str) -> str:
    return hashlib.sha256(f"{life.seed}/{life.root}/{official}".encode()).hexdigest()


def commit_secrets(life: Life) -> None:
    """Two officials commit to a secret each, before anybody knows the final list."""
    for official in DRAWERS:
        digest = sm3(bytes.fromhex(_secret(life, official))).hex()
        by = life.who(official, SECRETS_COMMITTED)
        seating.commit_secret(sitting_code=SITTING, digest=digest, by=by, at=SECRETS_COMMITTED)


def freeze_list(life: Life) -> None:
    """The window ends and the list is frozen."""
    paying.reconcile(life)
    commands.close_entries(sitting_code=SITTING, by=life.who("exam-affairs", LIST_FROZEN), at=LIST_FROZEN)


def draw(life: Life) -> None:
    """Secrets revealed, seats drawn, notices issued."""
    for official in DRAWERS:
        seating.reveal_secret(
            sitting_code=SITTING, secret=_secret(life, official), by=life.who(official, SEATS_DRAWN), at=SEATS_DRAWN
        )
    by = life.who("exam-affairs", SEATS_DRAWN)
    seating.draw_seats(sitting_code=SITTING, by=by, at=SEATS_DRAWN)
    seating.issue_notices(sitting_code=SITTING, by=by, at=SEATS_DRAWN)
