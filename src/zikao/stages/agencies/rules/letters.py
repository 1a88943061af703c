"""What the letter about premises of a tutoring institution must say, and for which session it is due."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

PREMISES_LETTER = Rule("agencies.premises-letter", title="使用助学机构场地的专函内容齐全")
LETTER_BEFORE = Rule("agencies.letter-before", title="专函在考试举行前报送")
NEXT_SESSION = Rule[str]("agencies.next-session", title="下一考次")


@PREMISES_LETTER.version("EA-A3.1", since=IN_FORCE)
def _(
    *,
    in_tutoring_institution: bool,
    approved: bool,
    usable: bool,
    rooms: int,
    chiefs: int,
    deputies: int,
    invigilators: int,
    incomplete: int,
    on: date,
) -> Decision:
    least = rooms * int(parameter("invigilators-per-room").on(on))
    return all_of(
        decide("EA-A3.1", in_tutoring_institution, "letter-not-needed"),
        decide("EA-A3.1", approved, "site-tutoring-not-approved"),
        decide("EA-A3.1", usable, "site-not-accepted"),
        decide("EA-A3.1", rooms > 0, "letter-without-rooms"),
        decide("EA-A3.1", chiefs == 1, "letter-without-chief", chiefs=chiefs),
        decide("EA-A3.1", deputies >= 1, "letter-without-deputy"),
        decide("EA-A3.1", invigilators >= least, "letter-without-invigilators", have=invigilators, least=least),
        decide("EA-A3.1", incomplete == 0, "letter-staff-incomplete", count=incomplete),
    )


@LETTER_BEFORE.version("EA-A3.1", since=IN_FORCE)
def _(*, sitting: str, on: date) -> Decision:
    """A session is told by its month, "2026-10": when that is over, there is nothing left to tell beforehand."""
    return decide("EA-A3.1", f"{on:%Y-%m}" <= sitting, "letter-session-over", sitting=sitting)


@NEXT_SESSION.version("EA-22.1", since=IN_FORCE)
def _(*, on: date) -> str:
    """The code of the session that comes next, "2026-10"; its own month counts as coming."""
    months = sorted({*parameter("national-sitting-months").on(on), *parameter("provincial-only-sitting-months").on(on)})
    month = next((each for each in months if each >= on.month), None)
    return f"{on.year}-{month:02d}" if month else f"{on.year + 1}-{months[0]:02d}"
