"""Reading the letters that the provinces sent."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.national.models import ReceivedLetter


def received_letters() -> QuerySet[ReceivedLetter]:
    """All of them."""
    return ReceivedLetter.objects.all()


def received_letter(letter_id: int) -> ReceivedLetter:
    """One letter. Raises NotFound."""
    found = ReceivedLetter.objects.filter(pk=letter_id).first()
    if found is None:
        raise NotFound("letter-not-found", facts={"letter": letter_id})
    return found
