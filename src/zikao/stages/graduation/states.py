"""The way of an application to the certificate, and the materials shown with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class ApplicationState(TextChoices):
    SUBMITTED = "submitted", "已受理"
    REVIEWED = "reviewed", "地市已审核"
    APPROVED = "approved", "省级已审定"
    CONFIRMED = "confirmed", "主考学校已审定"
    CERTIFIED = "certified", "已制证"
    HANDED_OUT = "handed-out", "已发证"
    RETURNED = "returned", "不予办理"


TRANSITIONS: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.SUBMITTED: frozenset({ApplicationState.REVIEWED, ApplicationState.RETURNED}),
    ApplicationState.REVIEWED: frozenset({ApplicationState.APPROVED, ApplicationState.RETURNED}),
    ApplicationState.APPROVED: frozenset({ApplicationState.CONFIRMED, ApplicationState.RETURNED}),
    ApplicationState.CONFIRMED: frozenset({ApplicationState.CERTIFIED}),
    ApplicationState.CERTIFIED: frozenset({ApplicationState.HANDED_OUT}),
    ApplicationState.HANDED_OUT: frozenset(),
    ApplicationState.RETURNED: frozenset(),
}

OPEN = frozenset(
    {ApplicationState.SUBMITTED, ApplicationState.REVIEWED, ApplicationState.APPROVED, ApplicationState.CONFIRMED}
)
"""An application in one of these states is still on its way to a certificate."""


@dataclass(frozen=True)
class Materials:
    """What the applicant showed in person: card, identity document, appraisal, earlier certificate."""

    admission_card: bool
    identity_document: bool
    appraisal_passed: bool
    prior_certificate: str = ""
    prior_verified: bool = False
