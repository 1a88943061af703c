"""Which batch to gather, and what the public types to verify a certificate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from zikao.foundation.pages.formats import day_text
from zikao.stages.registry import queries


class CheckForm(forms.Form):
    """The issue date whose certificates are gathered."""

    batch_on = forms.ChoiceField(label="发证日期")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        days = queries.dates_to_check()
        choices = [(day.isoformat(), day_text(day)) for day in days] or [("", "没有等待整理的证书")]
        self.fields["batch_on"].choices = choices  # type: ignore[attr-defined]

    def clean_batch_on(self) -> date:
        """The day itself."""
        return date.fromisoformat(self.cleaned_data["batch_on"])


class Verification(forms.Form):
    """A certificate's number and its holder's name."""

    number = forms.CharField(
        label="证书编号",
        max_length=32,
        help_text="印在证书上，毕业证书为 17 位。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label="证书上的姓名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
