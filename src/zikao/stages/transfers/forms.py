"""What is typed or ticked at the transfer counter."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.provinces import PROVINCES
from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates.queries import by_admission_number
from zikao.stages.transfers.states import REFUSING_CLAUSES


class ApplyForm(forms.Form):
    """An application to leave, at the counter."""

    admission_number = forms.CharField(
        label="准考证号（本省）", max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    destination = forms.ChoiceField(label="转入地")
    destination_admission_number = forms.RegexField(
        r"^[0-9A-Za-z]{8,12}$",
        label="转入地准考证号",
        error_messages={"invalid": "请按转入地准考证填写，8 至 12 位数字或字母。"},
    )
    destination_major = forms.RegexField(
        r"^[0-9A-Z]{6,7}$",
        label="转入地专业代码",
        error_messages={"invalid": "专业代码为 6 或 7 位，例如 050101、120402。"},
    )
    passes_at_destination = forms.IntegerField(
        label="转入地合格课程门数",
        min_value=0,
        max_value=60,
        help_text="以考生出示的转入地成绩为准；转入地收到档案后还会核对。",
    )
    reason = forms.CharField(label="转出原因", max_length=100)

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        self.actor = actor
        choices = [(code, name) for code, name in PROVINCES.items() if code != actor.agency_code[:2]]
        self.fields["destination"].choices = choices  # type: ignore[attr-defined]

    def clean_admission_number(self) -> str:
        """The number of a candidate of ours; its id is kept beside it."""
        number = str(self.cleaned_data["admission_number"]).strip()
        try:
            self.candidate_id = by_admission_number(self.actor, number).pk
        except NotFound:
            raise forms.ValidationError("没有准考证号为这个号码的考生，请核对。") from None
        return number

    def clean(self) -> dict[str, Any]:
        """The arguments of the command."""
        data = dict(super().clean() or {})
        if "admission_number" in data:
            data["candidate_id"] = self.candidate_id
            del data["admission_number"]
        return data


class MoveForm(forms.Form):
    """A move to another prefecture of the province, at the counter."""

    admission_number = forms.CharField(
        label="准考证号", max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    to_area = forms.ChoiceField(label="转入地（市）")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        self.actor = actor
        areas = Agency.objects.filter(kind=AgencyKind.PREFECTURE).order_by("code")
        self.fields["to_area"].choices = [(area.code, f"{area.code} {area.name}") for area in areas]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The arguments of the command."""
        data = dict(super().clean() or {})
        number = str(data.pop("admission_number", "")).strip()
        try:
            data["candidate_id"] = by_admission_number(self.actor, number).pk
        except NotFound:
            self.add_error("admission_number", "没有准考证号为这个号码的考生，请核对。")
        return data


class MoveAnswerForm(forms.Form):
    """An answer to a move."""

    accepted = forms.ChoiceField(label="答复", choices=(("yes", "同意"), ("no", "不同意")), widget=forms.RadioSelect)
    answer = forms.CharField(label="意见", max_length=200, required=False, help_text="不同意的，须说明理由")


class ConfirmForm(forms.Form):
    """What the candidate showed and signed."""

    identity_document = forms.BooleanField(label="已查验本人有效居民身份证", required=False)
    own_admission_card = forms.BooleanField(label="已查验转出地和转入地准考证", required=False)
    signed = forms.BooleanField(label="考生已核对成绩，并在登记表上签字", required=False)


class ArriveForm(ConfirmForm):
    """The same at the destination, where one card is asked for."""

    own_admission_card = forms.BooleanField(label="已查验本省准考证", required=False)


class WithdrawForm(forms.Form):
    """Why the candidate takes the application back."""

    reason = forms.CharField(label="撤回的原因", max_length=300)


class RefuseForm(forms.Form):
    """Which rule the file breaks, and how."""

    code = forms.ChoiceField(label="违反的规定")
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明档案中哪一项不符合这一条。转出地和考生会看到。",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [clause(name) for name in REFUSING_CLAUSES]
        choices = [("", "请选择"), *((row.id, f"{row.chip}　{row.title}") for row in rows)]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]


class SubstitutionForm(forms.Form):
    """A course of elsewhere that counts as one of ours."""

    from_course_code = forms.RegexField(
        r"^[0-9]{5}$", label="原课程代码", error_messages={"invalid": "课程代码为 5 位数字。"}
    )
    to_course_code = forms.RegexField(
        r"^[0-9]{5}$", label="替换为本省课程", error_messages={"invalid": "课程代码为 5 位数字。"}
    )
    since_on = forms.DateField(label="自何日起", widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.CharField(label="公布文号", max_length=60)
