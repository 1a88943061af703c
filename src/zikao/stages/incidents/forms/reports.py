"""The first report, made on a telephone in under a minute, and what follows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from zikao.stages.incidents.states import Evidence, Scope

LARGEST = 10 * 1024 * 1024
MOST = 2000


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Any number of files, each of at most 10 MB."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [self._one(file) for file in files if file]

    def _one(self, file: Any) -> Evidence:
        kept = super().clean(file)
        if kept.size > LARGEST:
            raise forms.ValidationError(f"“{kept.name}”超过 10 MB，请压缩后再上传。")
        return Evidence(kept.name, kept.read(), kept.content_type or "application/octet-stream")


def _text(label: str, *, required: bool, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=MOST, widget=forms.Textarea(attrs={"rows": 3})
    )


def _files() -> _FilesField:
    return _FilesField(
        label="现场照片、文件",
        required=False,
        widget=_Files(attrs={"accept": "image/*,video/*,application/pdf"}),
        help_text="可以多选，每个不超过 10 MB；来不及的随后续报。",
    )


class ReportForm(forms.Form):
    """What happened, when, where, what is known; the rest may follow."""

    kind = forms.ChoiceField(label="发生了什么")
    place = forms.ChoiceField(label="在哪里")
    happened_at = forms.DateTimeField(
        label="何时发生",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    known = _text("已知情况", required=True, help_text="一两句话即可，不清楚的随后续报。")
    measures = _text("已采取的措施", required=False, help_text="没有的可以空着。")
    is_major = forms.BooleanField(
        label="属于重大突发事件，立即上报教育部考试中心",
        required=False,
        help_text="失密泄密、大面积舞弊、公共卫生安全和其他重大突发事件无须勾选，一律上报。",
    )
    unit = forms.ChoiceField(label="涉及单元", required=False)
    room_number = forms.IntegerField(label="涉及考场号", required=False, min_value=1, max_value=9999)
    courses = forms.CharField(
        label="涉及课程代码", required=False, max_length=200, help_text="多门用逗号或空格分开；全部课程的空着。"
    )
    evidence = _files()

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, str]] = (),
        places: Sequence[tuple[str, str]] = (),
        units: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "请选择"), *kinds]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", "请选择"), *places]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "与某个单元无关"), *units]  # type: ignore[attr-defined]


def report_arguments(data: Mapping[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes them."""
    what, _, where = data["place"].partition(":")
    sitting, _, unit = data["unit"].partition("/")
    scope = Scope(
        agency_code=where if what == "agency" else "",
        site_id=int(where) if what == "site" else None,
        room_number=data["room_number"],
        sitting_code=sitting,
        unit_number=int(unit) if unit else None,
        course_codes=tuple(filter(None, re.split(r"[,，、\s]+", data["courses"]))),
    )
    plain = {name: data[name] for name in ("kind", "happened_at", "known", "measures", "is_major")}
    return {**plain, "scope": scope, "files": data["evidence"]}


class FollowUpForm(forms.Form):
    """What is known by now."""

    final = forms.TypedChoiceField(
        label="报告",
        choices=[("no", "续报"), ("yes", "终报：处置完毕，写明结果和对考试的影响")],
        coerce=lambda value: value == "yes",
        initial="no",
    )
    known = _text("情况", required=True, help_text="只写新的情况；先前的报告不能更改，有误的在这里更正。")
    measures = _text("措施", required=False, help_text="没有新措施的可以空着。")
    is_major = forms.BooleanField(label="已成为重大突发事件，连同先前的报告立即上报教育部考试中心", required=False)
    evidence = _files()


def follow_up_arguments(data: Mapping[str, Any]) -> dict[str, Any]:
    """The form's data as the command takes them."""
    plain = {name: data[name] for name in ("final", "known", "measures", "is_major")}
    return {**plain, "files": data["evidence"]}
