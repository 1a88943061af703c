"""A document of detailed rules and its values, read by the kind of each parameter."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from zikao.foundation.regulation import Parameter, clause
from zikao.stages.programmes import queries
from zikao.stages.programmes.forms.faults import has_unseen

_WHOLE = re.compile(r"-?[0-9]{1,6}")
YES_NO = {"是": True, "否": False}


def said(value: Any) -> str:
    """A value in words."""
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


class RulesForm(forms.Form):
    """A new document."""

    title = forms.CharField(label="名称", max_length=80)
    document = forms.CharField(label="文号", max_length=60)
    since = forms.DateField(
        label="施行日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="批准之后的日期"
    )


def _choice(law: Parameter) -> tuple[str, str]:
    now = said(law.values[-1].value)
    return law.name, f"{law.title}（{clause(law.clause).chip}；规定 {now}；{queries.range_of(law.name)}）"


class ValueForm(forms.Form):
    """One item and its value."""

    name = forms.ChoiceField(label="事项")
    value = forms.CharField(
        label="本省的取值", max_length=200, help_text="是或否的事项填“是”或“否”；数字按事项的单位填写"
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        names = self.fields["name"]
        assert isinstance(names, forms.ChoiceField)
        names.choices = [_choice(law) for law in queries.settable()]

    def clean(self) -> dict[str, Any]:
        """The value as the parameter's kind has it."""
        data = super().clean() or {}
        law = next((each for each in queries.settable() if each.name == data.get("name")), None)
        text = str(data.get("value", "")).strip()
        if law is None or not text:
            return data
        kind = type(law.values[-1].value)
        if kind is bool and text not in YES_NO:
            self.add_error("value", "请填“是”或“否”。")
        elif kind is int and not _WHOLE.fullmatch(text):
            self.add_error("value", "请填不超过六位的整数。")
        elif kind is str and has_unseen(text):
            self.add_error("value", "含有看不见的控制字符，请重新键入。")
        else:
            data["value"] = YES_NO[text] if kind is bool else int(text) if kind is int else text
        return data


class DropForm(forms.Form):
    """One item of the document."""

    name = forms.ChoiceField(label="事项")

    def __init__(self, *args: Any, rules_id: int, **more: Any) -> None:
        super().__init__(*args, **more)
        names = self.fields["name"]
        assert isinstance(names, forms.ChoiceField)
        own = set(queries.rules_document(rules_id).settings.values_list("name", flat=True))
        names.choices = [(law.name, law.title) for law in queries.settable() if law.name in own]
