"""What several forms share: dates, files, lines of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from zikao.stages.agencies.states import ContactRow

LARGEST = 10 * 1024 * 1024
DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]], empty: str = "请选择") -> None:
    """Let a field be chosen from these; nothing is chosen beforehand."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", empty), *choices]


def file_field(label: str, *, required: bool = True, help_text: str = "") -> forms.FileField:
    """An upload of at most 10 MB."""
    text = help_text or "PDF 或图片，不超过 10 MB。"
    return forms.FileField(label=label, required=required, help_text=text, validators=[_small_enough])


def _small_enough(upload: Any) -> None:
    if upload.size > LARGEST:
        raise forms.ValidationError("文件超过 10 MB，请压缩后再上传。")


def with_file(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The form's data as a command takes it: the upload as bytes, with its media type."""
    upload = data[name]
    return {**data, name: upload.read(), f"{name}_type": upload.content_type or "application/octet-stream"}


def contact_lines(text: str, bodies: Mapping[str, str], roles: Mapping[str, str], shape: str) -> list[ContactRow]:
    """Lines of people as rows; `bodies` is empty where the first column is the role. Bad lines are all named."""
    rows, faults = [], []
    columns = (4,) if bodies else (4, 5)
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        if not line.strip():
            continue
        body = bodies.get(parts.pop(0), "") if bodies else "-"
        if not body or len(parts) not in columns or parts[0] not in roles or not all(parts[1:3]):
            faults.append(f"第{number}行应写作“{shape}”。")
            continue
        rows.append(ContactRow(body.strip("-"), roles[parts[0]], *parts[1:]))
    if faults:
        raise forms.ValidationError(faults)
    return rows
