"""Candidates, registered through their command at a county's counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import count
from random import Random

from tests.factories.actors import COUNTY, county_clerk, head
from tests.factories.agencies import a_county
from tests.factories.programmes import SITTING, a_major, a_sitting
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import Applicant, BulkRow
from zikao.world import people

_serial = count(1)
PORTRAIT = people.portrait(Random(1))


def the_fee(at: datetime) -> int:
    """The registration fee of the day, in fen."""
    fee: int = parameter("registration-fee").on(local_day(at), province="32")
    return fee


def an_applicant(at: datetime, **more: object) -> Applicant:
    """Somebody new with valid papers; a different person at every call."""
    serial = next(_serial)
    born_on = date(1990 + serial // 3000, 1 + serial % 12, 1 + serial % 28)
    facts: dict[str, object] = {
        "name": people.name(Random(serial), "2"),
        "sex": "2",
        "born_on": born_on,
        "id_number": people.id_number(Random(serial), born_on, "2", serial=serial),
        "major_code": "050101",
        "phone": "10000000000",
        "portrait": PORTRAIT,
        "fee_fen": the_fee(at),
    }
    return Applicant(**{**facts, **more})  # type: ignore[arg-type]


def a_candidate(at: datetime, county: str = COUNTY, *, applicant: Applicant | None = None, **more: object) -> Candidate:
    """A candidate registered in a county for October 2026."""
    someone = replace(applicant, **more) if applicant else an_applicant(at, **more)  # type: ignore[arg-type]
    a_county(at, county)
    a_major(at, someone.major_code)
    a_sitting(at)
    return commands.register_candidate(
        applicant=someone,
        county_code=county,
        sitting_code=SITTING,
        rules_accepted=True,
        by=county_clerk(county),
        at=at,
    ).value


def candidates(at: datetime, number: int, county: str = COUNTY) -> list[Candidate]:
    """Many candidates of a county, registered at once."""
    a_county(at, county)
    a_major(at)
    a_sitting(at)
    rows = [BulkRow(line, county, an_applicant(at)) for line in range(2, number + 2)]
    done = commands.register_many(rows=rows, sitting_code=SITTING, by=county_clerk(county), at=at).value
    return list(Candidate.objects.filter(pk__in=[each.candidate_id for each in done]).order_by("admission_number"))


def as_candidate(candidate: Candidate) -> Actor:
    """The candidate acting for themselves."""
    return Actor(candidate.name, Post.CANDIDATE, candidate.agency_code, candidate_id=candidate.pk)


def a_suspended_candidate(at: datetime, until: date) -> Candidate:
    """A candidate who is kept out until a day (exclusive)."""
    candidate = a_candidate(at)
    commands.impose_suspension(
        candidate_id=candidate.pk,
        since_on=local_day(at),
        until_on=until,
        reference="苏教考处〔2026〕1号",
        by=head(),
        at=at,
    )
    return candidate
