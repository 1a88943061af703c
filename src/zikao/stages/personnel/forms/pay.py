"""Rates, corrections of pay, conduct."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.stages.personnel.forms.duties import SittingForm
from zikao.stages.personnel.forms.fields import AREA, DATE, YuanField, choose
from zikao.stages.personnel.states import ConductKind, PayBasis, PostKind

LARGEST_FILE = 5 * 1024 * 1024


class RateForm(forms.Form):
    """A rate from a day on."""

    post_kind = forms.TypedChoiceField(label="岗位", choices=PostKind.choices, coerce=PostKind)
    basis = forms.TypedChoiceField(label="计酬单位", choices=PayBasis.choices, coerce=PayBasis)
    rate_fen = YuanField(label="标准（元）")
    since_on = forms.DateField(label="起", widget=DATE)
    document = forms.CharField(label="文号", max_length=60)


class CorrectionForm(forms.Form):
    """What the quantity should have been."""

    quantity = forms.IntegerField(label="应为的数量", min_value=0, max_value=100_000)
    reason = forms.CharField(label="更正原因", max_length=200, widget=AREA)


class VoucherForm(forms.Form):
    """The voucher of a payment."""

    voucher = forms.CharField(label="付款凭证号", max_length=60)


class ConductForm(SittingForm):
    """A breach or a commendation."""

    kind = forms.TypedChoiceField(label="类别", choices=ConductKind.choices, coerce=ConductKind)
    code = forms.ChoiceField(label="违反的工作纪律", required=False)
    serious = forms.BooleanField(label="情节严重，停止本考次的工作", required=False)
    happened_on = forms.DateField(label="发生日期", widget=DATE, initial=clock.today)
    text = forms.CharField(label="事实", max_length=400, widget=AREA)
    evidence = forms.CharField(label="证据", max_length=200, help_text="例如监控录像时段、巡考记录、证人")
    evidence_file = forms.FileField(label="证据文件", required=False)

    def __init__(self, *args: Any, breaches: dict[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "code", [("", "（表扬不选）"), *breaches.items()])

    def clean_evidence_file(self) -> Any:
        """A file that is not too large."""
        held = self.cleaned_data["evidence_file"]
        if held is not None and held.size > LARGEST_FILE:
            raise forms.ValidationError("文件不能超过 5 兆字节。")
        return held


def conduct_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes it: the file as bytes with its type."""
    held = data.pop("evidence_file", None)
    if held is None:
        return data
    return {**data, "evidence_file": held.read(), "evidence_type": held.content_type or "application/octet-stream"}
