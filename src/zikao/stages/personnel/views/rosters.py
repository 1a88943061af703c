"""A site's people in a sitting: rooms by units, who leads, what is missing, and the draws behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
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
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.queries import site_of, sites_of
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import Roster
from zikao.stages.personnel.views import naming


def _latest() -> str:
    return next((code for code, _ in queries.sittings()), "")


@staff_page(posts=policies.VIEWERS)
def site_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sites of a sitting, with who is on duty there."""
    known = queries.sittings()
    code = request.GET.get("sitting", "")
    code = code if code in dict(known) else _latest()
    table = Table(
        queries.site_staffing(actor, code),
        (
            Column("code", "考点代码", "code", sortable=True),
            Column("name", "名称"),
            Column("host", "办学机构"),
            Column("chiefs", "主考", "number"),
            Column("in_rooms", "监考场次", "number"),
            Column("roving", "流动监考", "number"),
            Column("others", "其他岗位", "number"),
        ),
        filters=(
            Filter("sitting", "考次", kind="choice", choices=known, lookup=lambda rows, value: rows),
            Filter("name", "名称", lookup="name__contains"),
        ),
        link=lambda row: reverse("personnel:site", args=[row.pk, code]),
        order="code",
        empty="本机构没有考点。",
    )
    return table_page(
        request, title="考点人员", table=table, intro=f"考次 {dict(known).get(code, '—')}",
        actions=[Action("省级统一调派", "personnel:dispatch", clause="EA-25.5")],
    )  # fmt: skip


@staff_page(posts=policies.VIEWERS)
def site(request: HttpRequest, actor: Actor, site_id: int, sitting_code: str) -> HttpResponse:
    """A site's roster as rooms by units."""
    found = site_of(actor, site_id)
    board = queries.board(found, sitting_code)
    return object_page(
        request,
        kicker="考点人员",
        title=f"{found.name}　{dict(queries.sittings()).get(sitting_code, sitting_code)}",
        pill=Pill("人员齐备", "done") if board.ready else Pill("人员未齐", "due"),
        back=Link("考点人员", reverse("personnel:sites")),
        facts=_facts(actor, found, board),
        actions=_actions(found, sitting_code, board),
        history=f"agencies.site:{found.pk}",
        extra_template="personnel/_board.html",
        context={"board": board, "sitting_code": sitting_code},
    )


def _facts(actor: Actor, found: Site, board: queries.Board) -> list[Fact]:
    facts = [
        Fact("考点代码", found.code, "code"),
        Fact("办学机构", found.host),
        *(
            Fact(str(duty.get_post_kind_display()), str(duty.person),
                 "link" if actor.covers(duty.person.agency_code) else "text",
                 href=reverse("personnel:person", args=[duty.person_id]),
                 note="已履职" if duty.done_at else "", clause=_clause(duty.post_kind))
            for duty in board.whole
        ),
        *(Fact(f"第{unit}单元", "；".join(lacking), clause="EA-25.3") for unit, lacking in board.lacking),
    ]  # fmt: skip
    if found.tutoring_institution is not None:
        name = found.tutoring_institution.name
        facts.append(Fact("助学机构场地", name, note="主考、监考员由省级从外部选派", clause="EA-A3.2"))
    return facts


def _clause(post_kind: str) -> str | None:
    return {"chief": "EA-24.4", "deputy": "EA-24.4", "inspector": "EA-A3.2"}.get(post_kind)


def _actions(found: Site, sitting_code: str, board: queries.Board) -> list[Action]:
    here = {"site_id": found.pk, "sitting_code": sitting_code}
    drawn = "监考员已经编排；个别调整请在聘任名单中换人。"
    return [
        Action("随机编排监考员", "personnel:draw-roster", here, "全部考场、全部单元一次抽签编排。", clause="EA-25.3")
        .open_if(bool(board.rows), "本考次这一考点没有编排考生。").open_if(not board.drawn, drawn),
        Action("登记履职", "personnel:done", here, "登记考场以外的人员是否到岗；考场内以签字为准。", clause="EA-7.2")
        .open_if(bool(board.whole or board.drawn), "还没有聘任。"),
        Action("编制劳务报酬表", "personnel:draw-up-pay", here, "按实际履行的职责和本省标准计算。", clause="EA-7.2"),
        Action("聘任名单", "personnel:duties", {}, "查看、换人。"),
    ]  # fmt: skip


draw_roster = action(
    commands.draw_roster, forms.RosterForm, about=naming.site,
    title="随机编排监考员", clause="EA-25.3", button="抽签编排",
    what="全部考场、全部单元一次编排：每场至少两人、来自不同学校、不与自己的学生和亲属同场、本考次不重复搭档；"
    "尽可能男女搭配、场次均衡。记录种子，任何人可以重算。",
    done=lambda receipt: f"已编排 {receipt.value.placed} 场次。", extra_template="personnel/_outlook.html",
    context=lambda actor, site_id, sitting_code: {
        "outlook": queries.outlook(actor, site_of(actor, site_id), sitting_code),
    },
    back=lambda receipt, **url: reverse("personnel:roster", args=[receipt.value.pk]),
)  # fmt: skip


def _outside_rooms(actor: Actor, site_id: int, sitting_code: str) -> dict[str, list[tuple[int, str]]]:
    rows = queries.outside_rooms(site_of(actor, site_id), sitting_code)
    spans = (f"第{duty.unit_number}单元" if duty.unit_number else "全程" for duty in rows)
    return {
        "people": [
            (duty.person_id, f"{span}　{duty.get_post_kind_display()}　{duty.person}")
            for span, duty in zip(spans, rows, strict=True)
        ]
    }


done = action(
    commands.record_duties_done, forms.DoneForm, about=naming.site, title="登记履职", clause="EA-7.2", button="登记",
    what="这一单元（不填为全程）考场以外的人员都到岗，只勾没有到岗的；据此计算劳务报酬。", done="已登记。",
    back="personnel:site", form_options=_outside_rooms,
)  # fmt: skip


@staff_page(posts=policies.VIEWERS)
def roster(request: HttpRequest, actor: Actor, roster_id: int) -> HttpResponse:
    """One draw: seed, solver, digest, wishes that stay unmet."""
    return _roster_page(request, queries.roster_of(actor, roster_id), None)


@staff_page(posts=policies.VIEWERS)
def roster_again(request: HttpRequest, actor: Actor, roster_id: int) -> HttpResponse:
    """The same draw solved again: whether seed and inputs give the same places."""
    found = queries.roster_of(actor, roster_id)
    return _roster_page(request, found, queries.drawn_again(found))


def _roster_page(request: HttpRequest, found: Roster, again: bool | None) -> HttpResponse:
    return object_page(
        request,
        kicker="监考编排",
        title=f"{found.site.name}　{found.sitting_code}",
        back=Link("考点人员", reverse("personnel:site", args=[found.site_id, found.sitting_code])),
        pill=None if again is None else Pill("重算一致", "done") if again else Pill("重算不一致", "danger"),
        facts={"抽签": _draw_facts(found), "愿望满足情况": _wish_facts(found)},
        actions=[
            Action("打印监考安排表", "personnel:roster-paper", {"roster_id": found.pk}, "考场和单元对照的一览表。"),
            Action(
                "重算核对", "personnel:roster-again", {"roster_id": found.pk}, "用同一种子和输入重新求解，核对摘要。"
            ),
        ],
        history=f"agencies.site:{found.site_id}",
    )


def _draw_facts(found: Roster) -> list[Fact]:
    return [
        Fact("种子", found.seed, "code", clause="EA-25.3"),
        Fact("求解器", found.solver),
        Fact("考试单元", "、".join(map(str, found.units))),
        Fact("可以抽的人", len(found.inputs["people"]), "number"),
        Fact("每个考场", found.inputs["per_room"], "number"),
        Fact("编排场次", found.placed, "number"),
        Fact("结果摘要（SM3）", found.digest, "code"),
        Fact("编排时间", found.drawn_at, "datetime"),
    ]


def _wish_facts(found: Roster) -> list[Fact]:
    missing: dict[str, Any] = found.unmet["missing"]
    least, most = found.unmet["loads"]
    facts = [
        Fact(
            f"第{unit}单元男女搭配",
            f"{found.unmet['rooms'][unit]} 个考场没有{sex}监考员",
            note=f"其中 {count} 个缺{sex}",
        )
        for unit, (sex, count) in sorted(missing.items(), key=lambda each: int(each[0]))
    ]
    facts = facts or [Fact("男女搭配", "全部考场都有男有女")]
    return [*facts, Fact("每人场次", f"{least} 到 {most} 场", note="可以抽的人中")]


@waits_for(policies.INVIGILATOR_APPOINTERS, "考点人员未齐", "EA-25.3", stage="personnel")
def sites_without_people(actor: Actor) -> Asked:
    """Sites in which candidates sit in the latest sitting and that have no chief or no invigilators."""
    code = _latest()
    yield queries.sites_unstaffed(actor, code)
    rows = queries.sites_lacking(actor, code)
    items = tuple(Item(str(row), reverse("personnel:site", args=[row.pk, code])) for row in rows[:5])
    return Waiting(len(rows), url=reverse("personnel:sites"), items=items)


def site_choices(actor: Actor, **_: object) -> dict[str, list[Any]]:
    """The actor's sites, and the sittings, for a form."""
    return {
        "sites": [(each.pk, str(each)) for each in sites_of(actor).order_by("code")],
        "sittings": queries.sittings(),
    }
