"""A person, their posts, conditions, certificates and account."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.stages.personnel.forms.fields import DATE, condition_choices
from zikao.stages.personnel.states import PersonChange, PersonKind, PersonRow, PostKind, Sex, Training


class PersonForm(forms.Form):
    """A person for the register."""

    name = forms.CharField(label="姓名", max_length=60)
    sex = forms.ChoiceField(label="性别", choices=Sex.choices)
    id_number = forms.CharField(label="身份证号", max_length=18, help_text="加密保存，页面上不显示全部号码")
    unit = forms.CharField(label="工作单位", max_length=60)
    title = forms.CharField(label="职称或职务", max_length=30, required=False)
    kind = forms.ChoiceField(label="类别", choices=PersonKind.choices)
    agency_code = forms.CharField(label="所属机构代码", max_length=12)
    tutoring_institution_code = forms.CharField(
        label="任课的助学机构代码", max_length=10, required=False, help_text="助学机构的任课教师、班主任必须填写"
    )
    phone = forms.CharField(label="联系电话", max_length=20, required=False, help_text="加密保存；用于比对回避关系")
    address = forms.CharField(label="通信地址", max_length=120, required=False, help_text="加密保存；用于比对回避关系")
    conditions = forms.MultipleChoiceField(
        label="已核实的基本条件", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        conditions = self.fields["conditions"]
        assert isinstance(conditions, forms.MultipleChoiceField)
        conditions.choices = condition_choices()

    def clean(self) -> dict[str, Any]:
        """The person as the command takes it."""
        data = super().clean() or {}
        if self.errors:
            return data
        row = PersonRow(
            name=data["name"],
            unit=data["unit"],
            sex=Sex(data["sex"]),
            id_number=data["id_number"].strip().upper(),
            kind=PersonKind(data["kind"]),
            agency_code=data["agency_code"],
            conditions=tuple(data["conditions"]),
            title=data["title"],
            tutoring_institution_code=data["tutoring_institution_code"] or None,
            phone=data["phone"],
            address=data["address"],
        )
        return {"row": row}


class ChangeForm(forms.Form):
    """How an entry of the register should read."""

    name = forms.CharField(label="姓名", max_length=60)
    sex = forms.TypedChoiceField(label="性别", choices=Sex.choices, coerce=Sex)
    unit = forms.CharField(label="工作单位", max_length=60)
    title = forms.CharField(label="职称或职务", max_length=30, required=False)
    kind = forms.TypedChoiceField(label="类别", choices=PersonKind.choices, coerce=PersonKind)
    agency_code = forms.CharField(label="所属机构代码", max_length=12)
    tutoring_institution_code = forms.CharField(
        label="任课的助学机构代码", max_length=10, required=False, help_text="不再任课的清空"
    )
    phone = forms.CharField(label="新的联系电话", max_length=20, required=False, help_text="没有变的不填；加密保存")
    address = forms.CharField(label="新的通信地址", max_length=120, required=False, help_text="没有变的不填；加密保存")
    reason = forms.CharField(label="更改的原因和依据", max_length=200)

    def clean(self) -> dict[str, Any]:
        """The change as the command takes it."""
        data = super().clean() or {}
        if self.errors:
            return data
        reason, code = data.pop("reason"), data.pop("tutoring_institution_code") or None
        return {"change": PersonChange(**data, tutoring_institution_code=code), "reason": reason}


class WithdrawalForm(forms.Form):
    """A certificate that ends before its time."""

    until_on = forms.DateField(label="自哪一天起不再有效", widget=DATE, initial=clock.today)
    reason = forms.CharField(label="注销原因", max_length=200, help_text="例如调离、退休、违反工作纪律")


class CertificateForm(forms.Form):
    """A certificate with the training and assessment behind it."""

    post_kind = forms.ChoiceField(label="岗位", choices=PostKind.choices)
    hours = forms.IntegerField(label="培训学时", min_value=0, max_value=999)
    trained_on = forms.DateField(label="培训日期", widget=DATE)
    assessed_on = forms.DateField(label="考核日期", widget=DATE)
    assessment_passed = forms.BooleanField(label="考核合格", required=False)
    valid_from_on = forms.DateField(label="有效期起", widget=DATE)
    valid_until = forms.DateField(label="有效期至（不含当日）", widget=DATE)

    def clean(self) -> dict[str, Any]:
        """The certificate as the command takes it."""
        data = super().clean() or {}
        if self.errors:
            return data
        training = Training(data["hours"], data["trained_on"], data["assessed_on"], data["assessment_passed"])
        return {
            "post_kind": PostKind(data["post_kind"]),
            "training": training,
            "valid_from_on": data["valid_from_on"],
            "valid_until": data["valid_until"],
        }


class PostForm(forms.Form):
    """A post from a day on."""

    post_kind = forms.TypedChoiceField(label="岗位", choices=PostKind.choices, coerce=PostKind)
    since_on = forms.DateField(label="聘期起", widget=DATE)


class EndPostForm(forms.Form):
    """The end of a post."""

    until_on = forms.DateField(label="聘期止（不含当日）", widget=DATE)
    reason = forms.CharField(label="解聘原因", max_length=200)


class ConditionsForm(forms.Form):
    """The basic conditions looked at once more."""

    confirmed = forms.MultipleChoiceField(
        label="仍然具备的基本条件", widget=forms.CheckboxSelectMultiple, required=False
    )
    evidence = forms.CharField(label="核实依据", max_length=200)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        confirmed = self.fields["confirmed"]
        assert isinstance(confirmed, forms.MultipleChoiceField)
        confirmed.choices = condition_choices()


class ImportForm(forms.Form):
    """A file of staff."""

    rows = forms.FileField(label="人员名单（CSV，UTF-8 或 GB 18030）")
    agency_code = forms.CharField(label="机构代码", max_length=12, help_text="名单中的人都属于这个机构或其下级机构")


class AccountForm(forms.Form):
    """The account that a person works with."""

    username = forms.CharField(label="用户名", max_length=150)
