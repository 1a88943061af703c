"""The shapes of what the province fills in: sittings, files of plans and timetables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms

from zikao.foundation.errors import BadInput
from zikao.stages.programmes.forms.plan_file import read_plans
from zikao.stages.programmes.forms.timetable_file import read_timetable
from zikao.stages.programmes.states import PermissionKind, PlanData, TimetableData

LARGEST_FILE = 4 * 1024 * 1024


class SittingForm(forms.Form):
    """A sitting by year and month."""

    year = forms.IntegerField(label="年", min_value=2020, max_value=2099)
    month = forms.IntegerField(label="月", min_value=1, max_value=12, help_text="4月、10月，或1月、7月")


def _text(upload: Any) -> str:
    if upload.size > LARGEST_FILE:
        raise forms.ValidationError("文件超过 4 MB，请核对是否选错文件。")
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise forms.ValidationError("文件不是 UTF-8 编码的文本，请另存为 UTF-8 后再上传。") from None


def _listed(error: BadInput) -> forms.ValidationError:
    return forms.ValidationError([f"{place}：{words}" for place, words in error.field_errors.items()])


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


class PlansForm(forms.Form):
    """A file of plans and the day from which they are in force."""

    plans = forms.FileField(label="考试计划文件（JSON）")
    since = forms.DateField(label="启用日期", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_plans(self) -> PlansFile:
        """The plans, or every bad place of the file."""
        try:
            payload = json.loads(_text(self.cleaned_data["plans"]))
            if not isinstance(payload, dict):
                raise forms.ValidationError("文件里没有考试计划。")
            return PlansFile(read_plans(payload), self.cleaned_data["plans"].name)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(f"文件不是正确的 JSON：第{error.lineno}行第{error.colno}列。") from None
        except BadInput as error:
            raise _listed(error) from None


class TimetableForm(forms.Form):
    """A file of a timetable."""

    timetable = forms.FileField(
        label="考试安排文件（CSV）",
        help_text="列：session, major, unit, date, time, course, name, national（是/否）",
    )

    def clean_timetable(self) -> TimetableData:
        """The timetable, or every bad line of the file."""
        try:
            return read_timetable(_text(self.cleaned_data["timetable"]))
        except BadInput as error:
            raise _listed(error) from None
