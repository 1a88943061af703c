"""What is kept of exam staff."""

from zikao.stages.personnel.models.conduct import ConductRecord
from zikao.stages.personnel.models.duties import Dispatch, DispatchPlace, Duty, Roster
from zikao.stages.personnel.models.interests import KIN_NUMBER, Declaration, InterestFlag, Kin
from zikao.stages.personnel.models.pay import PayLine, PayRate, PaySheet
from zikao.stages.personnel.models.people import ADDRESS, ID_NUMBER, PHONE, Certificate, Person, Posting
from zikao.stages.personnel.models.training import TrainingCourse, TrainingPlace

__all__ = [
    "ADDRESS",
    "ID_NUMBER",
    "KIN_NUMBER",
    "PHONE",
    "Certificate",
    "ConductRecord",
    "Declaration",
    "Dispatch",
    "DispatchPlace",
    "Duty",
    "InterestFlag",
    "Kin",
    "PayLine",
    "PayRate",
    "PaySheet",
    "Person",
    "Posting",
    "Roster",
    "TrainingCourse",
    "TrainingPlace",
]
