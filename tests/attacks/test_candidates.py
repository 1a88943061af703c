"""Attempts on candidates' files and entries: by other people, by races, by the database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.actors import AREA, COUNTY, area_clerk, county_clerk, head
from tests.factories.agencies import a_county
from tests.factories.candidates import a_candidate, an_applicant, as_candidate
from tests.factories.entries import UNIT_1, a_window, entries, paid_entries
from tests.factories.programmes import SITTING, a_major, a_paper, a_sitting
from zikao.foundation.errors import Conflict, NotFound, WrongState, ZikaoError
from zikao.foundation.ledger.models import Line
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import AdmissionCounter, Candidate, IntegrityEntry
from zikao.stages.candidates.states import Applicant, IntegrityKind
from zikao.stages.entries import commands as entry_commands
from zikao.stages.entries import queries
from zikao.stages.entries.models import Entry

COUNTIES = (COUNTY, "320104", "320105")


@pytest.mark.django_db
def test_candidate_enters_or_pledges_for_another_and_finds_nothing(at: datetime) -> None:
    """The commands find nobody but oneself: entering courses or pledging for another candidate is NotFound."""
    a_window(at)
    victim, attacker = a_candidate(at), a_candidate(at)
    wish: dict[str, Any] = {
        "candidate_id": victim.pk,
        "sitting_code": SITTING,
        "paper_ids": [a_paper(at, UNIT_1).pk],
        "area_code": AREA,
    }
    with pytest.raises(NotFound):
        entry_commands.enter_courses(**wish, by=as_candidate(attacker), at=at)
    with pytest.raises(NotFound):
        commands.accept_pledge(candidate_id=victim.pk, sitting_code=SITTING, by=as_candidate(attacker), at=at)
    assert not Entry.objects.exists()
    assert not queries.entries(as_candidate(attacker)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "deed", ["UPDATE candidates_integrityentry SET text = ''", "DELETE FROM candidates_integrityentry"]
)
def test_database_refuses_to_change_the_integrity_file(at: datetime, deed: str) -> None:
    """The application's role can neither blank the text of an integrity entry nor delete the entry."""
    candidate = a_candidate(at)
    commands.record_integrity(
        candidate_id=candidate.pk, kind=IntegrityKind.VIOLATION, code="D05-01", text="记录", by=head(), at=at
    )
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed)
    assert IntegrityEntry.objects.get().text == "记录"


def in_threads(work: Any, tasks: list[Any], threads: int = 8) -> list[Any]:
    """Run each task in one of some threads, each with a connection of its own."""

    def one(task: Any) -> Any:
        try:
            return work(task)
        except ZikaoError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, tasks))


def the_counters(at: datetime) -> None:
    for county in COUNTIES:
        a_county(at, county, is_seat=county == COUNTY)
    a_major(at)
    a_sitting(at)


def register(at: datetime, county: str, applicant: Applicant) -> Candidate:
    return commands.register_candidate(
        applicant=applicant, county_code=county, sitting_code=SITTING, rules_accepted=True, by=area_clerk(), at=at
    ).value


@pytest.mark.django_db(transaction=True)
def test_eight_counters_at_once_leave_no_gap_and_no_double(at: datetime) -> None:
    """Admission numbers given out by eight threads run unbroken in each county; a refused try uses up none."""
    the_counters(at)
    tasks = [(COUNTIES[n % 3], an_applicant(at, **({"fee_fen": 1} if n % 7 == 0 else {}))) for n in range(90)]
    done = in_threads(lambda task: register(at, *task), tasks)
    refused = sum(isinstance(each, ZikaoError) for each in done)
    assert refused == 13
    numbers = sorted(each.admission_number for each in done if isinstance(each, Candidate))
    per_county = Counter(number[:4] for number in numbers)
    assert numbers == sorted(
        f"{county}262{serial:05d}" for county, count in per_county.items() for serial in range(1, count + 1)
    )
    assert sum(AdmissionCounter.objects.values_list("last", flat=True)) == len(numbers) == 77
    assert Line.objects.filter(command="candidates.registered").count() == 77


@pytest.mark.django_db(transaction=True)
def test_one_person_at_two_counters_at_once_is_registered_once(at: datetime) -> None:
    """Of three counties that register one person at once, one succeeds, two get Conflict, no number is lost."""
    the_counters(at)
    for _ in range(5):
        applicant = an_applicant(at)
        done = in_threads(lambda county, who=applicant: register(at, county, who), list(COUNTIES), threads=3)
        assert sorted(type(each).__name__ for each in done) == ["Candidate", "Conflict", "Conflict"]
    assert Candidate.objects.count() == 5
    assert sum(AdmissionCounter.objects.values_list("last", flat=True)) == 5


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_enter_once(at: datetime) -> None:
    """Of six simultaneous entries for the same paper one is written; the commands refuse the other five."""
    candidate = a_candidate(at)
    a_window(at)
    paper = a_paper(at, UNIT_1).pk

    def click(_: int) -> Any:
        return entry_commands.enter_courses(
            candidate_id=candidate.pk,
            sitting_code=SITTING,
            paper_ids=[paper],
            area_code=AREA,
            accepts_pledge=True,
            by=as_candidate(candidate),
            at=at,
        )

    done = in_threads(click, list(range(6)))
    assert sum(not isinstance(each, ZikaoError) for each in done) == 1
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_entering_while_the_list_is_frozen_is_in_it_or_refused(at: datetime) -> None:
    """Withdrawals at the last moment race with the freeze: what the list counts is what stands."""
    someone = [paid_entries(at, a_candidate(at), (UNIT_1,))[0] for _ in range(8)]
    window = a_window(at)
    last = window.closes_at

    def task(entry: Entry | None) -> Any:
        if entry is None:
            return entry_commands.close_entries(sitting_code=SITTING, by=head(), at=last)
        moment = window.opens_at
        return entry_commands.withdraw_entry(entry_id=entry.pk, by=county_clerk(), at=moment)

    done = in_threads(task, [*someone[:4], None, *someone[4:]])
    stopped = sum(isinstance(each, WrongState) for each in done)
    frozen = queries.list_of(SITTING)
    assert frozen is not None
    assert not any(isinstance(each, Conflict) for each in done)
    assert frozen.count == stopped == queries.entries_in_list(SITTING).count()
    assert frozen.withdrawn == 8 - stopped


@pytest.mark.django_db
def test_another_countys_candidate_does_not_exist(at: datetime) -> None:
    """A clerk of another county sees no entry of the candidate and gets NotFound on issuing the card."""
    candidate = a_candidate(at)
    entry = entries(at, candidate, (UNIT_1,))[0]
    stranger = county_clerk("320104")
    assert not queries.entries(stranger).filter(pk=entry.pk).exists()
    with pytest.raises(NotFound):
        commands.issue_card(candidate_id=candidate.pk, by=stranger, at=at)
