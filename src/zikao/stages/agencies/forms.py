"""The shapes of what clerks fill in; the law is asked by the commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import (
    AgencyKind,
    ApprovalKind,
    CheckedItem,
    CommitteeRole,
    MemberRow,
    RoomRow,
)

VERDICTS = (("yes", "合格"), ("no", "不合格"))
DATE = forms.DateInput(attrs={"type": "date"})


class AgencyForm(forms.Form):
    """A new agency."""

    code = forms.CharField(label="代码", max_length=12, help_text="省2位、地市4位、县区6位，以上级代码开头")
    name = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类别", choices=AgencyKind.choices)
    parent_code = forms.CharField(label="上级机构代码", max_length=12, required=False)
    is_seat = forms.BooleanField(label="地级人民政府所在地（只用于县区）", required=False)


class SiteForm(forms.Form):
    """A site as an area proposes it."""

    name = forms.CharField(label="考点名称", max_length=60)
    county_code = forms.ChoiceField(label="所在县区")
    host = forms.CharField(label="办学机构", max_length=60, help_text="中学等办学机构的全称")
    address = forms.CharField(label="地址", max_length=120)
    tutoring_institution_code = forms.CharField(
        label="助学机构代码", max_length=10, required=False, help_text="只有场地属于自学考试助学机构时填写"
    )
    exception_reason = forms.CharField(
        label="特殊需要的理由",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="设在地级人民政府所在地以外，或使用助学机构场地的，必须填写",
    )

    def __init__(self, *args: Any, counties: list[Agency], **more: Any) -> None:
        super().__init__(*args, **more)
        county = self.fields["county_code"]
        assert isinstance(county, forms.ChoiceField)
        county.choices = [(c.code, f"{c.name}{'（政府所在地）' if c.is_seat else ''}") for c in counties]


class InspectionForm(forms.Form):
    """The checklist of an inspection: each item held or not, with its evidence."""

    inspectors = forms.CharField(label="检查人", max_length=120, help_text="两人以上，用顿号分开")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.items: Mapping[str, str] = parameter("site-inspection-items").on(clock.today())
        for code, title in self.items.items():
            self.fields[f"ok_{code}"] = forms.ChoiceField(
                label=title, choices=VERDICTS, widget=forms.RadioSelect, error_messages={"required": "请选择检查结果。"}
            )
            self.fields[f"evidence_{code}"] = forms.CharField(
                label="检查依据", max_length=200, error_messages={"required": f"请写明检查依据（{title}）。"}
            )

    def clean(self) -> dict[str, Any]:
        """The items as the command takes them."""
        data = super().clean() or {}
        if self.errors:
            return data
        items = [CheckedItem(code, data[f"ok_{code}"] == "yes", data[f"evidence_{code}"]) for code in self.items]
        return {"inspectors": data["inspectors"], "items": items}


class AcceptForm(forms.Form):
    """Acceptance: until when, filed under which number."""

    accepted_until = forms.DateField(label="验收有效期至（不含当日）", widget=DATE)
    filing_number = forms.CharField(label="备案号", max_length=30)


class ApprovalForm(forms.Form):
    """The province's approval of an exception."""

    kind = forms.ChoiceField(label="批准事项", choices=ApprovalKind.choices)
    document_number = forms.CharField(label="批文号", max_length=40)


class SuspendForm(forms.Form):
    """Why a site is taken out of use."""

    reason = forms.CharField(label="停用原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RoomsForm(forms.Form):
    """Rooms of one kind with consecutive numbers."""

    first = forms.IntegerField(label="起始考场号", min_value=1, max_value=999)
    count = forms.IntegerField(label="考场数", min_value=1, max_value=200)
    seats = forms.TypedChoiceField(label="每个考场座位数", coerce=int)
    spacing_cm = forms.IntegerField(label="座位间距（厘米）", min_value=1, max_value=1000)
    place = forms.CharField(label="位置", max_length=60, required=False, help_text="例如：教学楼三层")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        seats = self.fields["seats"]
        assert isinstance(seats, forms.TypedChoiceField)
        seats.choices = [(n, f"{n}座") for n in parameter("room-seats").on(clock.today())]

    def clean(self) -> dict[str, Any]:
        """The rooms as the command takes them."""
        data = super().clean() or {}
        if self.errors:
            return data
        numbers = range(data["first"], data["first"] + data["count"])
        rows = [RoomRow(number, data["seats"], data["spacing_cm"], data["place"]) for number in numbers]
        return {"rooms": rows}


class CommitteeForm(forms.Form):
    """A committee, one member a line."""

    since_on = forms.DateField(label="起始日期", widget=DATE)
    members = forms.CharField(
        label="成员",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="每行一人：职务,部门,姓名。职务为主任、副主任或委员。例如：委员,公安,张三",
    )

    def clean_members(self) -> list[MemberRow]:
        """The members as the command takes them; bad lines are named."""
        roles = {str(role.label): role for role in CommitteeRole}
        rows, faults = [], []
        for number, line in enumerate(self.cleaned_data["members"].splitlines(), 1):
            parts = [part.strip() for part in line.replace("，", ",").split(",")]
            if not line.strip():
                continue
            if len(parts) != 3 or parts[0] not in roles or not all(parts):
                faults.append(f"第{number}行应写作“职务,部门,姓名”。")
                continue
            rows.append(MemberRow(roles[parts[0]], parts[1], parts[2]))
        if faults:
            raise forms.ValidationError(faults)
        return rows


class SecureRoomForm(forms.Form):
    """A secure room with its acceptance by the secrecy department."""

    agency_code = forms.CharField(label="机构代码", max_length=12)
    name = forms.CharField(label="保密室名称", max_length=60)
    cameras = forms.IntegerField(label="摄像头数", min_value=0, max_value=99)
    acceptance_number = forms.CharField(label="保密部门验收文号", max_length=40)
    accepted_on = forms.DateField(label="验收日期", widget=DATE)
    accepted_until = forms.DateField(label="验收有效期至（不含当日）", widget=DATE)


class SchoolClerkForm(forms.Form):
    """Who acts for which examining school."""

    school_code = forms.CharField(label="主考学校代码", max_length=10)
    username = forms.CharField(label="经办人登录名", max_length=60, help_text="已任命为“主考学校经办”的账号")


class InstitutionForm(forms.Form):
    """An examining school or a tutoring institution."""

    code = forms.CharField(label="代码", max_length=10)
    name = forms.CharField(label="名称", max_length=60)
    agency_code = forms.CharField(label="归口机构代码", max_length=12)
