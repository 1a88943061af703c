"""The shapes of what invigilators and sites hand in."""

from zikao.stages.conduct.forms.rooms import AdmitForm, HandInForm, MarkForm, SignForm
from zikao.stages.conduct.forms.sheets import COLUMNS, SheetsForm

__all__ = ["COLUMNS", "AdmitForm", "HandInForm", "MarkForm", "SheetsForm", "SignForm"]
