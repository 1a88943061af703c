"""Corrections of the timetable of October 2026, carried between centre and province as the exchange would."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tests.factories.actors import clerk, head, the_node
from tests.factories.programmes import SITTING, a_published_timetable, the_peer, the_timetable_file
from zikao.foundation.actors import Post
from zikao.foundation.exchange.handlers import handler_of
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.national.models import IssuedCorrection, IssuedTimetable
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.models import Sitting, TimetableCorrection
from zikao.stages.programmes.states import SlotData, TimetableData

REASON = "单元排错"
NATIONAL, ITS_UNIT = "15044", 1
"""A national course of major 050101 in unit 1."""


def an_officer() -> object:
    """An officer of the centre."""
    return clerk(Post.NATIONAL_OFFICER, "")


def changed(
    data: TimetableData,
    moved: dict[str, int] | None = None,
    dropped: Collection[str] = (),
    added: Collection[SlotData] = (),
) -> TimetableData:
    """The timetable with courses (by code) in other units, without some, and with more."""
    kept = [slot for slot in data.slots if slot.course_code not in dropped]
    rows = (replace(slot, unit_number=(moved or {}).get(slot.course_code, slot.unit_number)) for slot in kept)
    return replace(data, slots=(*rows, *added))


def the_issued_timetable(at: datetime) -> IssuedTimetable:
    """October 2026 issued by the centre; made at the first call."""
    found = IssuedTimetable.objects.filter(sitting_code=SITTING).first()
    the_peer(at, "province:32")
    data = the_timetable_file().national_only
    return found or national.issue_timetable(data=data, to=["province:32"], by=an_officer(), at=at).value


def a_staged_national_correction(at: datetime, moved: dict[str, int] | None = None) -> IssuedCorrection:
    """A correction that the centre looks at: one course in another unit."""
    the_issued_timetable(at)
    data = changed(current(), moved or {NATIONAL: 2})
    return national.stage_correction(sitting_code=SITTING, data=data, reason=REASON, by=an_officer(), at=at).value


def current() -> TimetableData:
    from zikao.national.queries.timetables import current as standing

    found = standing(SITTING)
    assert found is not None
    return found


def an_issued_correction(
    at: datetime,
    moved: dict[str, int] | None = None,
    dropped: Collection[str] = (),
    added: Collection[SlotData] = (),
) -> Outbox:
    """A correction that the centre issued; the message to the province, which has not heard of it yet."""
    the_issued_timetable(at)
    data = changed(current(), moved, dropped, added)
    staged = national.stage_correction(sitting_code=SITTING, data=data, reason=REASON, by=an_officer(), at=at).value
    national.issue_correction(correction_id=staged.pk, digest=staged.digest, by=an_officer(), at=at)
    return Outbox.objects.filter(kind="programmes.national-timetable-correction", peer__code="province:32").latest("id")


def delivered(message: Outbox, at: datetime | None = None) -> object:
    """What the other node's handler does with a message, had it come from its sender."""
    sender = "national" if message.peer.code.startswith("province") else "province:32"
    handler = handler_of(message.kind)
    assert handler is not None
    return handler(message.body, sender, by=the_node(), at=at or message.sent_at)


def a_corrected_file(at: datetime, moved: dict[str, int] | None = None, **more: Collection[str]) -> TimetableData:
    """The published timetable of the province, corrected in a file."""
    a_published_timetable(at)
    return changed(queries.timetable_data(Sitting.objects.get(code=SITTING)), moved, **more)


def a_staged_correction(
    at: datetime, moved: dict[str, int] | None = None, dropped: Collection[str] = ()
) -> TimetableCorrection:
    """A correction of the province's own that was looked at: 00037 in unit 3."""
    data = a_corrected_file(at, moved if moved is not None or dropped else {"00037": 3}, dropped=dropped)
    return commands.stage_correction(sitting_code=SITTING, data=data, reason=REASON, by=head(), at=at).value


def a_filed_correction(
    at: datetime, moved: dict[str, int] | None = None, dropped: Collection[str] = ()
) -> TimetableCorrection:
    """The same with the centre's number."""
    the_peer(at)
    staged = a_staged_correction(at, moved, dropped)
    commands.file_correction(correction_id=staged.pk, by=head(), at=at)
    commands.record_correction_answer(
        reference=staged.pk, digest=staged.digest, number="备20261032-1", reason="", by=the_node(), at=at
    )
    return staged


def a_published_correction(
    at: datetime, moved: dict[str, int] | None = None, dropped: Collection[str] = ()
) -> TimetableCorrection:
    """The same in force."""
    filed = a_filed_correction(at, moved, dropped)
    return commands.publish_correction(correction_id=filed.pk, by=head(), at=at).value
