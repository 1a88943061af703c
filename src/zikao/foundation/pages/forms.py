"""Forms that speak plainly: "请填写姓名。" says more than "这个字段是必填项。"."""

from __future__ import annotations

from typing import TypeVar

from django.forms import BaseForm, BooleanField, ChoiceField, Field, FileField, ModelChoiceField

F = TypeVar("F", bound=BaseForm)
STANDARD = Field.default_error_messages["required"]


def speak_plainly(form: F) -> F:
    """Name the field in the standard message of a missing answer; a form's own messages stay."""
    for name, field in form.fields.items():
        if field.error_messages.get("required") == STANDARD:
            field.error_messages["required"] = f"{_verb(field)}{field.label or name}。"
    return form


def _verb(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "请确认："
    if isinstance(field, FileField):
        return "请上传"
    return "请选择" if isinstance(field, ChoiceField | ModelChoiceField) else "请填写"
