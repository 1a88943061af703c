"""What is filled in: who applies, the materials shown in person, a reason, another batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from zikao.foundation.pages.formats import day_text
from zikao.stages.graduation.states import Materials


class StartForm(forms.Form):
    """Who wants to graduate."""

    admission_number = forms.RegexField(
        label="准考证号", regex=r"^[0-9]{12}$", error_messages={"invalid": "准考证号是12位数字。"}
    )


class MaterialsForm(forms.Form):
    """The counter's form: the applicant stands here with these papers. The law says what is missing, not the form."""

    batch_on = forms.TypedChoiceField(label="发证批次", coerce=date.fromisoformat)
    admission_card = forms.BooleanField(label="本人出示准考证", required=False)
    identity_document = forms.BooleanField(label="本人出示有效居民身份证，人证相符", required=False)
    appraisal_passed = forms.BooleanField(label="思想品德鉴定合格，有鉴定单位盖章", required=False)
    prior_certificate = forms.CharField(
        label="专科（或以上）学历证书编号", max_length=40, required=False, help_text="申请本科（专升本）毕业的填写。"
    )
    prior_verified = forms.BooleanField(label="已核验《学历证书电子注册备案表》或《学历认证报告》", required=False)

    def __init__(self, *args: Any, batches: Sequence[date], bachelor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch_on"].choices = _choices(batches)  # type: ignore[attr-defined]
        if not bachelor:
            del self.fields["prior_certificate"], self.fields["prior_verified"]


class BatchForm(forms.Form):
    """Another batch."""

    batch_on = forms.TypedChoiceField(label="转入批次", coerce=date.fromisoformat)

    def __init__(self, *args: Any, batches: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch_on"].choices = _choices(batches)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why an application is refused."""

    reason = forms.CharField(
        label="不予办理的理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="申请人会看到。"
    )


def _choices(batches: Sequence[date]) -> list[tuple[str, str]]:
    return [(day.isoformat(), day_text(day)) for day in batches]


def arguments_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The command's arguments from the counter's form."""
    shown = {name: value for name, value in data.items() if name != "batch_on"}
    return {"batch_on": data["batch_on"], "materials": Materials(**shown)}
