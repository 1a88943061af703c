"""The forms of exports: what is wanted and why; what was found."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.exports.datasets import Extract
from zikao.foundation.exports.states import Consent, Form, Recipient

LARGEST_UPLOAD = 20 * 1024 * 1024


class AskForm(forms.Form):
    """Columns, purpose, recipient: everything that the approval is for."""

    columns = forms.MultipleChoiceField(label="栏目", widget=forms.CheckboxSelectMultiple)
    clear = forms.MultipleChoiceField(
        label="完整显示的个人信息",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选的，文件中隐去（例如 王○○）。选了任何一项，都要经过批准。",
    )
    purpose = forms.CharField(
        label="用途",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="给谁用、做什么、用到什么时候。写入账本，印在文件上。",
    )
    recipient = forms.ChoiceField(label="提供给", choices=Recipient.choices, widget=forms.RadioSelect)
    recipient_name = forms.CharField(
        label="接收单位或个人", max_length=100, required=False, help_text="提供给本机构以外的，须填写。"
    )
    consent = forms.ChoiceField(
        label="同意机关", choices=Consent.choices, required=False, help_text="提供给考试系统以外的，须经其中之一同意。"
    )
    consent_number = forms.CharField(label="同意文号", max_length=60, required=False)
    letter = forms.FileField(label="同意函扫描件", required=False, help_text="PDF、JPEG 或 PNG，不超过 20 MB。")
    form = forms.ChoiceField(label="格式", choices=Form.choices, widget=forms.RadioSelect)
    copies = forms.IntegerField(
        label="份数", min_value=1, initial=1, help_text="每份有自己的份号和水印，只能领取一次。"
    )

    def __init__(self, *args: Any, extract: Extract, most_copies: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [(column.key, column.label) for column in extract.columns]
        personal = [(column.key, column.label) for column in extract.columns if column.is_personal]
        self.fields["columns"].choices = every  # type: ignore[attr-defined]
        self.fields["columns"].initial = [key for key, _ in every]
        self.fields["clear"].choices = personal  # type: ignore[attr-defined]
        if not personal:
            del self.fields["clear"]
        self.fields["recipient"].initial = Recipient.OWN
        self.fields["form"].initial = Form.PDF
        self.fields["copies"].max_value = most_copies  # type: ignore[attr-defined]
        self.fields["copies"].widget.attrs["max"] = most_copies

    def clean_letter(self) -> bytes:
        """The letter's bytes; too large a file is refused before it is read."""
        return read_upload(self.cleaned_data.get("letter"))


class TraceForm(forms.Form):
    """A page, or a whole file, that turned up somewhere."""

    found = forms.FileField(
        label="发现的页面或文件",
        help_text="页面的照片、扫描件或截图（JPEG、PNG，约 5 厘米见方就够）；或者没有改动过的完整文件。不超过 20 MB。",
    )
    found_where = forms.CharField(label="在哪里发现", max_length=200, help_text="例如“某网站帖子，地址……”。写入账本。")

    def clean_found(self) -> bytes:
        """The file's bytes."""
        return read_upload(self.cleaned_data.get("found"))


def read_upload(upload: Any) -> bytes:
    """The bytes of an uploaded file, nothing for none. Raises ValidationError above the limit."""
    if not upload:
        return b""
    if upload.size > LARGEST_UPLOAD:
        raise forms.ValidationError("文件超过 20 MB，请压缩后再上传。")
    return bytes(upload.read())
