"""Examining schools and tutoring institutions: the lists, the page of one, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import School, TutoringInstitution

tell(
    **{
        "agencies.school-registered": "登记主考学校",
        "agencies.school-renamed": "主考学校更名",
        "agencies.school-clerk-named": "登记主考学校经办",
        "agencies.tutoring-institution-registered": "登记助学机构",
        "agencies.tutoring-institution-renamed": "助学机构更名",
    }
)
NAMED = "更名的依据文号记入办理记录，原名称可以查到。"


def _clerks(school: School) -> str:
    return "、".join(each.name for each in school.clerks.all() if each.ended_at is None)


def _sites(institution: TutoringInstitution) -> str:
    return "、".join(site.code for site in institution.sites.all())


@staff_page(posts=policies.VIEWERS)
def school_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The examining schools and who acts for them."""
    table = Table(
        queries.examining_schools(actor),
        (
            Column("code", "学校代码", "code", sortable=True),
            Column("name", "主考学校"),
            Column("clerks", "经办", value=_clerks),
        ),
        filters=(Filter("name", "名称", lookup="name__contains"),),
        link=lambda school: reverse("agencies:school", args=[school.code]),
        order="code",
        empty="还没有主考学校。",
    )
    actions = [
        Action("登记主考学校", "agencies:register-school"),
        Action("登记主考学校经办", "agencies:name-school-clerk"),
    ]
    return table_page(request, title="主考学校", table=table, actions=actions)


@staff_page(posts=policies.VIEWERS)
def school_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One examining school: who acts for it, and who did."""
    school = queries.examining_school(actor, code)
    clerks = sorted(school.clerks.all(), key=lambda each: each.since_at, reverse=True)
    facts = {
        "学校": [
            Fact("学校代码", school.code, "code"),
            Fact("名称", school.name),
            Fact("归口机构", queries.agency_name(school.agency_code)),
        ],
        "经办": [Fact(each.name, _since(each.ended_at), "pill", note=f"{each.since_at:%Y-%m-%d} 起") for each in clerks]
        or [Fact("经办", "还没有登记", note="没有经办，学校看不到本校专业的成绩", clause="SR-A1.13")],
    }
    return object_page(
        request, kicker="主考学校", title=school.name, pill=Pill("担任主考", "done"), facts=facts,
        steps=[Step("登记", "past"), Step("担任主考", "present")],
        actions=[
            Action("主考学校更名", "agencies:rename-school", {"code": code}, NAMED),
            Action("登记主考学校经办", "agencies:name-school-clerk", {}, "换人办理的原经办同时结束。",
                   clause="SR-A1.13"),
        ],
        history=f"agencies.school:{school.pk}", back=Link("主考学校", reverse("agencies:schools")),
    )  # fmt: skip


def _since(ended_at: Any) -> Pill:
    return Pill("在任", "done") if ended_at is None else Pill(f"{ended_at:%Y-%m-%d} 结束")


@staff_page(posts=policies.VIEWERS)
def tutoring_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tutoring institutions, with the sites on their premises."""
    table = Table(
        queries.tutoring_institutions(actor),
        (
            Column("code", "机构代码", "code", sortable=True),
            Column("name", "助学机构"),
            Column("sites", "场地上的考点", value=_sites),
        ),
        filters=(Filter("name", "名称", lookup="name__contains"),),
        link=lambda institution: reverse("agencies:tutoring-institution", args=[institution.code]),
        order="code",
        empty="还没有助学机构。",
    )
    return table_page(
        request, title="助学机构", table=table,
        actions=[Action("登记助学机构", "agencies:register-tutoring-institution")],
        intro="考点不得设在助学机构；确因特殊情况使用其场地的，由考区申请、省级批准，并在每次考试前专函报送。",
    )  # fmt: skip


@staff_page(posts=policies.VIEWERS)
def tutoring_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One tutoring institution: the sites on its premises, which seat none of its own candidates."""
    found = queries.tutoring_institution(actor, code)
    own = [
        Fact(str(site), site.get_state_display(), "link", href=reverse("agencies:site", args=[site.pk]))
        if actor.covers(site.agency_code)
        else Fact(str(site), site.get_state_display())
        for site in found.sites.all()
    ]
    facts = {
        "机构": [
            Fact("机构代码", found.code, "code"),
            Fact("名称", found.name),
            Fact("归口机构", queries.agency_name(found.agency_code)),
            Fact("任课教师、班主任", "不得担任监考员", clause="EA-25.4"),
        ],
        "场地上的考点": own or [Fact("考点", "没有", clause="EA-24.3")],
    }
    return object_page(
        request, kicker="助学机构", title=found.name,
        pill=Pill(f"场地上有 {len(own)} 个考点", "due") if own else Pill("场地上没有考点", "done"), facts=facts,
        steps=[Step("登记", "past"), Step("助学", "present")],
        actions=[
            Action("助学机构更名", "agencies:rename-tutoring-institution", {"code": code}, NAMED, clause="EA-24.3"),
        ],
        history=f"agencies.tutoringinstitution:{found.pk}",
        back=Link("助学机构", reverse("agencies:tutoring-institutions")),
    )  # fmt: skip


def _agencies(actor: Actor) -> Mapping[str, Any]:
    return {"agencies": queries.agency_choices(actor)}


def _schools(actor: Actor) -> Mapping[str, Any]:
    return {"schools": [(each.code, f"{each.code} {each.name}") for each in queries.examining_schools(actor)]}


register_school = action(
    commands.register_school,
    forms.InstitutionForm,
    title="登记主考学校",
    what="登记一所主考学校，专业考试计划可以引用它。",
    done="主考学校已登记。",
    form_options=_agencies,
    back=lambda receipt: reverse("agencies:school", args=[receipt.value.code]),
)
rename_school = action(
    commands.rename_school,
    forms.RenameForm,
    title="主考学校更名",
    what="自今天起使用新名称，已经印发的证书和名册不变。",
    done="已更名。",
    initial=lambda actor, code: {"name": queries.examining_school(actor, code).name},
    back="agencies:school",
    about=lambda actor, code: str(queries.examining_school(actor, code)),
)
name_school_clerk = action(
    commands.name_school_clerk,
    forms.SchoolClerkForm,
    title="登记主考学校经办",
    what="这个账号从此代表所选学校，只能看到该校担任主考的专业已公布的成绩；原来代表的学校同时结束。",
    clause="SR-A1.13",
    done="经办已登记。",
    form_options=_schools,
    back=lambda receipt: reverse("agencies:school", args=[receipt.value.school.code]),
)
register_tutoring_institution = action(
    commands.register_tutoring_institution,
    forms.InstitutionForm,
    title="登记助学机构",
    what="登记后，设在它的场地的考点须经省级批准，它的教师不得监考。",
    clause="EA-24.3",
    done="助学机构已登记。",
    form_options=_agencies,
    back=lambda receipt: reverse("agencies:tutoring-institution", args=[receipt.value.code]),
)
rename_tutoring = action(
    commands.rename_tutoring_institution,
    forms.RenameForm,
    title="助学机构更名",
    what="自今天起使用新名称；已经报送的专函仍用当时的名称。",
    clause="EA-24.3",
    done="已更名。",
    initial=lambda actor, code: {"name": queries.tutoring_institution(actor, code).name},
    back="agencies:tutoring-institution",
    about=lambda actor, code: str(queries.tutoring_institution(actor, code)),
)
