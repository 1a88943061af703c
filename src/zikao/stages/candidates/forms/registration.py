"""The one form of a registration at the counter, in the order in which a clerk has the papers in hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.commands import scoped
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates.ethnic import ETHNIC
from zikao.stages.candidates.rules import accepted_documents
from zikao.stages.candidates.states import Applicant, DocumentKind, Sex
from zikao.stages.programmes.models import Major, Plan, Sitting
from zikao.stages.programmes.queries import entry_plans
from zikao.stages.programmes.states import Evidence

NO_SITTING = "现在没有可以报名的考次：要等省级教育考试机构开设下一考次。"
PICTURE = {"accept": "image/jpeg,image/png", "data-crop": ""}
"""A portrait to choose or to take: the browser crops it before it is sent (crop.js).

With `data-check`, an address, it is checked there as soon as it is cropped.
"""


def sitting_choices() -> list[tuple[str, str]]:
    """The sittings for which one can still register, the next first; a sitting without a timetable is to come."""
    over = Sitting.objects.filter(units__ends_at__lte=clock.now()).exclude(units__ends_at__gt=clock.now())
    rows = Sitting.objects.exclude(pk__in=over.values("pk")).order_by("code")
    return [(each.code, str(each)) for each in rows]


def document_choices() -> list[tuple[str, str]]:
    """The documents with which one registers in this province."""
    accepted = accepted_documents(settings.ZIKAO_NODE_CODE, clock.today())
    return [(each, str(DocumentKind(each).label)) for each in accepted]


class RegistrationForm(forms.Form):
    """Everything that `register_candidate` needs; `actor` bounds the counties."""

    id_number = forms.CharField(label="身份证件号码", max_length=30, help_text="对照证件原件填写，或用读卡器读入。")
    document_kind = forms.ChoiceField(
        label="证件种类", choices=document_choices, initial=DocumentKind.RESIDENT, required=False
    )
    name = forms.CharField(label="姓名", max_length=60)
    sex = forms.ChoiceField(label="性别", choices=Sex.choices)
    born_on = forms.DateField(label="出生日期", widget=forms.DateInput(attrs={"type": "date"}))
    ethnic = forms.ChoiceField(label="民族", choices=ETHNIC)
    phone = forms.RegexField(
        label="联系电话",
        regex=r"^[0-9]{7,12}$",
        required=False,
        error_messages={"invalid": "请填写 7 至 12 位数字，不加空格和横线。"},
    )
    address = forms.CharField(label="通信地址", max_length=200, required=False)
    portrait = forms.FileField(
        label="照片",
        help_text="现场拍摄或选择文件，裁成竖幅；浅色背景，只有本人。",
        widget=forms.FileInput(attrs=PICTURE),
    )
    major_code = forms.ChoiceField(label="报考专业")
    shown = forms.ChoiceField(
        label="专业有特殊要求的，已出示并核对",
        required=False,
        choices=[("", "没有出示"), *Evidence.choices],
    )
    county_code = forms.ChoiceField(label="报名县（区）")
    sitting_code = forms.ChoiceField(label="首次报考考次")
    fee_yuan = forms.DecimalField(label="已交报名费（元）", min_value=0, max_digits=7, decimal_places=2)
    candidate_password = forms.CharField(
        label="考生初始密码",
        required=False,
        help_text="由考生本人输入，不少于10位；不填的，账户暂不能登录，以后到窗口设置。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    same_person = forms.BooleanField(
        label="本人到场，证件有效，证件、照片和本人一致",
        error_messages={"required": "请核对证件原件、照片和本人之后勾选。"},
    )
    is_military = forms.BooleanField(label="军队人员", required=False)
    rules_accepted = forms.BooleanField(label="考生本人已阅读并接受《考场规则》，知道违规会怎样处理", required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = scoped(Agency.objects.filter(kind=AgencyKind.COUNTY), actor, "code").order_by("code")
        self._choose("county_code", [(each.code, f"{each.code} {each.name}") for each in counties])
        self._choose("major_code", [(each.code, str(each)) for each in Major.objects.all()])
        self.fields["shown"].help_text = entry_conditions()
        self._choose("sitting_code", sitting_choices())
        if not sitting_choices():
            self.fields["sitting_code"].help_text = NO_SITTING
        self.fields["portrait"].widget.attrs["data-check"] = reverse("candidates:check-portrait")
        self.fields["id_number"].widget.attrs.update({"autofocus": True, "autocomplete": "off", "inputmode": "text"})

    def _choose(self, field: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices


def entry_conditions() -> str:
    """The majors that ask for something, each with what it asks and what is to be shown (EA-12.1); empty for none."""
    asking = [plan for plan in entry_plans(clock.today()).values() if plan.entry_condition]
    return "；".join(f"{plan.major}：{condition_of(plan)}" for plan in asking)


def condition_of(plan: Plan) -> str:
    """The condition of a plan in words, with what is to be shown; empty where it has none."""
    if not plan.entry_evidence:
        return plan.entry_condition
    return f"{plan.entry_condition}（出示{plan.get_entry_evidence_display()}）"


def arguments_of(data: dict[str, Any]) -> dict[str, Any]:
    """The command's arguments from the form's cleaned data."""
    picture = data["portrait"].read() if data["portrait"] else None
    applicant = Applicant(
        name=data["name"],
        sex=data["sex"],
        born_on=data["born_on"],
        id_number=data["id_number"],
        major_code=data["major_code"],
        ethnic=data["ethnic"],
        phone=data["phone"],
        address=data["address"],
        portrait=picture,
        fee_fen=int(data["fee_yuan"] * 100),
        is_military=data["is_military"],
        document_kind=data.get("document_kind") or DocumentKind.RESIDENT.value,
        shown=data.get("shown", ""),
    )
    kept = ("county_code", "sitting_code", "rules_accepted", "candidate_password")
    return {"applicant": applicant, **{name: data[name] for name in kept}}
