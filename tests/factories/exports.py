"""Exports, asked for and made through their commands; the queue's work is done at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.factories.accounts import a_member_of_staff
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.exports import commands
from zikao.foundation.exports.models import Export
from zikao.foundation.exports.tasks import make_export

LETTER = b"%PDF-1.7 letter of consent"
PURPOSE = "核对十月考试报名人数，供处内会议使用"


def acting(account: Account) -> Actor:
    """The account in its first appointment."""
    appointment = account.appointments.get()
    return Actor(account.name, Post(appointment.post), appointment.agency_code, account.pk, appointment.pk)


def an_officer(at: datetime, post: Post = Post.RECORDS_CLERK, agency_code: str | None = None) -> Actor:
    """A member of staff who can ask for exports."""
    found = Account.objects.filter(username__startswith=f"{post.value}.").first()
    return acting(found or a_member_of_staff(at, post, agency_code))


def a_request(**wanted: Any) -> commands.Request:
    """Names and numbers masked, for one's own office, unless told otherwise."""
    usual: dict[str, Any] = {
        "dataset": "candidates.list",
        "columns": ("admission_number", "name", "major"),
        "purpose": PURPOSE,
        "form": "csv",
    }
    return commands.Request(**{**usual, **wanted})


def an_export(at: datetime, by: Actor | None = None, **wanted: Any) -> Export:
    """An export that was asked for."""
    return commands.request_export(request=a_request(**wanted), by=by or an_officer(at), at=at).value


def made(export: Export) -> Export:
    """The export after the queue has done its work."""
    export.refresh_from_db()
    make_export(export.work_id)
    export.refresh_from_db()
    return export
