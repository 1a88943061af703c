"""What is read of candidates, in the actor's subtree only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.functions import Collate

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import access, all_rows, scoped
from zikao.foundation.crypto import indexes_of
from zikao.foundation.errors import NotFound
from zikao.stages.candidates.models import (
    ID_NUMBER,
    PHONE,
    SUSPENDED_NUMBER,
    Candidate,
    IntegrityEntry,
    Pledge,
    Suspension,
)

RESIDENT_LENGTH = 18
PART = 20_000
"""So many persons are looked up by one statement."""
_REGISTERED = "SELECT id_number_index FROM candidates_candidate WHERE id_number_index = ANY(%s)"
_RUNNING = """
SELECT id_number_index, max(until_on) FROM candidates_suspension
WHERE id_number_index = ANY(%(indexes)s) AND since_on <= %(on)s AND until_on > %(on)s GROUP BY id_number_index
"""


def candidates(actor: Actor) -> QuerySet[Candidate]:
    """The candidates that the actor may see: of their subtree, or themselves."""
    if actor.post == Post.CANDIDATE:
        return Candidate.objects.filter(pk=actor.candidate_id or 0)
    return scoped(Candidate.objects.select_related("major", "first_sitting"), actor)


def whose_name_begins(rows: QuerySet[Candidate], text: str) -> QuerySet[Candidate]:
    """The candidates whose name begins with a text, as a range: under row security LIKE is no index condition."""
    named = rows.alias(plain_name=Collate("name", "C"))
    return named.filter(plain_name__gte=text, plain_name__lt=f"{text}\U0010ffff")


def whose_number_begins(rows: QuerySet[Candidate], digits: str) -> QuerySet[Candidate]:
    """The candidates whose admission number begins so; a range for the same reason."""
    return rows.filter(admission_number__gte=digits, admission_number__lt=f"{digits}\U0010ffff")


def who_is_elsewhere(rows: QuerySet[Candidate], answer: str) -> QuerySet[Candidate]:
    """The candidates who are registered in another province, too, as the centre told (EA-15)."""
    return rows.exclude(elsewhere="") if answer == "yes" else rows.none()


def access_candidate(actor: Actor, candidate_id: int, *, lock: bool = False) -> Candidate:
    """One candidate with authority; NotFound outside the actor's subtree or for another candidate.

    `lock` takes the row FOR UPDATE: a command that changes the candidate or what hangs on them asks for it.
    """
    if actor.post == Post.CANDIDATE and actor.candidate_id != candidate_id:
        raise NotFound("candidate-not-found", facts={"candidate": candidate_id})
    rows = Candidate.objects.select_for_update(of=("self",)) if lock else Candidate.objects.all()
    return access(rows.select_related("major", "first_sitting"), actor, pk=candidate_id)


def by_admission_number(actor: Actor, number: str) -> Candidate:
    """The candidate of an admission number; NotFound outside the actor's subtree."""
    return access(candidates(actor), actor, admission_number=number)


def normal_id_number(id_number: str) -> str:
    """An ID number as it is stored and compared: no blanks, the letter X in upper case."""
    return id_number.replace(" ", "").upper()


def number_of(subject: str) -> str:
    """The admission number of a ledger subject ("candidates.candidate:12"); empty where there is none."""
    rows = Candidate.objects.filter(pk=int(subject.rpartition(":")[2])).values_list("admission_number", flat=True)
    return rows.first() or ""


def suspended_until(candidate: Candidate, on: date) -> date | None:
    """The last end (exclusive) of the candidate's suspensions that run on a day; None where there is none."""
    indexes = indexes_of_candidate(candidate)
    running = Suspension.objects.filter(id_number_index__in=indexes, since_on__lte=on, until_on__gt=on)
    with all_rows("EA-12.3：停考在何处作出都有效"):
        last: date | None = running.aggregate(last=Max("until_on"))["last"]
    return last


def indexes_of_candidate(candidate: Candidate) -> list[bytes]:
    """The indexes under which the candidate's ID number may stand elsewhere: two while the index key is changed."""
    return indexes_of(ID_NUMBER.text(candidate))


def suspensions_running(persons: Mapping[bytes, Sequence[bytes]], on: date) -> dict[bytes, date]:
    """The ends (exclusive) of running suspensions for many persons at once, each by all its ID number's indexes."""
    ends: dict[bytes, date] = {}
    with all_rows("EA-12.3：停考在何处作出都有效"), connection.cursor() as cursor:
        for asked in _in_parts(index for indexes in persons.values() for index in indexes):
            cursor.execute(_RUNNING, {"indexes": asked, "on": on})
            ends.update((bytes(index), last) for index, last in cursor.fetchall())
    return {
        person: max(ends[each] for each in indexes if each in ends)
        for person, indexes in persons.items()
        if not ends.keys().isdisjoint(indexes)
    }


def registered_indexes(indexes: Iterable[bytes]) -> set[bytes]:
    """Which of these ID number indexes belong to somebody registered, as far as rows are shown; any number of them."""
    known: set[bytes] = set()
    with connection.cursor() as cursor:
        for asked in _in_parts(indexes):
            cursor.execute(_REGISTERED, [asked])
            known.update(bytes(row[0]) for row in cursor.fetchall())
    return known


def _in_parts(indexes: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(indexes)
    while part := list(islice(rest, PART)):
        yield part


def suspended_indexes(on: date) -> list[bytes]:
    """Under which ID number indexes a candidate is suspended on a day: the old and the new while the key is changed."""
    running = Suspension.objects.filter(since_on__lte=on, until_on__gt=on)
    with all_rows("EA-12.3：停考在何处作出都有效"):
        indexes = {bytes(index) for index in running.values_list("id_number_index", flat=True)}
        if len(indexes_of("")) > 1:
            indexes.update(index for each in running for index in indexes_of(SUSPENDED_NUMBER.text(each)))
    return sorted(indexes)


def suspensions(actor: Actor) -> QuerySet[Suspension]:
    """The suspensions of the actor's subtree, and those told by the centre to the whole node."""
    return scoped(Suspension.objects.all(), actor)


def suspension(actor: Actor, suspension_id: int) -> Suspension:
    """One suspension with authority. Raises NotFound."""
    return access(Suspension.objects.all(), actor, pk=suspension_id)


def integrity_file(candidate: Candidate) -> QuerySet[IntegrityEntry]:
    """The lines of a candidate's integrity file (诚信档案), oldest first."""
    return candidate.integrity_entries.all()


def pledge_of(candidate_id: int, sitting_id: int) -> Pledge | None:
    """The pledge that the candidate signed for the sitting, or None."""
    return Pledge.objects.filter(candidate_id=candidate_id, sitting_id=sitting_id).first()


@dataclass(frozen=True)
class Masked:
    """Identifiers as pages show them: the middle is hidden."""

    id_number: str
    phone: str


def masked(candidate: Candidate) -> Masked:
    """The ID number with its ends only, the phone with its first 3 and last 4."""
    return Masked(masked_number(ID_NUMBER.text(candidate)), masked_phone(PHONE.text(candidate)))


def masked_number(number: str) -> str:
    """A resident ID number with its first 6 and last 4 characters; a shorter number with 2 at each end."""
    if len(number) == RESIDENT_LENGTH:
        return f"{number[:6]}********{number[-4:]}"
    return f"{number[:2]}{'*' * max(len(number) - 4, 4)}{number[-2:]}"


def masked_phone(phone: str) -> str:
    """The phone with its first 3 and last 4 digits; empty where there is none."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""
