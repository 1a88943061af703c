"""Forms of corrections, declarations, and of lifting a suspension."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.pages import ListForm
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.candidates.forms.needs import media_type_of
from zikao.stages.candidates.forms.registration import PICTURE, document_choices, entry_conditions, sitting_choices
from zikao.stages.candidates.states import IntegrityKind, ReissueReason, Sex
from zikao.stages.programmes.models import Major
from zikao.stages.programmes.states import Evidence

KEEP = "不改的，不填。"


class CorrectionForm(forms.Form):
    """What is to stand in the register instead; what is left empty stays."""

    name = forms.CharField(label="姓名", max_length=60, required=False, help_text=KEEP)
    sex = forms.ChoiceField(label="性别", choices=[("", "不改"), *Sex.choices], required=False)
    born_on = forms.DateField(label="出生日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    document_kind = forms.ChoiceField(
        label="证件种类", choices=lambda: [("", "不改"), *document_choices()], required=False
    )
    id_number = forms.CharField(
        label="证件号码", max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    portrait = forms.FileField(label="新照片", required=False, widget=forms.FileInput(attrs=PICTURE))
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(
        label="证明材料", help_text="公安机关的证明、新旧证件等，PDF、JPEG 或 PNG，不超过 5 兆字节。"
    )


def correction_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The command's arguments."""
    paper, picture = data["evidence"].read(), data["portrait"].read() if data["portrait"] else None
    changes = {name: data[name] for name in ("name", "sex", "born_on", "document_kind", "id_number") if data[name]}
    return {
        "changes": changes,
        "picture": picture,
        "reason": data["reason"],
        "evidence": paper,
        "evidence_type": media_type_of(paper),
    }


def institution_choices() -> list[tuple[str, str]]:
    """The institutions that tutor."""
    return [("", "没有参加"), *TutoringInstitution.objects.values_list("code", "name")]


class TutoringForm(forms.Form):
    """The institution that tutors the candidate."""

    institution_code = forms.ChoiceField(label="助学机构", choices=institution_choices, required=False)


class TutoredForm(ListForm):
    """An institution's list, and whose it is."""

    institution_code = forms.ChoiceField(label="助学机构", choices=lambda: institution_choices()[1:])

    field_order = ("institution_code", "rows")


class RelativeForm(forms.Form):
    """A relative who works in the exams."""

    name = forms.CharField(label="亲属姓名", max_length=50)
    relation = forms.CharField(label="与您的关系", max_length=20, help_text="例如：父亲、配偶、兄妹。")
    unit = forms.CharField(label="工作单位", max_length=60, required=False)


class ContactForm(forms.Form):
    """How to reach the candidate from now on; what is left empty stays."""

    phone = forms.RegexField(
        label="手机号码",
        regex=r"^1[0-9]{10}$",
        required=False,
        help_text=KEEP,
        error_messages={"invalid": "请填写 11 位手机号码。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel-national"}),
    )
    address = forms.CharField(label="通信地址", max_length=200, required=False, help_text=KEEP)


class MajorForm(forms.Form):
    """Another major, and what was shown for one with conditions of its own."""

    major_code = forms.ChoiceField(label="改报的专业")
    shown = forms.ChoiceField(
        label="专业有特殊要求的，已出示并核对", required=False, choices=[("", "没有出示"), *Evidence.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        majors = Major.objects.filter(plans__isnull=False).distinct()
        choices = [(each.code, str(each)) for each in majors or Major.objects.all()]
        self.fields["major_code"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
        self.fields["shown"].help_text = entry_conditions()


class ReissueForm(forms.Form):
    """Why a card is given once more."""

    why = forms.ChoiceField(label="补发的原因", choices=ReissueReason.choices)


class PaperPledgeForm(forms.Form):
    """The sitting for which a commitment was signed on paper."""

    sitting_code = forms.ChoiceField(label="考次")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sitting_code"].choices = sitting_choices()  # type: ignore[attr-defined]


class IntegrityForm(forms.Form):
    """A line of the integrity file, with what it rests on."""

    kind = forms.ChoiceField(
        label="类别", choices=[(each.value, each.label) for each in (IntegrityKind.CORRECTION, IntegrityKind.VIOLATION)]
    )
    code = forms.CharField(label="依据的文号或代码", max_length=20)
    text = forms.CharField(
        label="内容",
        max_length=400,
        help_text="考生看得到。记入以后不能改、不能删；记错的，再记一条更正。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LiftForm(forms.Form):
    """The decision that annuls or changes the first."""

    reference = forms.CharField(label="解除依据的文号", max_length=80)
