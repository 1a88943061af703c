"""Forms that speak plainly: "请填写姓名。" says more than "这个字段是必填项。"; what nobody can see is not taken in."""

from __future__ import annotations

import unicodedata
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.forms import (
    BaseForm,
    BooleanField,
    CharField,
    ChoiceField,
    Field,
    FileField,
    ModelChoiceField,
    PasswordInput,
    TextInput,
)

F = TypeVar("F", bound=BaseForm)
STANDARD = Field.default_error_messages["required"]


def speak_plainly(form: F) -> F:
    """Name the field in the standard message of a missing answer; a form's own messages stay.

    Written answers hold no character that is invisible or turns the direction of writing; secrets may.
    """
    for name, field in form.fields.items():
        if isinstance(field, CharField) and not isinstance(field.widget, PasswordInput):
            field.validators.append(seen_on_one_line if type(field.widget) is TextInput else seen)
        if field.error_messages.get("required") == STANDARD:
            field.error_messages["required"] = f"{_verb(field)}{field.label or name}。"
    return form


def _verb(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "请确认："
    if isinstance(field, FileField):
        return "请上传"
    return "请选择" if isinstance(field, ChoiceField | ModelChoiceField) else "请填写"


LINES = "\n\r\t"
UNSEEN = {"Cc": "控制字符", "Cf": "看不见的字符", "Cs": "残缺的字符", "Zl": "换行符", "Zp": "换行符"}


def seen(text: str) -> None:
    """Raises ValidationError at the first character that nobody sees: control, zero-width, right-to-left override."""
    for place, char in enumerate(text, 1):
        kind = unicodedata.category(char)
        if kind in UNSEEN and char not in LINES:
            raise ValidationError(f"第 {place} 个字是{UNSEEN[kind]}（U+{ord(char):04X}），请删去后重新填写。")


def seen_on_one_line(text: str) -> None:
    """As `seen`; a name, a number, an address goes over no line end."""
    seen(text)
    if set(text) & set(LINES):
        raise ValidationError("不能换行，请写在一行里。")
