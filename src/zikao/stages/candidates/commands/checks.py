"""What is asked of an applicant: of the form first (each field by name), then of the law."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from zikao.foundation.regulation import Decision, all_of
from zikao.stages.candidates.portraits import measure
from zikao.stages.candidates.rules import (
    IDENTITY_AGREES,
    IDENTITY_NUMBER,
    MILITARY_ONLY,
    NAME,
    PORTRAIT,
    SUSPENSION,
    TERMS,
)
from zikao.stages.candidates.states import Applicant

FIELDS = {
    "birth-differs": "born_on",
    "birth-in-future": "born_on",
    "name-characters": "name",
    "name-length": "name",
    "name-separator": "name",
    "not-military": "is_military",
    "registration-fee-differs": "fee_fen",
    "rules-not-accepted": "rules_accepted",
    "sex-differs": "sex",
}


def field_of(code: str) -> str:
    """The field of the registration form that a finding speaks of."""
    if code.startswith("portrait-"):
        return "portrait"
    return FIELDS.get(code, "id_number")


def identity(applicant: Applicant, on: date) -> Decision:
    """Name, ID number, and what the number says of birth and sex."""
    number = IDENTITY_NUMBER(on=on, id_number=applicant.id_number)
    name = NAME(on=on, name=applicant.name)
    if not number.granted:
        return all_of(name, number)
    facts = {"id_number": applicant.id_number, "born_on": applicant.born_on, "sex": applicant.sex}
    return all_of(name, number, IDENTITY_AGREES(on=on, **facts))


def portrait(picture: bytes | None, on: date) -> Decision:
    """The portrait, where there is one; that it is missing is for `eligibility` to say."""
    return all_of() if picture is None else PORTRAIT(on=on, portrait=measure(picture))


def eligibility(applicant: Applicant, *, rules_accepted: bool, suspended_until: date | None, on: date) -> Decision:
    """Suspension, the military's own register, and the terms at the counter."""
    is_military_node = settings.ZIKAO_NODE_KIND == "military"
    return all_of(
        SUSPENSION(on=on, suspended_until=suspended_until),
        MILITARY_ONLY(on=on, military_node=is_military_node, military_person=applicant.is_military),
        TERMS(
            on=on,
            rules_accepted=rules_accepted,
            has_portrait=applicant.portrait is not None,
            fee_fen=applicant.fee_fen,
            province=settings.ZIKAO_NODE_CODE,
        ),
    )
