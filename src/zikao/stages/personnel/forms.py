"""The shapes of what is filled in about exam staff; the law is asked by the commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter
from zikao.stages.personnel.states import LEADERS, InterestKind, PersonKind, PersonRow, PostKind, Sex, Training

DATE = forms.DateInput(attrs={"type": "date"})


def _least(name: str) -> Callable[[], int]:
    """The law's least number today, asked when the form is shown."""
    return lambda: int(parameter(name).on(clock.today()))


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
    conditions = forms.MultipleChoiceField(
        label="已核实的基本条件", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        conditions = self.fields["conditions"]
        assert isinstance(conditions, forms.MultipleChoiceField)
        conditions.choices = [(name, name) for name in parameter("staff-conditions").on(clock.today())]

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
        )
        return {"row": row}


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


class DeclarationForm(forms.Form):
    """A relative in a sitting, or another interest."""

    sitting_code = forms.RegexField(r"^[0-9]{4}-[0-9]{2}$", label="考次", help_text="例如 2026-10")
    kind = forms.ChoiceField(label="事项", choices=InterestKind.choices)


class HandOverForm(forms.Form):
    """Who takes a duty over, on which day, and why."""

    person_id = forms.IntegerField(label="接替人员编号", min_value=1, help_text="接替人员页面上的编号")
    on = forms.DateField(label="考试日期", widget=DATE)
    reason = forms.CharField(label="更换原因", max_length=200)


class ChiefForm(forms.Form):
    """A chief or deputy for a site."""

    site_id = forms.TypedChoiceField(label="考点", coerce=int)
    sitting_code = forms.RegexField(r"^[0-9]{4}-[0-9]{2}$", label="考次", help_text="例如 2026-10")
    on = forms.DateField(label="首个考试日", widget=DATE)
    post_kind = forms.ChoiceField(
        label="岗位", choices=[(kind.value, kind.label) for kind in PostKind if kind in LEADERS]
    )

    def __init__(self, *args: Any, sites: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        site = self.fields["site_id"]
        assert isinstance(site, forms.TypedChoiceField)
        site.choices = sites


class LotForm(forms.Form):
    """Invigilators drawn for the rooms of a site in a unit."""

    site_id = forms.TypedChoiceField(label="考点", coerce=int)
    sitting_code = forms.RegexField(r"^[0-9]{4}-[0-9]{2}$", label="考次", help_text="例如 2026-10")
    unit_number = forms.IntegerField(label="考试单元", min_value=1, max_value=99)
    on = forms.DateField(label="考试日期", widget=DATE)
    per_room = forms.IntegerField(
        label="每个考场监考员", min_value=1, max_value=9, initial=_least("invigilators-per-room")
    )
    rovers = forms.IntegerField(label="流动监考员", min_value=0, max_value=99, initial=_least("rovers-per-site"))
    seed = forms.CharField(label="抽签种子", max_length=60, help_text="公布后可以重算；同一种子得到同样的结果")

    def __init__(self, *args: Any, sites: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        site = self.fields["site_id"]
        assert isinstance(site, forms.TypedChoiceField)
        site.choices = sites


class AccountForm(forms.Form):
    """The account that a person works with."""

    username = forms.CharField(label="用户名", max_length=150)
