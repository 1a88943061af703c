"""What clerks fill in about schools, secure rooms, facilities, record departments, and who is reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from zikao.stages.agencies.forms.fields import DATE, contact_lines, file_field, offer
from zikao.stages.agencies.states import (
    ContactRow,
    EmergencyLevel,
    EmergencyRole,
    EndReason,
    FacilityKind,
    Supply,
)

Choices = Iterable[tuple[str, str]]


class SecureRoomRenewalForm(forms.Form):
    """A new acceptance by the secrecy department."""

    cameras = forms.IntegerField(label="摄像头数", min_value=0, max_value=99)
    acceptance_number = forms.CharField(label="保密部门验收文号", max_length=40)
    accepted_on = forms.DateField(label="验收日期", widget=DATE)
    accepted_until = forms.DateField(label="验收有效期至（不含当日）", widget=DATE)


class SecureRoomForm(SecureRoomRenewalForm):
    """A secure room with its acceptance by the secrecy department."""

    field_order = ("agency_code", "name")
    agency_code = forms.ChoiceField(label="机构")
    name = forms.CharField(label="保密室名称", max_length=60)

    def __init__(self, *args: Any, agencies: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "agency_code", agencies)


class FacilityRenewalForm(forms.Form):
    """A new check or acceptance."""

    cameras = forms.IntegerField(label="摄像头数", min_value=0, max_value=999, initial=0)
    has_positioning = forms.BooleanField(label="有车辆定位或射频识别设备", required=False)
    certificate_number = forms.CharField(label="资质或验收文号", max_length=60)
    valid_from = forms.DateField(label="有效期自", widget=DATE)
    valid_until = forms.DateField(label="有效期至（不含当日）", widget=DATE)
    evidence = file_field("证明材料")


class FacilityForm(FacilityRenewalForm):
    """A printing unit, a vehicle, or a site's cameras."""

    field_order = ("kind", "agency_code", "name", "identifier", "site_code")
    kind = forms.ChoiceField(label="类别", choices=FacilityKind.choices)
    agency_code = forms.ChoiceField(label="机构")
    name = forms.CharField(label="名称", max_length=60, help_text="单位名称、车型，或监控系统名称")
    identifier = forms.CharField(label="编号", max_length=40, help_text="印制许可证号、车牌号，或监控平台编号")
    site_code = forms.ChoiceField(label="考点", required=False, help_text="只用于考点视频监控")

    def __init__(self, *args: Any, agencies: Choices = (), sites: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "agency_code", agencies)
        offer(self, "site_code", sites, "不属于考点")


class SchoolClerkForm(forms.Form):
    """Who acts for which examining school."""

    school_code = forms.ChoiceField(label="主考学校")
    username = forms.CharField(label="经办人登录名", max_length=60, help_text="已任命为“主考学校经办”的账号")

    def __init__(self, *args: Any, schools: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "school_code", schools)


class InstitutionForm(forms.Form):
    """An examining school or a tutoring institution."""

    code = forms.CharField(label="代码", max_length=10)
    name = forms.CharField(label="名称", max_length=60)
    agency_code = forms.ChoiceField(label="归口机构")

    def __init__(self, *args: Any, agencies: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "agency_code", agencies)


class SupplyForm(forms.Form):
    """What a school can give, and whom to call."""

    rooms = forms.IntegerField(label="可提供考场", min_value=0, max_value=999, initial=0)
    invigilators = forms.IntegerField(label="可委派监考员", min_value=0, max_value=9999, initial=0)
    markers = forms.IntegerField(label="可委派评卷员", min_value=0, max_value=9999, initial=0)
    question_setters = forms.IntegerField(label="可委派命（译）题教师", min_value=0, max_value=999, initial=0)
    contact = forms.CharField(label="联系人", max_length=60)
    phone = forms.CharField(label="联系电话", max_length=30)


class SupportingSchoolForm(SupplyForm):
    """A school that supports the examination."""

    field_order = ("code", "name", "area_code")
    code = forms.CharField(label="学校代码", max_length=12)
    name = forms.CharField(label="学校名称", max_length=60)
    area_code = forms.ChoiceField(label="所在考区")

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "area_code", areas)


def supply_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the commands take them."""
    names = ("rooms", "invigilators", "markers", "question_setters")
    more = {name: value for name, value in data.items() if name not in names}
    return {**more, "supply": Supply(**{name: data[name] for name in names})}


class EmergencyForm(forms.Form):
    """A leading group, a person a line."""

    level = forms.ChoiceField(label="层级")
    since_on = forms.DateField(label="起始日期", widget=DATE)
    members = forms.CharField(
        label="小组成员",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="每行一人：职务,姓名,单位与职务,电话[,其他联络渠道]。职务为组长、副组长、成员或联络员；电话加密保存；电话不变的写“不变”。",
    )

    def __init__(self, *args: Any, levels: Choices = EmergencyLevel.choices, **more: Any) -> None:
        super().__init__(*args, **more)
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)
        level.choices = list(levels)

    def clean_members(self) -> list[ContactRow]:
        """The members as the command takes them; bad lines are named."""
        roles = {str(role.label): str(role) for role in EmergencyRole}
        return contact_lines(self.cleaned_data["members"], {}, roles, "职务,姓名,单位与职务,电话")


class DutyPhoneForm(forms.Form):
    """A duty phone."""

    place = forms.CharField(label="值班室", max_length=60)
    phone = forms.CharField(label="电话", max_length=20, help_text="固定电话请写区号")
    is_day_and_night = forms.BooleanField(label="考试期间昼夜值守", required=False, initial=True)


class RecordWorkForm(forms.Form):
    """Whether a prefecture does such work."""

    does_records = forms.BooleanField(label="承担考籍管理工作", required=False)


class RecordDepartmentForm(forms.Form):
    """A department of student records."""

    name = forms.CharField(label="部门名称", max_length=60)
    head = forms.CharField(label="负责人", max_length=60)
    equipment = forms.CharField(label="软硬件设备", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document_number = forms.CharField(label="设立文号", max_length=60)


class RecordStaffForm(forms.Form):
    """A worker of student records."""

    name = forms.CharField(label="姓名", max_length=60)
    is_full_time = forms.BooleanField(label="专职", required=False, initial=True)
    since_on = forms.DateField(label="到岗日期", widget=DATE)


class RecordTrainingForm(forms.Form):
    """Training and assessment."""

    trained_on = forms.DateField(label="培训日期", widget=DATE)
    assessed_as = forms.CharField(label="考核结论", max_length=30, help_text="例如：合格")


class RecordLeavingForm(forms.Form):
    """Why somebody leaves."""

    reason = forms.ChoiceField(label="离岗原因", choices=EndReason.choices)


class LetterForm(forms.Form):
    """For which session."""

    sitting_code = forms.RegexField(r"^20\d{2}-(01|04|07|10)$", label="考次", help_text="例如：2026-10")
