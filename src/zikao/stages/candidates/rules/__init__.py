"""The law of registering: identity, portrait, who may, and the admission number."""

from zikao.stages.candidates.rules.admission import ADMISSION_NUMBER, ADMISSION_SERIAL
from zikao.stages.candidates.rules.eligibility import (
    COMPLETE,
    FIRST_SITTING,
    MILITARY_ONLY,
    PERIOD_SETTING,
    REGISTRATION_PERIOD,
    SUSPENSION,
    TERMS,
)
from zikao.stages.candidates.rules.identity import (
    BIRTH,
    IDENTITY_AGREES,
    IDENTITY_DOCUMENT,
    IDENTITY_EVIDENCE,
    IDENTITY_NUMBER,
    NAME,
    accepted_documents,
)
from zikao.stages.candidates.rules.needs import ACCOMMODATION_ASKED, ACCOMMODATION_GRANTED
from zikao.stages.candidates.rules.portrait import PORTRAIT, PortraitFacts

__all__ = [
    "ACCOMMODATION_ASKED",
    "ACCOMMODATION_GRANTED",
    "ADMISSION_NUMBER",
    "ADMISSION_SERIAL",
    "BIRTH",
    "COMPLETE",
    "FIRST_SITTING",
    "IDENTITY_AGREES",
    "IDENTITY_DOCUMENT",
    "IDENTITY_EVIDENCE",
    "IDENTITY_NUMBER",
    "MILITARY_ONLY",
    "NAME",
    "PERIOD_SETTING",
    "PORTRAIT",
    "REGISTRATION_PERIOD",
    "SUSPENSION",
    "TERMS",
    "PortraitFacts",
    "accepted_documents",
]
