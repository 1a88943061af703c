"""The pages of a pre-registration, one form each; and the clerk's form at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from zikao.stages.agencies.models import Agency, TutoringInstitution
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates.ethnic import ETHNIC
from zikao.stages.candidates.forms.registration import (
    NO_SITTING,
    PICTURE,
    document_choices,
    entry_conditions,
    sitting_choices,
)
from zikao.stages.candidates.states import DocumentKind, Sex
from zikao.stages.programmes.models import Major
from zikao.stages.programmes.states import Evidence

PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class BeginForm(forms.Form):
    """The document and the phone: enough to know whether anything stands in the way."""

    document_kind = forms.ChoiceField(label="证件种类", choices=document_choices, initial=DocumentKind.RESIDENT)
    id_number = forms.CharField(
        label="证件号码", max_length=30, help_text="照证件上的写，末位字母用大写。", widget=forms.TextInput(attrs=PLAIN)
    )
    phone = forms.RegexField(
        label="手机号码",
        regex=r"^1[0-9]{10}$",
        help_text="报名点有事时联系您。",
        error_messages={"invalid": "请填写 11 位手机号码。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel-national"}),
    )


class ResumeForm(forms.Form):
    """The code and the document's number."""

    code = forms.RegexField(
        label="预约号",
        regex=r"^[0-9]{10}$",
        error_messages={"invalid": "预约号是 10 位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    id_number = forms.CharField(label="证件号码", max_length=30, widget=forms.TextInput(attrs=PLAIN))


class PersonForm(forms.Form):
    """Name, sex, birth and ethnic group, as on the document."""

    name = forms.CharField(
        label="姓名",
        max_length=60,
        help_text="照证件上的写。少数民族姓名中间用“·”。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    sex = forms.ChoiceField(label="性别", choices=Sex.choices, widget=forms.RadioSelect)
    born_on = forms.DateField(label="出生日期", widget=forms.DateInput(attrs={"type": "date"}))
    ethnic = forms.ChoiceField(label="民族", choices=ETHNIC)


class PlaceForm(forms.Form):
    """Where to come in person, and for which sitting."""

    county_code = forms.ChoiceField(label="报名的县（市、区）", help_text="之后要本人到这里现场确认。")
    sitting_code = forms.ChoiceField(label="首次报考的考次")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (AgencyKind.COUNTY, AgencyKind.PREFECTURE)
        found = Agency.objects.filter(kind__in=kinds).order_by("code").values_list("code", "name")
        names = dict(found)
        counties = [(code, f"{names.get(code[:4], '')} {name}") for code, name in found if len(code) > 4]
        self.fields["county_code"].choices = [("", "请选择"), *counties]  # type: ignore[attr-defined]
        self.fields["sitting_code"].choices = coming = sitting_choices()  # type: ignore[attr-defined]
        if not coming:
            self.fields["sitting_code"].help_text = NO_SITTING


class MajorForm(forms.Form):
    """The major; where any has a condition, what can be shown for it."""

    major_code = forms.ChoiceField(label="专业", help_text="注册以后需要改报专业的，到报名县（区）办理。")
    shown = forms.ChoiceField(
        label="专业有特殊要求的，我能在现场出示",
        required=False,
        choices=[("", "没有，或所选专业没有要求"), *Evidence.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        majors = [(each.code, str(each)) for each in Major.objects.filter(plans__isnull=False).distinct()]
        majors = majors or [(each.code, str(each)) for each in Major.objects.all()]
        self.fields["major_code"].choices = [("", "请选择"), *majors]  # type: ignore[attr-defined]
        if conditions := entry_conditions():
            self.fields["shown"].help_text = conditions
        else:
            del self.fields["shown"]


class ContactForm(forms.Form):
    """How to reach the person, their institution, and the password of the account to come."""

    phone = forms.RegexField(
        label="手机号码",
        regex=r"^1[0-9]{10}$",
        error_messages={"invalid": "请填写 11 位手机号码。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "tel-national"}),
    )
    address = forms.CharField(label="通信地址", max_length=200, required=False)
    tutoring_code = forms.ChoiceField(label="参加哪个助学机构", required=False, help_text="没有参加助学的，不用选。")
    candidate_password = forms.CharField(
        label="设置登录密码",
        required=False,
        help_text="不少于 10 位。注册之后，用准考证号和这个密码登录。也可以到现场再设。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    is_military = forms.BooleanField(label="我是军队人员", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = TutoringInstitution.objects.values_list("code", "name")
        self.fields["tutoring_code"].choices = [("", "没有参加"), *rows]  # type: ignore[attr-defined]
        if settings.ZIKAO_NODE_KIND != "military":
            del self.fields["is_military"]


class PortraitForm(forms.Form):
    """The portrait; the browser crops it, the server checks it."""

    portrait = forms.FileField(
        label="拍照或选择照片",
        help_text="用手机的，可以当场拍，也可以从相册选。",
        widget=forms.FileInput(attrs=PICTURE),
    )


class TermsForm(forms.Form):
    """The rules and the decree."""

    accepted = forms.BooleanField(
        label="我已阅读并接受《考场规则》，知道违规会怎样处理",
        error_messages={"required": "请先阅读，勾选之后再继续。"},
    )


class SignForm(forms.Form):
    """The commitment, signed with one's own name."""

    name = forms.CharField(
        label="输入您的姓名，作为签署", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


SECTION_FORMS: dict[str, type[forms.Form]] = {
    "person": PersonForm,
    "place": PlaceForm,
    "major": MajorForm,
    "contact": ContactForm,
    "portrait": PortraitForm,
    "rules": TermsForm,
    "pledge": SignForm,
}


class DeskForm(forms.Form):
    """What the clerk confirms, in the order of the hands: document, face, fee."""

    number_tail = forms.CharField(
        label="证件号码后六位",
        max_length=30,
        help_text="照手中的证件原件输入后六位，或用读卡器读入整个号码。",
        widget=forms.TextInput(attrs={**PLAIN, "autofocus": True, "size": 8}),
    )
    same_person = forms.BooleanField(label="证件有效，证件、照片和本人一致", required=False)
    fee_yuan = forms.DecimalField(label="已收报名费（元）", min_value=0, max_digits=7, decimal_places=2)


class ReturnForm(forms.Form):
    """What has to be mended."""

    reason = forms.CharField(
        label="哪里要改", max_length=300, help_text="考生看得到。", widget=forms.Textarea(attrs={"rows": 3})
    )
