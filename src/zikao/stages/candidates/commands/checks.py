"""What is asked of an applicant: of the form first (each field by name), then of the law."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings

from zikao.foundation.regulation import Decision, all_of, parameter
from zikao.stages.candidates.portraits import measure
from zikao.stages.candidates.rules import (
    BIRTH,
    IDENTITY_AGREES,
    IDENTITY_DOCUMENT,
    IDENTITY_NUMBER,
    MILITARY_ONLY,
    NAME,
    PORTRAIT,
    SUSPENSION,
    TERMS,
    PortraitFacts,
)
from zikao.stages.candidates.states import Applicant, DocumentKind
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Plan

SAYS_BIRTH_AND_SEX = frozenset({DocumentKind.RESIDENT.value, DocumentKind.RESIDENCE_PERMIT.value})
FIELDS = {
    "document-not-accepted": "document_kind",
    "major-condition-unmet": "shown",
    "identity-evidence-unfit": "evidence",
    "birth-differs": "born_on",
    "birth-implausible": "born_on",
    "birth-in-future": "born_on",
    "name-characters": "name",
    "name-length": "name",
    "name-private-use": "name",
    "name-separator": "name",
    "not-military": "is_military",
    "registration-fee-differs": "fee_fen",
    "rules-not-accepted": "rules_accepted",
    "sex-differs": "sex",
    "sitting-over": "sitting_code",
}


def field_of(code: str) -> str:
    """The field of the registration form that a finding speaks of."""
    if code.startswith("portrait-"):
        return "portrait"
    return FIELDS.get(code, "id_number")


def identity(applicant: Applicant, on: date) -> Decision:
    """Name, document, ID number, and what a resident's number says of birth and sex."""
    name = all_of(NAME(on=on, name=applicant.name), BIRTH(on=on, born_on=applicant.born_on))
    kind, number = applicant.document_kind, applicant.id_number
    document = IDENTITY_DOCUMENT(on=on, kind=kind, id_number=number, province=settings.ZIKAO_NODE_CODE)
    if kind not in SAYS_BIRTH_AND_SEX:
        return all_of(name, document)
    numbered = IDENTITY_NUMBER(on=on, id_number=number)
    if not numbered.granted:
        return all_of(name, numbered)
    facts = {"id_number": number, "born_on": applicant.born_on, "sex": applicant.sex}
    return all_of(name, document, IDENTITY_AGREES(on=on, **facts))


def what_is_wrong_with(number: str, on: date) -> str | None:
    """Why this is the number of no identity document that is known; None where it is one."""
    shapes = parameter("identity-document-shapes").on(on)
    kind = next((name for name, each in shapes.items() if re.fullmatch(each["pattern"], number, re.ASCII)), None)
    if kind is None:
        return "这不是任何一种身份证件号码的写法。请对照证件或处理决定逐位核对。"
    if kind not in SAYS_BIRTH_AND_SEX:
        return None
    refusals = IDENTITY_NUMBER(on=on, id_number=number).refusals
    return "".join(finding.message + finding.remedy for finding in refusals) or None


def portrait(picture: bytes | None, on: date, known: PortraitFacts | None = None) -> Decision:
    """The portrait, where there is one; that it is missing is for `eligibility` to say.

    `known` is what the record says of this very picture: then nobody looks at it again.
    """
    return all_of() if picture is None else PORTRAIT(on=on, portrait=known or measure(picture))


def eligibility(
    applicant: Applicant, *, rules_accepted: bool, suspended_until: date | None, plan: Plan | None, on: date
) -> Decision:
    """Suspension, the military's own register, a major's conditions, and the terms at the counter."""
    is_military_node = settings.ZIKAO_NODE_KIND == "military"
    return all_of(
        SUSPENSION(on=on, suspended_until=suspended_until),
        MILITARY_ONLY(on=on, military_node=is_military_node, military_person=applicant.is_military),
        major(plan, applicant.shown, on),
        TERMS(
            on=on,
            rules_accepted=rules_accepted,
            has_portrait=applicant.portrait is not None,
            fee_fen=applicant.fee_fen,
            province=settings.ZIKAO_NODE_CODE,
        ),
    )


def major(plan: Plan | None, shown: str, on: date) -> Decision:
    """The one thing besides a suspension that keeps anybody out: a major with conditions of its own (EA-12.1).

    Neither sex nor age, ethnic group, race nor schooling is asked: there is no place for them here.
    """
    if plan is None:
        return all_of()
    return programmes.major_entry(plan, frozenset({shown} - {""}), on)
