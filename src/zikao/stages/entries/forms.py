"""Shapes of input of entering: windows, choices, payments at the counter."""

from __future__ import annotations

from django import forms

from zikao.stages.programmes.models import Sitting

_MOMENT = {"type": "datetime-local"}


class PeriodForm(forms.Form):
    """From when until when."""

    opens_at = forms.DateTimeField(label="报考开始", widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"))
    closes_at = forms.DateTimeField(
        label="报考截止",
        help_text="到这一刻为止，不含这一刻；应早于首场开考。",
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
    )


class WindowForm(PeriodForm):
    """A new window: of which sitting, and in which ways."""

    sitting_code = forms.ModelChoiceField(
        label="考次", queryset=Sitting.objects.filter(entry_window__isnull=True), to_field_name="code"
    )
    online = forms.BooleanField(label="开放网上报考", required=False, initial=True)
    on_site = forms.BooleanField(label="开放现场报考", required=False, initial=True)

    field_order = ("sitting_code", "opens_at", "closes_at", "online", "on_site")

    def clean_sitting_code(self) -> str:
        """The chosen sitting's code."""
        sitting: Sitting = self.cleaned_data["sitting_code"]
        return sitting.code


class ChoiceForm(forms.Form):
    """The chosen papers and the area; what may be chosen is asked of the law, not here."""

    papers = forms.TypedMultipleChoiceField(label="课程", coerce=int, required=False)
    area_code = forms.CharField(label="考区", max_length=12)

    def __init__(self, data: object = None, *, paper_ids: list[int], **kwargs: object) -> None:
        super().__init__(data, **kwargs)  # type: ignore[arg-type]
        papers = self.fields["papers"]
        assert isinstance(papers, forms.TypedMultipleChoiceField)
        papers.choices = [(str(each), str(each)) for each in paper_ids]


class CounterPaymentForm(forms.Form):
    """Money taken at the counter."""

    order_number = forms.CharField(label="收费票据号", max_length=40)
    amount_yuan = forms.DecimalField(label="实收金额（元）", min_value=0, max_digits=7, decimal_places=2)
