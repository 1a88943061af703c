"""Shapes of input: the counter's form, the small forms of acts, the rows of an import."""

from zikao.stages.candidates.forms.acts import (
    FindForm,
    PasswordForm,
    PledgeForm,
    SuspensionByNumberForm,
    SuspensionForm,
)
from zikao.stages.candidates.forms.registration import RegistrationForm
from zikao.stages.candidates.forms.rows import ImportForm, parse_candidates_csv

__all__ = [
    "FindForm",
    "ImportForm",
    "PasswordForm",
    "PledgeForm",
    "RegistrationForm",
    "SuspensionByNumberForm",
    "SuspensionForm",
    "parse_candidates_csv",
]
