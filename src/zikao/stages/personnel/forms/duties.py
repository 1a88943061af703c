"""Duties, rosters, dispatches and declared interests."""

from __future__ import annotations

from typing import Any

from django import forms

from zikao.stages.personnel.forms.fields import AREA, DATE, choose, least
from zikao.stages.personnel.rules.dispatching import Demand
from zikao.stages.personnel.states import LEADERS, SITTING_POSTS, FlagState, InterestKind, PostKind, Relation


class SittingForm(forms.Form):
    """A sitting, the latest first."""

    sitting_code = forms.ChoiceField(label="考次")

    def __init__(self, *args: Any, sittings: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "sitting_code", sittings)


class SiteForm(SittingForm):
    """A site in a sitting."""

    site_id = forms.TypedChoiceField(label="考点", coerce=int)
    field_order = ("site_id", "sitting_code")

    def __init__(self, *args: Any, sites: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "site_id", sites)


class DeclarationForm(SittingForm):
    """A relative in a sitting, or another interest."""

    kind = forms.ChoiceField(label="事项", choices=InterestKind.choices)


class HandOverForm(forms.Form):
    """Who takes a duty over, on which day, and why; of a post for the whole sitting, from which unit."""

    person_id = forms.TypedChoiceField(
        label="接替人员",
        coerce=int,
        help_text="只列可以接替的人：持证、没有回避、同时没有聘任；考场内的来自其他单位、没有搭档过",
    )
    on = forms.DateField(label="考试日期", widget=DATE)
    from_unit = forms.TypedChoiceField(
        label="从哪一单元起接替",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="开考以后更换的必须选择；此前的单元算原聘任人员履职，报酬各计各的",
    )
    reason = forms.CharField(label="更换原因", max_length=200)

    def __init__(self, *args: Any, people: list[tuple[int, str]], units: list[int], **more: Any) -> None:
        super().__init__(*args, **more)
        nobody = "现在没有人可以接替：请先培训发证、认定回避线索，或者申请省级统一调派"
        choose(self, "person_id", [("", "请选择" if people else nobody), *people])
        if units:
            whole = [("", "请选择"), (0, "从头接替：原聘任人员没有履职")]
            choose(self, "from_unit", [*whole, *((unit, f"第{unit}单元起") for unit in units)])
        else:
            del self.fields["from_unit"]


class ChiefForm(SiteForm):
    """A chief or deputy for a site."""

    on = forms.DateField(label="首个考试日", widget=DATE)
    post_kind = forms.ChoiceField(
        label="岗位", choices=[(kind.value, kind.label) for kind in PostKind if kind in LEADERS]
    )


class LotForm(SiteForm):
    """Invigilators drawn for the rooms of a site in a unit."""

    unit_number = forms.IntegerField(label="考试单元", min_value=1, max_value=99)
    on = forms.DateField(label="考试日期", widget=DATE)
    per_room = forms.IntegerField(
        label="每个考场监考员", min_value=1, max_value=9, initial=least("invigilators-per-room")
    )
    rovers = forms.IntegerField(label="流动监考员", min_value=0, max_value=99, initial=least("rovers-per-site"))
    seed = forms.CharField(label="抽签种子", max_length=60, help_text="公布后可以重算；同一种子得到同样的结果")


class RosterForm(forms.Form):
    """Invigilators drawn for all units of a sitting at a site."""

    per_room = forms.IntegerField(
        label="每个考场监考员", min_value=1, max_value=9, initial=least("invigilators-per-room")
    )
    rovers = forms.IntegerField(label="流动监考员", min_value=0, max_value=99, initial=least("rovers-per-site"))
    seed = forms.CharField(label="抽签种子", max_length=60, help_text="公布后可以重算；同一种子得到同样的结果")


class DutyForm(SiteForm):
    """A post at a site for a whole sitting."""

    on = forms.DateField(label="首个考试日", widget=DATE)
    post_kind = forms.TypedChoiceField(
        label="岗位", coerce=PostKind, choices=[(kind.value, kind.label) for kind in PostKind if kind in SITTING_POSTS]
    )


class DoneForm(forms.Form):
    """Who did not come."""

    unit_number = forms.IntegerField(
        label="考试单元", required=False, min_value=1, max_value=99, help_text="全程在岗的（主考、巡考等）不填"
    )
    absent = forms.TypedMultipleChoiceField(
        label="没有到岗的人员", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="都到岗的不勾；考场内的监考员以签字为准",
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "absent", people)


class KinForm(forms.Form):
    """A relative or pupil."""

    relation = forms.TypedChoiceField(label="与本人的关系", choices=Relation.choices, coerce=Relation)
    name = forms.CharField(label="姓名", max_length=60)
    id_number = forms.CharField(label="身份证号", max_length=18, help_text="加密保存，只用于比对，页面上不显示")


class StaffKinForm(KinForm):
    """A relative or teacher of a candidate who works in the examinations."""

    id_number = forms.CharField(
        label="对方的身份证号", max_length=18, help_text="加密保存，只用于安排时回避，页面上不显示"
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因和依据", max_length=200, widget=AREA)


class FlagForm(forms.Form):
    """A decision on a sign of an interest."""

    state = forms.TypedChoiceField(
        label="认定",
        coerce=FlagState,
        choices=[(each.value, each.label) for each in (FlagState.RECUSED, FlagState.DISMISSED)],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="理由", max_length=200, widget=AREA)


class DispatchForm(SittingForm):
    """A central draw: one line a demand."""

    number = forms.CharField(label="调派文号", max_length=40)
    first_on = forms.DateField(label="首个考试日", widget=DATE)
    last_on = forms.DateField(label="最后考试日", widget=DATE)
    demands = forms.CharField(
        label="调派需求", widget=AREA, help_text="一行一项：考点代码 岗位 人数，例如“3201-01 监考员 6”"
    )
    pool_codes = forms.CharField(label="人员库", help_text="机构代码，用空格分开，例如“3201 3202”")
    seed = forms.CharField(label="抽签种子", max_length=60)

    def __init__(self, *args: Any, sites: dict[str, int], **more: Any) -> None:
        super().__init__(*args, **more)
        self.sites = sites

    def clean_demands(self) -> list[Demand]:
        """The demands by site and post."""
        posts = {str(kind.label): kind.value for kind in PostKind}
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["demands"].splitlines())):
            parts = line.split()
            if len(parts) != 3 or parts[0] not in self.sites or parts[1] not in posts or not parts[2].isdigit():
                raise forms.ValidationError(f"“{line}”不是“考点代码 岗位 人数”，或者没有这个考点、岗位。")
            found.append(Demand(self.sites[parts[0]], posts[parts[1]], int(parts[2])))
        return found

    def clean_pool_codes(self) -> list[str]:
        """The agencies of the pool."""
        return str(self.cleaned_data["pool_codes"]).replace("，", " ").replace(",", " ").split()
