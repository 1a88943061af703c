"""Interests: declared, found in the data, decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    candidate_page,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    waits_for,
)
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import Declaration, InterestFlag, Kin
from zikao.stages.personnel.states import FlagKind, FlagState
from zikao.stages.personnel.views import naming

TONES: dict[str, Any] = {"open": "due", "recused": "danger", "dismissed": "done"}


@staff_page(posts=policies.VIEWERS)
def flag_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the data shows about interests."""
    table = Table(
        queries.flags(actor),
        (
            Column("sitting_code", "考次", "code"),
            Column("person.name", "工作人员"),
            Column("person.unit", "工作单位"),
            Column("kind", "发现", value=lambda row: row.get_kind_display()),
            Column("relation", "关系", value=lambda row: row.get_relation_display() or "—"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, FlagState, TONES)),
        ),
        filters=(
            Filter("sitting_code", "考次", placeholder="2026-10"),
            Filter("state", "状态", kind="choice", choices=FlagState.choices),
            Filter("kind", "发现", kind="choice", choices=FlagKind.choices),
        ),
        link=lambda row: reverse("personnel:flag", args=[row.pk]),
        empty="没有回避线索。报考截止后比对一次，聘任之前认定。",
    )
    return table_page(
        request,
        title="回避线索",
        table=table,
        intro="按工作人员和考生双方申报的亲属、相同的电话和地址比对；认定之前不能聘任。",
        actions=[Action("比对亲属和利害关系", "personnel:detect", clause="EA-11.2")],
    )


@staff_page(posts=policies.VIEWERS)
def flag(request: HttpRequest, actor: Actor, flag_id: int) -> HttpResponse:
    """One sign of an interest."""
    found = queries.flag_of(actor, flag_id)
    decided = "已经认定。"
    path = [FlagState.OPEN.value, FlagState.RECUSED.value if found.state == "recused" else FlagState.DISMISSED.value]
    return object_page(
        request,
        kicker="回避线索",
        title=f"{found.person.name}　{found.get_kind_display()}",
        pill=Pill.of(found.state, FlagState, TONES),
        back=Link("回避线索", reverse("personnel:flags")),
        facts=[
            Fact("考次", found.sitting_code, "code"),
            Fact("工作人员", str(found.person), "link", href=reverse("personnel:person", args=[found.person_id])),
            Fact("类别", found.person.get_kind_display(), clause="EA-11.2"),
            Fact("发现", found.get_kind_display(), clause="EA-11.2"),
            Fact("申报的关系", found.get_relation_display() or "—"),
            Fact("考生报名机构", found.candidate_agency, "code", note=f"考生编号 {found.candidate_id}"),
            Fact("发现时间", found.found_at, "datetime"),
            Fact("认定理由", found.reason or "—"),
        ],
        steps=steps_of(FlagState, found.state, path=path) if found.state != "open" else (),
        actions=[
            Action("认定", "personnel:decide-flag", {"flag_id": found.pk}, "应当回避的不再安排；不需回避的写明理由。",
                   clause="EA-11.2").open_if(found.state == FlagState.OPEN, decided),
        ],
        history=f"personnel.interestflag:{found.pk}",
    )  # fmt: skip


decide = action(
    commands.decide_flag, forms.FlagForm,
    about=naming.of_another(naming.flag, policies.OWN_FLAG, flag_id=InterestFlag),
    title="认定回避线索", clause="EA-11.2", button="认定",
    what="应当回避：兼职人员不参加这一考次，专职人员不接触涉密材料。不需回避：写明查明的情况。",
    done="已认定。", back="personnel:flag",
)  # fmt: skip
detect = action(
    commands.order_detection, forms.SittingForm, title="比对亲属和利害关系", clause="EA-11.2", button="开始比对",
    what="把本考次全部考生与本机构的工作人员比对，只比对加密后的索引；结果由考区认定。", done="已开始比对。",
    back=lambda receipt: reverse("personnel:flags"),
    form_options=lambda actor, **url: {"sittings": queries.sittings()},
)  # fmt: skip
declare = action(
    commands.declare_interest,
    forms.DeclarationForm,
    about=naming.person,
    title="申报回避事项",
    what="登记后：兼职人员不再参加这一考次的考试工作，专职人员不再接触试题、参考答案和答卷。",
    clause="EA-11.2",
    done="回避事项已登记。",
    back="personnel:person",
    form_options=lambda actor, **url: {"sittings": queries.sittings()},
)
declare_own = action(
    commands.declare_own_interest, forms.DeclarationForm, title="申报本人的回避事项", clause="EA-11.2", button="申报",
    what="您有直系亲属参加这一考次，或者与考试有其他利害关系的，请如实申报。申报后：兼职人员不再参加这一考次的工作，"
    "专职人员不再接触试题、参考答案、答卷和成绩；申报有误的，由所属考区核实后撤销。",
    done="已申报，所属考区会另行安排。", back="personnel:mine",
    form_options=lambda actor, **url: {"sittings": queries.sittings()},
)  # fmt: skip
declare_own_kin = action(
    commands.declare_own_kin, forms.KinForm, title="申报本人的亲属和学生", clause="EA-11.2", button="申报",
    what="配偶、父母、子女、兄弟姐妹、祖孙，以及您任课的学生，登记一次，以后每个考次自动比对；学生只避开同一考场。",
    done="已申报。", back="personnel:mine",
)  # fmt: skip
declare_kin = action(
    commands.declare_kin, forms.KinForm, about=naming.person, title="申报亲属和学生", clause="EA-11.2", button="申报",
    what="登记一次，以后每个考次自动比对；学生只避开同一考场。", done="已申报。", back="personnel:person",
)  # fmt: skip
withdraw = action(
    commands.withdraw_interest, forms.ReasonForm,
    about=naming.of_another(naming.declaration, policies.OWN_DECLARATION, declaration_id=Declaration),
    title="撤销回避申报", clause="EA-11.2", button="撤销", danger=True,
    what="申报有误，或者亲属没有报考的，写明原因后撤销；本人不能撤销自己的申报。", done="已撤销。",
    back=lambda receipt, **url: reverse("personnel:person", args=[receipt.value.person_id]),
)  # fmt: skip
withdraw_kin = action(
    commands.withdraw_kin, about=naming.of_another(naming.kin, policies.OWN_KIN, kin_id=Kin),
    title="撤回亲属申报", clause="EA-11.2", button="撤回", danger=True,
    what="撤回后不再比对；已经发现的线索仍须认定。", done="已撤回。",
    back=lambda receipt, **url: reverse("personnel:person", args=[receipt.value.person_id]),
)  # fmt: skip


@candidate_page
def my_kin(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The relatives and teachers whom a candidate named."""
    rows = queries.kin_of_candidate(actor.candidate_id or 0)
    return render(request, "personnel/my_kin.html", {"rows": rows})


my_declare = action(
    commands.declare_staff_kin, forms.StaffKinForm, title="申报从事考试工作的亲属", clause="EA-11.2", button="申报",
    what="您的直系亲属或者任课老师从事考试工作的，请如实申报。申报不影响您的报考，只用于安排工作人员时回避。",
    done="已申报。", back="personnel:my-kin", door="candidate",
)  # fmt: skip
my_withdraw = action(
    commands.withdraw_kin, title="撤回申报", clause="EA-11.2", button="撤回", danger=True,
    what="填错了可以撤回，再重新申报。", done="已撤回。", back="personnel:my-kin", door="candidate",
)  # fmt: skip


@waits_for(policies.FLAG_DECIDERS, "待认定的回避线索", "EA-11.2", stage="personnel")
def to_decide(actor: Actor) -> Asked:
    """Signs of interests that nobody decided on."""
    rows = queries.open_flags(actor)
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row.person), reverse("personnel:flag", args=[row.pk]), row.found_at) for row in first)
    return Waiting(count, url=reverse("personnel:flags"), items=items)
