"""A round of collecting, its people, its sessions, as they are entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter
from zikao.stages.collecting.states import CollectionDuty, MemberRole, Purpose, Work

_MOMENT = {"type": "datetime-local"}
LARGEST_PROCESS = 10 * 1024 * 1024
Choices = Sequence[tuple[Any, str]]


class RoundForm(forms.Form):
    """When scores are collected and processed, and by which process."""

    sitting = forms.ChoiceField(
        label="事由",
        required=False,
        help_text="考次的网上评卷、登分合分和成绩采集；或者历次成绩移交、实践考核与论文成绩登记。",
    )
    begins_at = forms.DateTimeField(
        label="开始时间", widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label="结束时间",
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
        help_text="只有这段时间内可以采集和处理成绩。",
    )
    process = forms.FileField(
        label="工作流程与管理制度",
        help_text="操作流程、工作纪律、质量检查、监督、回溯和回避制度合为一份文件，不超过 10 MB。",
    )

    def __init__(self, *args: Any, sittings: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, f"{name}：评卷、登分、采集") for code, name in sittings]
        _offer(self, "sitting", [*named, ("", str(Purpose.HAND_IN.label))])

    def clean_process(self) -> Any:
        """The upload; too large a file is refused before it is read."""
        upload = self.cleaned_data["process"]
        if upload.size > LARGEST_PROCESS:
            raise forms.ValidationError("文件超过 10 MB，请压缩后再上传。")
        return upload


class MemberForm(forms.Form):
    """A member of the leading group."""

    name = forms.CharField(label="姓名", max_length=60)
    school = forms.ChoiceField(label="单位", required=False)
    role = forms.ChoiceField(label="组内职务", choices=MemberRole.choices, initial=MemberRole.MEMBER)

    def __init__(self, *args: Any, schools: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "school", [("", "省级教育考试机构"), *schools])


class ResponsibleForm(forms.Form):
    """Who answers for a post."""

    duty = forms.ChoiceField(label="责任岗位", choices=CollectionDuty.choices)
    account_id = forms.TypedChoiceField(label="责任人", coerce=int)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "account_id", people)


class VettingForm(forms.Form):
    """What the examination of the chosen people's qualification found."""

    vetting = forms.CharField(
        label="审查结论与依据", max_length=200, help_text="例如“政治素质、业务能力审查合格，见审查表第 3 号”。"
    )


class TrainingForm(forms.Form):
    """In what the chosen people were trained and found able."""

    topics = forms.MultipleChoiceField(label="培训合格的内容", widget=forms.CheckboxSelectMultiple, required=False)
    trained_on = forms.DateField(label="培训日期", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = parameter("collection-training-topics").on(clock.today())
        _offer(self, "topics", [(topic, topic) for topic in topics])
        self.fields["trained_on"].initial = clock.today()


class SessionForm(forms.Form):
    """The work, the place, and what the person in charge of the machines confirmed there."""

    work = forms.ChoiceField(label="工作")
    place = forms.CharField(label="场所", max_length=80, help_text="例如“第一评卷室”。")
    camera = forms.CharField(
        label="摄像设备编号", max_length=80, required=False, help_text="全程录像的设备，已经开启。"
    )
    isolated = forms.BooleanField(label="计算机和网络与外网物理隔离，已当场检查", required=False)
    only_needed = forms.BooleanField(label="计算机没有安装无关软件，已当场检查", required=False)

    def __init__(self, *args: Any, works: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "work", works)


class SessionEndForm(forms.Form):
    """The video of the session and who keeps it."""

    video = forms.CharField(label="录像编号", max_length=80)
    pieces = forms.IntegerField(label="录像段数", min_value=1, initial=1)
    place = forms.CharField(label="存放地点", max_length=80)
    keeper = forms.CharField(label="保管人", max_length=60)


def round_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes it."""
    paper = data["process"]
    purpose = Purpose.SITTING if data["sitting"] else Purpose.HAND_IN
    process_type = paper.content_type or "application/octet-stream"
    return {**data, "purpose": purpose, "process": paper.read(), "process_type": process_type}


def session_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes it."""
    return {**data, "work": Work(data["work"])}


def member_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes it."""
    return {**data, "role": MemberRole(data["role"])}


def responsible_arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes it."""
    return {**data, "duty": CollectionDuty(data["duty"])}


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
