"""What a registration reads and writes, in one statement each: the counter is where the queue stands.

Through the ORM the same costs five reads and two inserts; a benchmark (`bench/admission.py`) holds this to half the
rate of a plain create.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.clock import local_day
from zikao.foundation.commands import as_told, asked_as_owner
from zikao.foundation.crypto import sm3
from zikao.foundation.regulation import parameter
from zikao.foundation.statements import prepared
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates.commands.portraits import on_record
from zikao.stages.candidates.models import ADDRESS, ID_NUMBER, PHONE, Candidate
from zikao.stages.candidates.portraits import checker
from zikao.stages.candidates.rules import ADMISSION_NUMBER, ADMISSION_SERIAL, PortraitFacts
from zikao.stages.candidates.states import Applicant, CandidateState
from zikao.stages.programmes.models import Sitting

_READ = """
SELECT
    EXISTS (SELECT FROM agencies_agency WHERE code = %(county)s AND kind = %(kind)s),
    (SELECT id FROM programmes_major WHERE code = %(major)s),
    s.id, s.year, s.digit, (SELECT max(ends_at) FROM programmes_unit WHERE sitting_id = s.id),
    r.opens_at, r.closes_at,
    k.admission_number, k.agency_code, k.suspended_until,
    EXISTS (SELECT FROM programmes_plan p JOIN programmes_major m ON m.id = p.major_id WHERE m.code = %(major)s
            AND p.entry_condition <> '' AND p.since <= %(day)s AND (p.until IS NULL OR p.until > %(day)s)),
    nextval(pg_get_serial_sequence('candidates_candidate', 'id')),
    (SELECT facts FROM candidates_measuredportrait WHERE digest = %(picture)s AND checker = %(checker)s)
FROM zikao_known_person(%(indexes)s, %(day)s) k
LEFT JOIN programmes_sitting s ON s.code = %(sitting)s
LEFT JOIN candidates_registrationperiod r ON r.sitting_id = s.id
"""
_WRITE = """
WITH file AS (
    {file}
),
taken AS (
    UPDATE candidates_admissioncounter SET last = last + 1
    WHERE county_code = %(agency_code)s AND year = %(year)s AND sitting_digit = %(digit)s AND last < %(largest)s
    RETURNING last
),
person AS (
    INSERT INTO candidates_candidate (id, admission_number, name, sex, born_on, ethnic, id_number_sealed,
        id_number_index, phone_sealed, address_sealed, portrait, agency_code, major_id, first_sitting_id,
        rules_accepted_at, fee_fen, registered_at, state, document_kind)
    SELECT %(id)s, %(prefix)s || lpad(last::text, 5, '0'), %(name)s, %(sex)s, %(born_on)s, %(ethnic)s,
        %(id_number_sealed)s, %(id_number_index)s, %(phone_sealed)s::bytea, %(address_sealed)s::bytea, %(portrait)s,
        %(agency_code)s, %(major_id)s, %(first_sitting_id)s, %(rules_accepted_at)s, %(fee_fen)s, %(registered_at)s,
        %(state)s, %(document_kind)s
    FROM taken RETURNING id, admission_number
)
INSERT INTO access_account (username, name, kind, agency_code, candidate_id, password, created_at, is_active)
SELECT admission_number, %(name)s, 'candidate', %(agency_code)s, id, %(password)s, %(registered_at)s, true
FROM person RETURNING candidate_id, username, (SELECT last FROM taken)
""".replace("{file}", storage.ADD_ONE)
_BEGIN = """
INSERT INTO candidates_admissioncounter (county_code, year, sitting_digit, last)
VALUES (%(county)s, %(year)s, %(digit)s, 0)
ON CONFLICT (county_code, year, sitting_digit) DO UPDATE SET last = candidates_admissioncounter.last RETURNING last
"""


@dataclass(frozen=True)
class CounterFacts:
    """What the node knows of an applicant's choices and person; None where there is nothing.

    `major_asks`: whether the major has conditions of its own (EA-12.1), in its plan.
    `new_id` is the row's id if the person is registered: what is sealed in the row is bound to it.
    `portrait` is what was measured of the picture when it was checked.
    """

    portrait: PortraitFacts | None
    county_exists: bool
    major_id: int | None
    sitting: Sitting | None
    sitting_over_on: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    known_number: str | None
    known_agency: str | None
    suspended_until: date | None
    major_asks: bool
    new_id: int


def read_facts(
    county: str, sitting_code: str, applicant: Applicant, indexes: Sequence[bytes], on: date
) -> CounterFacts:
    """One look into the whole node for all of it."""
    facts = {"county": county, "kind": AgencyKind.COUNTY.value, "major": applicant.major_code, "sitting": sitting_code}
    picture = {"picture": sm3(applicant.portrait or b""), "checker": checker()}
    row = asked_as_owner(
        "EA-14：一人一号，在何县（区）注册过都算；EA-12.3：停考在何处作出都有效",
        _READ,
        {**facts, **picture, "indexes": list(indexes), "day": on},
    )
    assert row is not None
    county_exists, major_id, sitting_id, year, digit, ends_at, *person, measured = row
    sitting = Sitting(id=sitting_id, code=sitting_code, year=year, digit=digit) if sitting_id else None
    seen = on_record(measured) if measured else None
    return CounterFacts(seen, county_exists, major_id, sitting, local_day(ends_at) if ends_at else None, *person)


@dataclass(frozen=True)
class Place:
    """Where and as what somebody is registered; `portrait` is the written picture's digest, `file` its row's values."""

    row_id: int
    county_code: str
    major_id: int
    sitting: Sitting
    portrait: str
    file: Mapping[str, Any]
    password_hash: str
    rules_accepted_at: datetime | None = None


def write_candidate(applicant: Applicant, index: bytes, place: Place, at: datetime) -> Candidate:
    """Take the county's next number; insert the portrait's row, the candidate and the account with it.

    Raises Refused (serials exhausted), IntegrityError (the person is there already); both undo the number.
    """
    candidate, day, sitting = _unnumbered(applicant, index, place, at), local_day(at), place.sitting
    facts = {"county_code": place.county_code, "year": sitting.year, "sitting_digit": sitting.digit}
    values = {field.attname: getattr(candidate, field.attname) for field in Candidate._meta.concrete_fields}
    values |= {"password": place.password_hash, "year": sitting.year % 100, "digit": sitting.digit}
    values |= {"largest": parameter("admission-serial-maximum").on(day)}
    values |= {"prefix": ADMISSION_NUMBER(on=day, serial=0, **facts)[:-5]}
    values |= place.file
    row = prepared(as_told(_WRITE), values)
    if row is None:  # no counter yet, or none left
        last = prepared(as_told(_BEGIN), {"county": place.county_code, "year": values["year"], "digit": sitting.digit})
        ADMISSION_SERIAL(on=day, serial=(last or (0,))[0] + 1).require()
        row = prepared(as_told(_WRITE), values)
    assert row is not None
    candidate.pk, candidate.admission_number, serial = row
    if candidate.admission_number != ADMISSION_NUMBER(on=day, serial=serial, **facts):
        raise RuntimeError("the statement and the rule compose different admission numbers")
    candidate._state.adding, candidate._state.db = False, connection.alias
    return candidate


def _unnumbered(applicant: Applicant, index: bytes, place: Place, at: datetime) -> Candidate:
    row = place.row_id
    return Candidate(
        id=row,
        name=applicant.name,
        sex=applicant.sex,
        born_on=applicant.born_on,
        ethnic=applicant.ethnic,
        id_number_sealed=ID_NUMBER.seal(applicant.id_number, row),
        id_number_index=index,
        phone_sealed=PHONE.seal(applicant.phone, row) if applicant.phone else None,
        address_sealed=ADDRESS.seal(applicant.address, row) if applicant.address else None,
        portrait=place.portrait,
        agency_code=place.county_code,
        major_id=place.major_id,
        first_sitting_id=place.sitting.pk,
        rules_accepted_at=place.rules_accepted_at or at,
        fee_fen=applicant.fee_fen,
        registered_at=at,
        state=CandidateState.REGISTERED.value,
        document_kind=applicant.document_kind,
    )
