"""The shapes of what the province fills in: sittings, files of plans and timetables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from zikao.foundation.errors import BadInput
from zikao.foundation.sheets.text import text_of
from zikao.stages.programmes.forms.faults import EARLIEST, LATEST, has_unseen, read_json
from zikao.stages.programmes.forms.plan_file import read_plans
from zikao.stages.programmes.forms.plan_sheets import read_plan_sheets
from zikao.stages.programmes.forms.timetable_file import read_timetable, read_timetable_sheet
from zikao.stages.programmes.states import Level, PermissionKind, PlanData, TimetableData

LARGEST_FILE = 4 * 1024 * 1024
MOST_SHOWN = 200
WORKBOOK = b"PK\x03\x04"


class SittingForm(forms.Form):
    """A sitting by year and month."""

    year = forms.IntegerField(label="年", min_value=2020, max_value=2099)
    month = forms.IntegerField(label="月", min_value=1, max_value=12, help_text="4月、10月，或1月、7月")


def _data(upload: Any) -> bytes:
    if upload.size > LARGEST_FILE:
        raise forms.ValidationError("文件超过 4 MB，请核对是否选错文件。")
    return bytes(upload.read())


def _text(data: bytes) -> str:
    text = text_of(data)
    if text is not None:
        return text
    raise forms.ValidationError("文件不是文本，或不是 UTF-8、GB 18030 编码，请另存为 UTF-8 后再上传。")


def _listed(error: BadInput) -> forms.ValidationError:
    faults = [f"{place}：{words}" for place, words in error.field_errors.items()]
    more = [f"还有 {len(faults) - MOST_SHOWN} 处没有列出。"] if len(faults) > MOST_SHOWN else []
    return forms.ValidationError([*faults[:MOST_SHOWN], *more])


@dataclass(frozen=True)
class PlansFile:
    """The plans of an uploaded file, and its name."""

    plans: tuple[PlanData, ...]
    file_name: str


class ApplyForm(forms.Form):
    """The digest that the page showed: what is brought in is what was looked at."""

    digest = forms.CharField(label="摘要", max_length=64, widget=forms.HiddenInput)


class SeedForm(forms.Form):
    """From which seed to look."""

    seed = forms.IntegerField(
        label="种子", min_value=0, max_value=999_999, initial=1, help_text="换一个种子，可能得到另一份建议"
    )


class PermissionForm(forms.Form):
    """What is asked of the centre about one national course."""

    kind = forms.ChoiceField(label="事项", choices=PermissionKind.choices)
    course_code = forms.RegexField(r"^[0-9]{5}$", label="课程代码", help_text="全国统考课程的五位代码")
    sitting_code = forms.RegexField(r"^[0-9]{4}-(01|04|07|10)$", label="考次", help_text="写作“2026-10”")
    unit_number = forms.IntegerField(
        label="拟安排的考试单元", min_value=1, max_value=99, required=False, help_text="另行安排考试的必填"
    )
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class ChangeForm(forms.Form):
    """What of a paper was changed."""

    what = forms.CharField(label="修改内容", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class MajorForm(forms.Form):
    """A major that has no plan here yet."""

    code = forms.RegexField(r"^[0-9]{6}[KT]?$", label="专业代码", help_text="6位数字，可带K或T")
    level = forms.ChoiceField(label="层次", choices=Level.choices)
    name = forms.CharField(label="专业名称", max_length=60)

    def clean_name(self) -> str:
        """Without what nobody sees."""
        if has_unseen(self.cleaned_data["name"]):
            raise forms.ValidationError("含有看不见的控制字符，请重新键入。")
        return str(self.cleaned_data["name"])


class PlansForm(forms.Form):
    """A file of plans and the day from which they are in force."""

    plans = forms.FileField(
        label="考试计划文件", help_text="工作簿（XLSX）或 JSON；工作簿的样子见“专业考试计划”页的“下载工作簿”"
    )
    since = forms.DateField(
        label="启用日期", widget=forms.DateInput(attrs={"type": "date", "min": str(EARLIEST), "max": str(LATEST)})
    )

    def clean_plans(self) -> PlansFile:
        """The plans, or every bad place of the file."""
        upload = self.cleaned_data["plans"]
        data = _data(upload)
        try:
            if data.startswith(WORKBOOK):
                return PlansFile(read_plan_sheets(data), upload.name)
            return PlansFile(read_plans(read_json(_text(data))), upload.name)
        except BadInput as error:
            raise _listed(error) from None

    def clean_since(self) -> date:
        """A day that a plan can have."""
        day: date = self.cleaned_data["since"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(f"应为{EARLIEST.year}至{LATEST.year}年间的日期。")
        return day


class TimetableForm(forms.Form):
    """A file of a timetable."""

    timetable = forms.FileField(
        label="考试安排文件",
        help_text="工作簿（XLSX）或 CSV，列：考次、专业代码、单元、日期、时间、课程代码、课程名称、全国统考（是或否）；"
        "全国统考课程的专业代码可以留空",
    )

    def clean_timetable(self) -> TimetableData:
        """The timetable, or every bad line of the file."""
        data = _data(self.cleaned_data["timetable"])
        try:
            return read_timetable_sheet(data) if data.startswith(WORKBOOK) else read_timetable(_text(data))
        except BadInput as error:
            raise _listed(error) from None


class CorrectionForm(TimetableForm):
    """A corrected file, and why."""

    reason = forms.CharField(
        label="更正原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="考生和公众都会看到"
    )

    def clean_reason(self) -> str:
        """Without what nobody sees."""
        if has_unseen(self.cleaned_data["reason"].replace("\r", "").replace("\n", "")):
            raise forms.ValidationError("含有看不见的控制字符，请重新键入。")
        return str(self.cleaned_data["reason"])
