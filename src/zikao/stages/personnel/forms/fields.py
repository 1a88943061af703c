"""Parts that the forms of exam staff share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter

DATE = forms.DateInput(attrs={"type": "date"})
AREA = forms.Textarea(attrs={"rows": 4})


def least(name: str) -> Callable[[], int]:
    """The law's least number today, asked when the form is shown."""
    return lambda: int(parameter(name).on(clock.today()))


def condition_choices() -> list[tuple[str, str]]:
    """The basic conditions of today's law."""
    return [(name, name) for name in parameter("staff-conditions").on(clock.today())]


def choose(form: forms.Form, name: str, choices: list[tuple[Any, str]]) -> None:
    """Give a choice field the choices of this actor."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def numbers_of(text: str) -> list[int]:
    """Whole numbers written in a text, however they are parted. Raises forms.ValidationError."""
    parts = text.replace("，", " ").replace("、", " ").replace(",", " ").split()
    if any(not part.isascii() or not part.isdigit() or len(part) > 12 for part in parts):
        raise forms.ValidationError("请只填写人员编号，用空格或逗号分开。")
    return [int(part) for part in parts]


class NumbersField(forms.CharField):
    """Numbers of persons in a text box."""

    widget = AREA

    def clean(self, value: Any) -> Any:
        """The numbers."""
        return numbers_of(super().clean(value) or "")


class YuanField(forms.DecimalField):
    """An amount in yuan; the command gets fen."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=100_000, decimal_places=2, **more)

    def clean(self, value: Any) -> Any:
        """The amount in fen."""
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)
