"""The small forms of records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.clock import LOCAL
from zikao.stages.records.states import Part

LARGEST_LETTER = 10 * 1024 * 1024


class LostForm(forms.Form):
    """How the certificate was lost."""

    reason = forms.CharField(label="遗失情况", max_length=200, help_text="例如“本人书面申请，搬家时遗失”。写入账本。")


class ConsultationForm(forms.Form):
    """Who wants to see which parts of which record, why, where and when."""

    admission_number = forms.RegexField(
        label="准考证号",
        regex=r"^\d{12}$",
        help_text="要查阅的档案。",
        error_messages={"invalid": "准考证号是 12 位数字。"},
    )
    parts = forms.MultipleChoiceField(
        label="查阅内容", choices=Part.choices, widget=forms.CheckboxSelectMultiple, help_text="只选办事需要的。"
    )
    purpose = forms.CharField(
        label="事由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="办什么事、为什么要看档案。写入审批和账本。",
    )
    place = forms.CharField(label="指定地点", max_length=100, help_text="例如“省考试院考籍档案室”。")
    on = forms.DateField(label="查阅日期", widget=forms.DateInput(attrs={"type": "date"}))
    begins = forms.TimeField(label="开始时间", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label="结束时间", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reader_name = forms.CharField(label="查阅人姓名", max_length=60, required=False)
    reader_unit = forms.CharField(label="查阅人单位", max_length=100, required=False)
    letter = forms.FileField(
        label="介绍信扫描件", required=False, help_text="外单位人员必须上传。PDF、JPEG 或 PNG，不超过 10 MB。"
    )

    def __init__(self, *args: Any, for_visitor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
        if for_visitor:
            self.fields["reader_name"].help_text = "外单位人员。留空表示您本人查阅。"
        else:
            for name in ("reader_name", "reader_unit", "letter"):
                del self.fields[name]

    def clean_letter(self) -> bytes:
        """The letter's bytes; too large a file is refused before it is read."""
        upload = self.cleaned_data.get("letter")
        if upload and upload.size > LARGEST_LETTER:
            raise forms.ValidationError("文件超过 10 MB，请压缩后再上传。")
        return bytes(upload.read()) if upload else b""


def times_of(data: dict[str, Any]) -> dict[str, Any]:
    """The form's answers with day and times joined, in local time."""
    on, begins, ends = (data[name] for name in ("on", "begins", "ends"))
    rest = {name: value for name, value in data.items() if name not in {"on", "begins", "ends"}}
    return {
        **rest,
        "parts": tuple(data["parts"]),
        "opens_at": datetime.combine(on, begins, LOCAL),
        "closes_at": datetime.combine(on, ends, LOCAL),
    }


class ReceptionForm(forms.Form):
    """The reader stands at the desk."""

    identity_checked = forms.BooleanField(label="已当面核对查阅人的身份证件，与批准的查阅人一致", required=False)
    at_the_place = forms.BooleanField(label="查阅人在批准的指定地点，由我在场陪同", required=False)
