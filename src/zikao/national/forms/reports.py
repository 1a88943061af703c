"""What the centre asks for, and the reason of a correction."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.exchange.models import Peer
from zikao.foundation.provinces import node_title
from zikao.national.queries.figures import FIGURES


class DemandForm(forms.Form):
    """A demand: what, of which sitting, from whom, by when."""

    title = forms.CharField(label="名称", max_length=80)
    sitting_code = forms.RegexField(r"^[0-9]{4}-(01|04|07|10)$", label="考次", help_text="写作“2026-10”")
    due_on = forms.DateField(label="上报期限", widget=forms.DateInput(attrs={"type": "date"}))
    figures = forms.MultipleChoiceField(
        label="指标",
        widget=forms.CheckboxSelectMultiple,
        choices=[(each.code, f"{each.title}（{each.unit}）") for each in FIGURES.values()],
    )
    to = forms.MultipleChoiceField(label="上报省份", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        codes = list(Peer.objects.filter(code__startswith="province:").order_by("code").values_list("code", flat=True))
        to = self.fields["to"]
        assert isinstance(to, forms.MultipleChoiceField)
        to.choices = [(code, node_title(code)) for code in codes]
        to.initial = codes


class ReportForm(forms.Form):
    """Sending figures; a correction says why."""

    note = forms.CharField(
        label="更正说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="首次上报不必填写；更正已报数据的，须说明原因",
    )
