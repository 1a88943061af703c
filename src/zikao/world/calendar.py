"""The days on which the rehearsed cycle happens: one year from setting up to the last registered certificate."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.clock import LOCAL

SITTING = "2026-10"
YEAR, MONTH = 2026, 10
BATCH_ON = date(2026, 12, 30)


def moment(text: str) -> datetime:
    """An instant of local time: moment("2026-08-20 09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


SET_UP = moment("2026-06-01 09:00")
TIMETABLE_ISSUED = moment("2026-06-10 09:00")
TIMETABLE_DRAFTED = moment("2026-06-20 09:00")
PROVINCES_ANSWERED = moment("2026-06-20 09:01")
TIMETABLE_PUBLISHED = moment("2026-07-01 09:00")
REGISTRATION = moment("2026-08-20 09:00")
WINDOW_SET = moment("2026-08-31 15:00")
WAITED = moment("2026-09-01 08:50")
ENTRIES_OPEN = moment("2026-09-01 09:00")
LET_IN = moment("2026-09-01 09:02")
ENTERING = moment("2026-09-02 10:00")
PAYING = moment("2026-09-03 10:00")
SECRETS_COMMITTED = moment("2026-09-08 10:00")
ENTRIES_CLOSE = moment("2026-09-10 17:00")
LIST_FROZEN = moment("2026-09-10 17:05")
SEATS_DRAWN = moment("2026-09-15 10:00")
DUTIES_ASSIGNED = moment("2026-10-12 10:00")
PAPERS_PACKED = moment("2026-10-20 09:00")
PAPERS_STORED = moment("2026-10-22 15:00")
ROOMS_CHECKED = moment("2026-10-23 15:00")
MARKING_PREPARED = moment("2026-10-27 09:00")
COLLECTION_PREPARED = moment("2026-10-27 08:00")
SCANNING = moment("2026-10-29 09:00")
MARKING = moment("2026-11-03 09:00")
CASES_NOTIFIED = moment("2026-10-28 10:00")
CASES_DECIDED = moment("2026-11-05 10:00")
RESULTS_COLLECTED = moment("2026-11-16 10:00")
RESULTS_PUBLISHED = moment("2026-11-20 10:00")
TRANSFER_APPLIED = moment("2026-12-03 10:00")
GRADUATION_APPLIED = moment("2026-12-07 10:00")
CERTIFICATES_MADE = moment("2026-12-28 10:00")
REGISTRATION_SENT = moment("2027-01-05 10:00")
CERTIFICATES_HANDED_OUT = moment("2027-01-12 10:00")
TRANSFER_UPLOADED = moment("2027-03-05 10:00")
TRANSFER_COMPLETED = moment("2027-03-18 10:00")
SCORES_CORRECTED = moment("2027-03-18 14:00")
END = moment("2027-03-20 09:00")
NEXT_REGISTRATION_CLOSES = moment("2027-03-31 17:00")

_EVENINGS = ("2026-10-24 13:30", "2026-10-24 19:00", "2026-10-25 13:30", "2026-10-25 19:00")
UNIT_NUMBERS = tuple(range(1, len(_EVENINGS) + 1))


def exam_evening(unit: int) -> datetime:
    """When everything of a unit of the exam has happened and its scripts are home."""
    return moment(_EVENINGS[unit - 1])
