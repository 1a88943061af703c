"""The centre's answer: yes or no, and the reason."""

from __future__ import annotations

from django import forms

CHOICES = (("yes", "批准"), ("no", "不批准"))


class RulesAnswerForm(forms.Form):
    """An answer to filed rules."""

    acknowledged = forms.ChoiceField(label="答复", choices=(("yes", "备案"), ("no", "退回")), widget=forms.RadioSelect)
    reason = forms.CharField(label="退回理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """An answer to a province."""

    approved = forms.ChoiceField(label="答复", choices=CHOICES, widget=forms.RadioSelect)
    answer = forms.CharField(
        label="意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不批准的，须说明理由",
    )  # fmt: skip
