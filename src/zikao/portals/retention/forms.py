"""The shapes of keeping and destroying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from zikao.foundation.regulation import retention_schedule
from zikao.foundation.retention.states import Method

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def kinds() -> list[tuple[str, str]]:
    """The kinds of the schedule."""
    return [(kind, keeping.title) for kind, keeping in retention_schedule().items()]


class HoldingForm(forms.Form):
    """What is kept, where, by whom."""

    kind = forms.ChoiceField(label="种类", choices=kinds)
    matter = forms.RegexField(
        label="考次",
        regex=r"^(\d{4}-\d{2}|[a-z]+\.[a-z]+:\d+)$",
        help_text="如 2026-10；成绩更正材料填审批编号",
        error_messages={"invalid": "考次写作 2026-10 这样的形式。"},
    )
    title = forms.CharField(label="名称", max_length=80, help_text="如 2026年10月考试答卷 南京考区")
    place = forms.CharField(label="存放地点", max_length=80)
    keeper = forms.CharField(label="保管人", max_length=60)
    quantity = forms.IntegerField(label="数量", min_value=1)
    unit = forms.ChoiceField(label="计量单位", choices=[(unit, unit) for unit in ("袋", "箱", "份", "册", "段", "件")])
    agency_code = forms.ChoiceField(label="保管机构")
    contents = forms.FileField(
        label="清单", required=False, help_text="可选：逐件清单（CSV），加密保存，随销毁证明存档"
    )

    def __init__(self, *args: Any, agencies: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["agency_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(agencies)

    def clean_contents(self) -> bytes:
        """The file's bytes."""
        upload = self.cleaned_data.get("contents")
        return upload.read() if upload else b""


class MoveForm(forms.Form):
    """Where a thing lies now, and with whom."""

    place = forms.CharField(label="存放地点", max_length=80)
    keeper = forms.CharField(label="保管人", max_length=60)


class PublicationForm(forms.Form):
    """When the results of an earlier sitting were published."""

    matter = forms.RegexField(label="考次", regex=r"^\d{4}-\d{2}$", help_text="如 2024-10")
    on = forms.DateField(label="成绩公布日", widget=DATE)
    evidence = forms.FileField(label="依据", help_text="公布成绩的公告或文件，加密保存")

    def clean_evidence(self) -> bytes:
        """The file's bytes."""
        return bytes(self.cleaned_data["evidence"].read())


class _Chosen(forms.Form):
    """Some of the things that are kept."""

    holding_ids = forms.TypedMultipleChoiceField(label="内容", coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, things: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["holding_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(str(pk), title) for pk, title in things]


class HoldForm(_Chosen):
    """Why things are kept longer, for which cases."""

    title = forms.CharField(label="事由", max_length=80, help_text="如 某某行政诉讼")
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    cases = forms.CharField(label="涉及的案件", required=False, help_text="案件编号，一行一个", widget=forms.Textarea)
    matters = forms.CharField(
        label="整批", required=False, help_text="考次或档案代号，一行一个：其全部内容一并暂缓", widget=forms.Textarea
    )
    field_order = ("title", "reason", "cases", "matters", "holding_ids")

    def __init__(
        self, *args: Any, left_out: int, of_matters: Callable[[list[str]], list[tuple[str, int]]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.of_matters = of_matters
        self.fields["holding_ids"].required = False
        if left_out:
            said = f"这里列出最近登记的，另有 {left_out:,} 项未列出：请在“整批”一栏填写它们的考次或档案代号。"
            self.fields["holding_ids"].help_text = said

    def clean_cases(self) -> list[str]:
        """One case a line."""
        return [line.strip() for line in self.cleaned_data["cases"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        """What was chosen one by one and by matter, together."""
        data = dict(super().clean() or {})
        named = {line.strip() for line in str(data.pop("matters", "")).splitlines() if line.strip()}
        found = self.of_matters(sorted(named))
        if unknown := named - {matter for matter, _ in found}:
            self.add_error("matters", f"没有保管着“{'”“'.join(sorted(unknown))}”的内容。")
        data["holding_ids"] = sorted({*data.get("holding_ids", ()), *(pk for _, pk in found)})
        if not data["holding_ids"] and not self.errors:
            self.add_error("holding_ids", "请至少选择一项，或在“整批”一栏填写。")
        return data


class ReleaseForm(forms.Form):
    """Why a hold is released."""

    reason = forms.CharField(label="解除理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DestructionForm(_Chosen):
    """What is to be destroyed, how and where."""

    method = forms.ChoiceField(label="方式", choices=Method.choices)
    place = forms.CharField(label="地点", max_length=80)
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("holding_ids", "method", "place", "reason")
