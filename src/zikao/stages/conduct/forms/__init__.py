"""The shapes of what invigilators and sites hand in."""

from zikao.stages.conduct.forms.checks import ChecksForm, RoomCheckForm
from zikao.stages.conduct.forms.rooms import AdmitForm, HandInForm, MarkForm, SignForm
from zikao.stages.conduct.forms.sheets import COLUMNS, SheetsForm

__all__ = ["COLUMNS", "AdmitForm", "ChecksForm", "HandInForm", "MarkForm", "RoomCheckForm", "SheetsForm", "SignForm"]
