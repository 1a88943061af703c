"""Training courses: plan, people, attendance, scores."""

from __future__ import annotations

import csv
import io
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.sheets.text import UNREADABLE_ROW
from zikao.stages.personnel.forms.fields import AREA, DATE, NumbersField, choose, least
from zikao.stages.personnel.states import CoursePlan, PostKind


class CourseForm(forms.Form):
    """A course as it is planned."""

    title = forms.CharField(label="名称", max_length=60)
    topics = forms.CharField(
        label="培训内容", widget=AREA, help_text="一行一项，例如考试政策规定、突发事件处置、作弊工具识别"
    )
    hours = forms.IntegerField(label="学时", min_value=1, max_value=99, initial=least("training-hours"))
    held_on = forms.DateField(label="培训日期", widget=DATE)
    place = forms.CharField(label="地点", max_length=60)
    post_kinds = forms.TypedMultipleChoiceField(
        label="适用岗位", choices=PostKind.choices, coerce=PostKind, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        """The plan as the command takes it."""
        data = super().clean() or {}
        if self.errors:
            return data
        topics = tuple(filter(None, map(str.strip, data["topics"].splitlines())))
        return {
            "plan": CoursePlan(
                data["title"], topics, data["hours"], data["held_on"], data["place"], tuple(data["post_kinds"])
            )
        }


class EnrolForm(forms.Form):
    """People for a course, by number."""

    person_ids = NumbersField(label="人员编号", help_text="用空格或逗号分开；也可以到“挑选人员”页面勾选")


class AttendanceForm(forms.Form):
    """Who did not come."""

    absent = forms.TypedMultipleChoiceField(
        label="缺勤的人员", coerce=int, required=False, widget=forms.CheckboxSelectMultiple, help_text="没有缺勤的不勾"
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "absent", people)


class ScoresForm(forms.Form):
    """The assessment: a line a person."""

    assessed_on = forms.DateField(label="考核日期", widget=DATE, initial=clock.today)
    scores = forms.CharField(
        label="成绩",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="一行一人，成绩写在最后：人员编号,姓名,成绩（0 到 100）；没有成绩的不登记",
    )

    def clean_scores(self) -> dict[int, Decimal]:
        """The score of each person."""
        found: dict[int, Decimal] = {}
        for number, row in enumerate(_rows(self.cleaned_data["scores"].replace("，", ",")), 1):
            if len(row) < 2 and any(cell.strip() for cell in row):
                raise forms.ValidationError(f"第 {number} 行不是“人员编号,姓名,成绩”。")
            if len(row) < 2 or not row[-1].strip():
                continue
            try:
                key, score = int(row[0]), Decimal(row[-1].strip())
            except (ValueError, InvalidOperation):
                raise forms.ValidationError(f"第 {number} 行不是“人员编号,姓名,成绩”。") from None
            if key in found or not score.is_finite():
                raise forms.ValidationError(f"第 {number} 行的人员重复，或者成绩不是数。")
            found[key] = score
        return found


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        raise forms.ValidationError(UNREADABLE_ROW) from None


class CertifyCourseForm(forms.Form):
    """From when the certificates hold."""

    valid_from_on = forms.DateField(label="有效期起", widget=DATE, initial=clock.today)
