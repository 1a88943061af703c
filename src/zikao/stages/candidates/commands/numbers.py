"""Takes admission serials from a county's counter: one UPDATE, held until the transaction ends, so no gap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection

from zikao.stages.candidates.rules import ADMISSION_NUMBER, ADMISSION_SERIAL
from zikao.stages.programmes.models import Sitting

_TAKE = """
UPDATE candidates_admissioncounter SET last = last + %s
WHERE county_code = %s AND year = %s AND sitting_digit = %s RETURNING last
"""
_BEGIN = """
INSERT INTO candidates_admissioncounter (county_code, year, sitting_digit, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (county_code, year, sitting_digit)
DO UPDATE SET last = candidates_admissioncounter.last + excluded.last RETURNING last
"""


def take_numbers(counts: Mapping[str, int], sitting: Sitting, on: date) -> dict[str, list[str]]:
    """A run of admission numbers for each county; counties are locked in their order, so two takers never block.

    Raises Refused (admission-serials-exhausted), which undoes what was taken.
    """
    taken = {}
    for county, count in sorted(counts.items()):
        last = _advance(county, sitting, count)
        ADMISSION_SERIAL(on=on, serial=last).require()
        facts = {"county_code": county, "year": sitting.year, "sitting_digit": sitting.digit}
        taken[county] = [
            ADMISSION_NUMBER(on=on, serial=serial, **facts) for serial in range(last - count + 1, last + 1)
        ]
    return taken


def _advance(county: str, sitting: Sitting, count: int) -> int:
    place = (county, sitting.year % 100, sitting.digit)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [count, *place])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_BEGIN, [*place, count])
            row = cursor.fetchone()
    return int(row[0])
