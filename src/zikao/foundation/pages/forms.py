"""Forms that speak plainly: "请填写姓名。" says more than "这个字段是必填项。", "最多 20 个字" than "确保该变量…".

What nobody can see is not taken in.
"""

from __future__ import annotations

import unicodedata
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.forms import (
    BaseForm,
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    Field,
    FileField,
    IntegerField,
    ModelChoiceField,
    PasswordInput,
    TextInput,
)

F = TypeVar("F", bound=BaseForm)
STANDARD = Field.default_error_messages["required"]
_OF_VALIDATORS = {
    "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    "min_length": "至少 %(limit_value)d 个字，现在有 %(show_value)d 个。",
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
    "max_digits": "数字太长了，最多 %(max)s 位。",
    "max_whole_digits": "数字太大了，小数点前最多 %(max)s 位。",
    "max_decimal_places": "小数点后最多 %(max)s 位。",
    "null_characters_not_allowed": "里面有看不见的空字符。请删去，用键盘重新输入。",
}
"""What validators say, whatever the field."""
_OF_FIELDS: tuple[tuple[type[Field], str, str], ...] = (
    (DateTimeField, "invalid", "请填一个存在的日期和时间，写作 2026-08-20 09:00。"),
    (DateField, "invalid", "请填一个存在的日期，写作 2026-08-20。"),
    (IntegerField, "invalid", "请填数字。"),
    (ChoiceField, "invalid_choice", "请从列表中选择。"),
    (ModelChoiceField, "invalid_choice", "请从列表中选择。"),
    (FileField, "empty", "文件是空的，请重新选择。"),
)


def speak_plainly(form: F) -> F:
    """Name the field in the standard message of a missing answer; a form's own messages stay.

    Written answers hold no character that is invisible or turns the direction of writing; secrets may.
    """
    for name, field in form.fields.items():
        if isinstance(field, CharField) and not isinstance(field.widget, PasswordInput):
            field.validators.append(seen_on_one_line if type(field.widget) is TextInput else seen)
        _say_plainly(field)
        if field.error_messages.get("required") == STANDARD:
            field.error_messages["required"] = f"{_verb(field)}{field.label or name}。"
    return form


def _say_plainly(field: Field) -> None:
    for code, text in _OF_VALIDATORS.items():
        field.error_messages.setdefault(code, text)
    for kind, code, text in _OF_FIELDS:
        if isinstance(field, kind) and field.error_messages.get(code) == kind.default_error_messages.get(code):
            field.error_messages[code] = text


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
