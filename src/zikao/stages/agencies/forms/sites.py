"""What clerks fill in about sites and rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.forms.fields import DATE, contact_lines, file_field, offer
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import (
    ApprovalKind,
    CheckedItem,
    ConsentMatter,
    ContactRow,
    GroupRole,
    RoomRow,
    WorkingGroup,
)

PROVINCE = r"^[0-9]{2}$"
VERDICTS = (("yes", "合格"), ("no", "不合格"))


class SiteForm(forms.Form):
    """A site as an area proposes it."""

    name = forms.CharField(label="考点名称", max_length=60)
    county_code = forms.ChoiceField(label="所在县区")
    host = forms.CharField(label="办学机构", max_length=60, help_text="中学等办学机构的全称")
    address = forms.CharField(label="地址", max_length=120)
    tutoring_institution_code = forms.ChoiceField(
        label="场地所属的助学机构", required=False, help_text="考点不得设在助学机构；确因特殊情况使用其场地的，在这里选"
    )
    exception_reason = forms.CharField(
        label="特殊需要的理由",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="设在地级人民政府所在地以外，或使用助学机构场地的，必须填写",
    )

    place_code = forms.RegexField(
        PROVINCE,
        label="场地所在省份代码",
        required=False,
        help_text="在本省行政区域内的留空",
        error_messages={"invalid": "省份代码是两位数字，例如：33。"},
    )
    consent_id = forms.TypedChoiceField(label="教育部同意函", coerce=int, empty_value=None, required=False)

    def __init__(
        self,
        *args: Any,
        counties: list[Agency],
        institutions: Sequence[tuple[str, str]] = (),
        consents: Sequence[tuple[int, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        offer(self, "county_code", ((c.code, f"{c.name}{'（政府所在地）' if c.is_seat else ''}") for c in counties))
        offer(self, "tutoring_institution_code", institutions, "不在助学机构")
        consent = self.fields["consent_id"]
        assert isinstance(consent, forms.TypedChoiceField)
        consent.choices = [("", "不需要（在本省行政区域内）"), *consents]


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
            self.fields[f"file_{code}"] = file_field("附件", required=False, help_text="照片或检测报告，可以不附。")

    def clean(self) -> dict[str, Any]:
        """The items as the command takes them."""
        data = super().clean() or {}
        if self.errors:
            return data
        items = [
            CheckedItem(code, data[f"ok_{code}"] == "yes", data[f"evidence_{code}"], *_uploaded(data[f"file_{code}"]))
            for code in self.items
        ]
        return {"inspectors": data["inspectors"], "items": items}


def _uploaded(upload: Any) -> tuple[bytes, str]:
    return (upload.read(), upload.content_type or "application/octet-stream") if upload else (b"", "")


class AcceptForm(forms.Form):
    """Acceptance: until when, filed under which number."""

    accepted_until = forms.DateField(label="验收有效期至（不含当日）", widget=DATE)
    filing_number = forms.CharField(label="备案号", max_length=30)


class ExceptionForm(forms.Form):
    """What an area asks of the province, and why."""

    kind = forms.ChoiceField(label="申请事项", choices=ApprovalKind.choices)
    reason = forms.CharField(label="特殊需要的理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = file_field("申请材料")


class ConsentForm(forms.Form):
    """The ministry's consent."""

    matter = forms.ChoiceField(label="事项", choices=ConsentMatter.choices)
    place_code = forms.RegexField(
        PROVINCE,
        label="所涉省份代码",
        help_text="考试所在的、或委托组考的另一省份，例如：33",
        error_messages={"invalid": "省份代码是两位数字，例如：33。"},
    )
    document_number = forms.CharField(label="教育部同意函文号", max_length=60)
    consented_on = forms.DateField(label="同意日期", widget=DATE)
    until_on = forms.DateField(label="有效期至（不含当日）", widget=DATE)
    document = file_field("同意函原件")


class SiteChangeForm(forms.Form):
    """What a site is called, whose it is and where it lies, corrected."""

    name = forms.CharField(label="考点名称", max_length=60)
    host = forms.CharField(label="办学机构", max_length=60)
    address = forms.CharField(label="地址", max_length=120)
    reason = forms.CharField(label="变更原因", max_length=200, help_text="例如：学校更名，附文号")


class SuspendForm(forms.Form):
    """Why a site is taken out of use."""

    reason = forms.CharField(label="停用原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DisqualifyForm(forms.Form):
    """In which unit scripts were found similar, in how many rooms, by which finding."""

    unit = forms.CharField(label="考次与考试单元", max_length=60, help_text="例如：2026-10 第2单元")
    similar_rooms = forms.IntegerField(label="出现雷同卷的考场数", min_value=1, max_value=999)
    evidence = file_field("认定材料")


class CloseSiteForm(forms.Form):
    """Why a site is closed for good."""

    reason = forms.CharField(label="撤销原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class GroupsForm(forms.Form):
    """A site's working groups, a person a line."""

    since_on = forms.DateField(label="起始日期", widget=DATE)
    members = forms.CharField(
        label="小组成员",
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="每行一人：小组,职务,姓名,单位,电话。职务为组长或组员；每个小组一名组长，至少一名组员。电话不变的写“不变”。",
    )

    def clean_members(self) -> list[ContactRow]:
        """The members as the command takes them; bad lines are named."""
        groups = {str(group.label): str(group) for group in WorkingGroup}
        roles = {str(role.label): str(role) for role in GroupRole}
        return contact_lines(self.cleaned_data["members"], groups, roles, "小组,职务,姓名,单位,电话")


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


class RoomForm(forms.Form):
    """One room."""

    seats = forms.TypedChoiceField(label="座位数", coerce=int)
    spacing_cm = forms.IntegerField(label="座位间距（厘米）", min_value=1, max_value=1000)
    place = forms.CharField(label="位置", max_length=60, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        seats = self.fields["seats"]
        assert isinstance(seats, forms.TypedChoiceField)
        seats.choices = [(n, f"{n}座") for n in parameter("room-seats").on(clock.today())]
