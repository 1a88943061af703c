"""Candidates: the register, the queue before it, the file, corrections, and needs."""

from zikao.stages.candidates.models.changes import VALUES, GatheredBatch, IdentityCorrection
from zikao.stages.candidates.models.file import SUSPENDED_NUMBER, IntegrityEntry, Pledge, Suspension
from zikao.stages.candidates.models.needs import NEED, RELATIVE, Accommodation, DeclaredRelative
from zikao.stages.candidates.models.places import RegistrationPeriod, RegistrationPlace
from zikao.stages.candidates.models.portraits import MeasuredPortrait
from zikao.stages.candidates.models.queue import ANSWERS, APPLICANT_NUMBER, PreRegistration
from zikao.stages.candidates.models.register import ADDRESS, ID_NUMBER, PHONE, AdmissionCounter, Candidate

__all__ = [
    "ADDRESS",
    "ANSWERS",
    "APPLICANT_NUMBER",
    "ID_NUMBER",
    "NEED",
    "PHONE",
    "RELATIVE",
    "SUSPENDED_NUMBER",
    "VALUES",
    "Accommodation",
    "AdmissionCounter",
    "Candidate",
    "DeclaredRelative",
    "GatheredBatch",
    "IdentityCorrection",
    "IntegrityEntry",
    "MeasuredPortrait",
    "Pledge",
    "PreRegistration",
    "RegistrationPeriod",
    "RegistrationPlace",
    "Suspension",
]
