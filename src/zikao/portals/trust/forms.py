"""The shapes of what people write about trust."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.foundation.ledger.receipts import LONGEST_TEXT
from zikao.foundation.ledger.renewals import HASHES

AREA = forms.Textarea(attrs={"rows": 4})


class ReasonForm(forms.Form):
    """Why, so that it is understood years later."""

    reason = forms.CharField(
        label="原因和依据", max_length=2000, widget=AREA, help_text="写清楚发生了什么、依据哪份记录，至少十个字。"
    )


class RenewForm(forms.Form):
    """Which checkpoint is signed anew, and with which hash."""

    tree_size = forms.IntegerField(label="检查点行数", min_value=1, help_text="通常是最近一个有共同签名的检查点。")
    hash_name = forms.ChoiceField(label="摘要算法", choices=[(name, name.upper()) for name in HASHES], initial="sm3")


class CheckForm(forms.Form):
    """A receipt or a paper's code, as text or as a file, and what the paper says."""

    text = forms.CharField(
        label="回执或存证码",
        max_length=LONGEST_TEXT,
        required=False,
        strip=False,
        widget=AREA,
        help_text="粘贴 ZKR1: 开头的回执，或扫描纸面二维码得到的网址或 ZKP1 开头的存证码。",
    )
    file = forms.FileField(label="或者上传回执文件", required=False, max_length=200)
    printed = forms.CharField(
        label="纸面内容（可不填）",
        max_length=2000,
        required=False,
        widget=AREA,
        help_text="照纸面逐行填写，例如“姓名=张三”，用来核对纸面有没有被改过。",
    )

    def clean(self) -> dict[str, Any]:
        """One of text and file must be there; the file is small text."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            data["text"] = _text_of(file)
        if not str(data.get("text") or "").strip() and "text" not in self.errors:
            self.add_error("text", "请粘贴回执，或选择回执文件。")
        return data

    def printed_facts(self) -> dict[str, str]:
        """What the paper says, by name."""
        lines = str(self.cleaned_data.get("printed") or "").replace("＝", "=").splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line)
        return {name.strip(): value.strip() for name, _, value in pairs}


def _text_of(file: Any) -> str:
    return str(file.read(LONGEST_TEXT).decode("utf-8", "replace"))
