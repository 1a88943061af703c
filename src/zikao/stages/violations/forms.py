"""What is filled in about a violation; the law is asked by the commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from zikao.foundation.regulation import violation_codes
from zikao.stages.personnel.models import Duty
from zikao.stages.violations.states import FoundIn


def codes_by_category() -> list[tuple[str, list[tuple[str, str]]]]:
    """The candidates' conduct of Decree 33 as grouped choices."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in violation_codes().values():
        if each.by_candidate:
            groups.setdefault(each.category_text, []).append((each.code, f"{each.article} {each.behaviour}"))
    return list(groups.items())


class RecordForm(forms.Form):
    """What was seen, by whom, and that the candidate was told."""

    found_in = forms.ChoiceField(label="发现环节", choices=FoundIn.choices)
    code = forms.ChoiceField(label="违规行为", help_text="国家教育考试违规处理办法，选与事实相符的一项")
    account_of_facts = forms.CharField(
        label="事实经过",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="时间、地点、看到了什么、收存了哪些物品；只写事实",
    )
    recorders = forms.MultipleChoiceField(
        label="记录并签字的工作人员", widget=forms.CheckboxSelectMultiple, help_text="两名以上"
    )
    told_candidate = forms.BooleanField(label="已把记录内容告知考生", required=False)

    def __init__(self, *args: Any, duties: Sequence[Duty], **more: Any) -> None:
        super().__init__(*args, **more)
        code, recorders = self.fields["code"], self.fields["recorders"]
        assert isinstance(code, forms.ChoiceField)
        assert isinstance(recorders, forms.MultipleChoiceField)
        code.choices = [("", "请选择"), *codes_by_category()]
        people = {duty.person_id: _named(duty) for duty in reversed(duties)}
        recorders.choices = [(str(pk), name) for pk, name in reversed(people.items())]

    def clean(self) -> dict[str, Any]:
        """As the command takes it."""
        data = super().clean() or {}
        if self.errors:
            return data
        return {
            **data,
            "found_in": FoundIn(data["found_in"]),
            "recorders": tuple(int(pk) for pk in data["recorders"]),
        }


def _named(duty: Duty) -> str:
    where = f"第 {duty.room.number} 考场" if duty.room else "考点"
    return f"{duty.person.name}（{where}{duty.get_post_kind_display()}，{duty.person.unit}）"


class StatementForm(forms.Form):
    """The candidate's own words."""

    statement = forms.CharField(
        label="您的陈述和申辩",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写明您认为的事实和理由，最多 1000 字；提交后不能更改",
    )


class DecisionForm(forms.Form):
    """The decision's number."""

    decision_number = forms.CharField(label="决定文号", max_length=40, help_text="例如 苏考违〔2026〕1号")


class DismissForm(forms.Form):
    """Why nothing follows."""

    reason = forms.CharField(label="不予处理的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
