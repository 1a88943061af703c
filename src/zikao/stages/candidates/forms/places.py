"""Forms of when and where people register for the first time."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.stages.candidates.forms.registration import sitting_choices

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class RegistrationPeriodForm(forms.Form):
    """From when until when, for whom the sitting is the first."""

    sitting_code = forms.ChoiceField(label="首次参加的考次", choices=sitting_choices)
    opens_at = forms.DateTimeField(label="报名开始", widget=_MOMENT)
    closes_at = forms.DateTimeField(
        label="报名截止",
        widget=_MOMENT,
        help_text="不含这一刻；截止前已在网上提交的，之后仍可到现场确认。",
    )


class PlaceForm(forms.Form):
    """A counter as candidates find it."""

    name = forms.CharField(label="报名点名称", max_length=60)
    address = forms.CharField(label="地址", max_length=120)
    hours = forms.CharField(label="办理时间", max_length=80, help_text="如“周一至周五 9:00—11:30，13:30—17:00”。")
    phone = forms.CharField(label="咨询电话", max_length=20)


class RegistrationPlaceForm(PlaceForm):
    """A new counter, and of which county."""

    county_code = forms.ChoiceField(label="县（市、区）")
    field_order = ("county_code",)

    def __init__(self, *args: Any, counties: list[tuple[str, str]] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["county_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = counties or []
