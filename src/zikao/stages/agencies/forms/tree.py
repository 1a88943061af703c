"""What clerks fill in about agencies and committees; the law is asked by the commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from zikao.foundation import clock
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.forms.fields import DATE, offer
from zikao.stages.agencies.states import AgencyKind, CommitteeRole, MemberRow, NewAgency

Choices = Iterable[tuple[str, str]]


class AgencyForm(forms.Form):
    """A new agency."""

    code = forms.CharField(label="代码", max_length=12, help_text="省2位、地市4位、县区6位，以上级代码开头")
    name = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类别", choices=AgencyKind.choices)
    parent_code = forms.ChoiceField(label="上级机构", required=False)
    is_seat = forms.BooleanField(label="地级人民政府所在地（只用于县区）", required=False)

    def __init__(self, *args: Any, parents: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "parent_code", parents, "没有（节点的最高机构）")


class RenameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label="新名称", max_length=60)
    document_number = forms.CharField(label="依据文号", max_length=60)


class RecodeForm(forms.Form):
    """Another code, under the same or another parent."""

    new_code = forms.CharField(label="新代码", max_length=12, help_text="以上级代码开头；从未使用过的代码")
    parent_code = forms.ChoiceField(label="上级机构")
    document_number = forms.CharField(label="依据文号", max_length=60)

    def __init__(self, *args: Any, parents: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "parent_code", parents)


class MergeForm(forms.Form):
    """Who takes over."""

    into_code = forms.ChoiceField(label="承接机构")
    document_number = forms.CharField(label="依据文号", max_length=60)

    def __init__(self, *args: Any, others: Choices = (), **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "into_code", others)


class SeatForm(forms.Form):
    """Whether the prefecture's government sits in a county."""

    is_seat = forms.TypedChoiceField(
        label="地级人民政府",
        choices=[("yes", "设在本县区"), ("no", "不设在本县区")],
        coerce=lambda value: value == "yes",
    )
    document_number = forms.CharField(label="依据文号", max_length=60)


class SplitForm(forms.Form):
    """What is opened beside, and who takes over where the agency closes."""

    parts = forms.CharField(
        label="分设的机构",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一个：代码,名称。例如：320115,江宁区自考办",
    )
    heir_code = forms.CharField(
        label="承接机构代码", max_length=12, required=False, help_text="原机构保留的留空；撤销的，填写分设机构之一"
    )
    document_number = forms.CharField(label="依据文号", max_length=60)

    def clean_parts(self) -> list[NewAgency]:
        """The new agencies; bad lines are named."""
        rows, faults = [], []
        for number, line in enumerate(self.cleaned_data["parts"].splitlines(), 1):
            parts = [part.strip() for part in line.replace("，", ",").split(",")]
            if line.strip() and (len(parts) != 2 or not all(parts)):
                faults.append(f"第{number}行应写作“代码,名称”。")
            elif line.strip():
                rows.append(NewAgency(*parts))
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean_heir_code(self) -> str | None:
        """None where the agency goes on."""
        return self.cleaned_data["heir_code"] or None


class DocumentForm(forms.Form):
    """By which document."""

    document_number = forms.CharField(label="依据文号", max_length=60)


class CommitteeForm(forms.Form):
    """A committee: one field for each seat that the law names, and lines for others who take part."""

    since_on = forms.DateField(label="起始日期", widget=DATE)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        today = clock.today()
        self.seats: dict[str, tuple[CommitteeRole, str]] = {
            "director": (CommitteeRole.DIRECTOR, parameter("area-committee-director").on(today))
        }
        for role, name, prefix in (
            (CommitteeRole.DEPUTY, "area-committee-deputies", "deputy"),
            (CommitteeRole.MEMBER, "area-committee-departments", "member"),
        ):
            for number, department in enumerate(parameter(name).on(today), 1):
                self.seats[f"{prefix}_{number}"] = (role, department)
        for key, (role, department) in self.seats.items():
            self.fields[key] = forms.CharField(label=f"{role.label}（{department}）", max_length=60, required=False)
        self.fields["others"] = forms.CharField(
            label="其他参加部门",
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
            help_text="每行一人：部门,姓名。例如：供电,张三",
        )

    def clean_others(self) -> list[MemberRow]:
        """Further members; bad lines are named."""
        rows, faults = [], []
        for number, line in enumerate(self.cleaned_data["others"].splitlines(), 1):
            parts = [part.strip() for part in line.replace("，", ",").split(",")]
            if line.strip() and (len(parts) != 2 or not all(parts)):
                faults.append(f"第{number}行应写作“部门,姓名”。")
            elif line.strip():
                rows.append(MemberRow(CommitteeRole.MEMBER, parts[0], parts[1]))
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean(self) -> dict[str, Any]:
        """The members as the command takes them; an empty seat is left out, and flagged later."""
        data = super().clean() or {}
        if self.errors:
            return data
        rows = [MemberRow(role, department, data[key]) for key, (role, department) in self.seats.items() if data[key]]
        if not rows and not data["others"]:
            raise forms.ValidationError("请至少填写一人。")
        return {"since_on": data["since_on"], "members": [*rows, *data["others"]]}
