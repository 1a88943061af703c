"""A call to a member, and how an incident ends."""

from __future__ import annotations

from django import forms

from zikao.foundation.pages.proving import SecretForm
from zikao.stages.incidents.states import CallOutcome


class CallForm(forms.Form):
    """What became of a call."""

    outcome = forms.TypedChoiceField(label="结果", choices=CallOutcome.choices, coerce=CallOutcome)
    note = forms.CharField(label="对方答复", required=False, max_length=200)


class CloseForm(SecretForm):
    """Why an incident is closed, under the name of who answers for it."""

    reason = forms.CharField(label="办结理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    field_order = ("reason", "secret", "code")


class WithdrawForm(SecretForm):
    """Why an incident was a false alarm, under the name of who answers for it."""

    reason = forms.CharField(label="撤销理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    field_order = ("reason", "secret", "code")
