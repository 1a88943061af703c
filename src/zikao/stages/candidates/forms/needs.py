"""The forms of accommodations: the application, and the decision."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter

DAY = {"type": "date"}


def kind_choices() -> list[tuple[str, str]]:
    """The accommodations of the day."""
    return list(parameter("accommodation-kinds").on(clock.today()).items())


class AccommodationForm(forms.Form):
    """What the candidate needs, from when until when, and the evidence."""

    kinds = forms.MultipleChoiceField(
        label="需要哪些便利", choices=kind_choices, widget=forms.CheckboxSelectMultiple, help_text="可以选择多项。"
    )
    need = forms.CharField(
        label="情况说明",
        max_length=1000,
        help_text="说明残疾情况和为什么需要这些便利。内容密存，只有办理人员可以看到。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    from_on = forms.DateField(label="从哪一天起", widget=forms.DateInput(attrs=DAY))
    until_on = forms.DateField(
        label="到哪一天止（不含）", help_text="只为一次考试的，填考试结束的次日。", widget=forms.DateInput(attrs=DAY)
    )
    evidence = forms.FileField(
        label="证明材料",
        help_text="残疾人证或者医院诊断证明，PDF、JPEG 或 PNG，不超过 5 兆字节。",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )


class AccommodationDecisionForm(forms.Form):
    """What is granted of it, why, and until when."""

    granted = forms.TypedChoiceField(
        label="决定", choices=(("yes", "同意"), ("no", "不同意")), coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="同意哪些便利", choices=kind_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    extra_percent = forms.IntegerField(
        label="延长考试时间（%）",
        min_value=0,
        max_value=100,
        initial=0,
        help_text="占该科目考试时间的百分数；不延长的填 0。",
    )
    until_on = forms.DateField(label="有效期止（不含）", widget=forms.DateInput(attrs=DAY))
    number = forms.CharField(label="决定文号", max_length=40)
    reason = forms.CharField(
        label="理由", max_length=400, help_text="考生看得到。", widget=forms.Textarea(attrs={"rows": 3})
    )


def evidence_of(data: dict[str, Any]) -> dict[str, Any]:
    """The form's answers with the file read, its type told by its first bytes and not by its name."""
    file = data.pop("evidence")
    content = file.read()
    return {**data, "evidence": content, "evidence_type": media_type_of(content)}


def media_type_of(content: bytes) -> str:
    """PDF, JPEG or PNG by the file's signature; else unknown binary."""
    for signature, kind in (
        (b"%PDF-", "application/pdf"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n", "image/png"),
    ):
        if content.startswith(signature):
            return kind
    return "application/octet-stream"
