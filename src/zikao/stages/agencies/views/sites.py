"""The sites: list, page of one, its rooms as seats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type, render
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.stages.agencies import policies, queries
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.states import SITE_TRANSITIONS, ApprovalKind, ExceptionState, SiteState

TONES: Mapping[str, Any] = {"proposed": "plain", "inspected": "info", "accepted": "done", "suspended": "danger"}
EXCEPTION_TONES: Mapping[str, Any] = {"applied": "due", "approved": "done", "refused": "danger"}
OVER = "考点已经撤销。"
PATH = [SiteState.PROPOSED, SiteState.INSPECTED, SiteState.ACCEPTED]


def state_of(site: Site) -> Pill:
    """The site's state as a pill."""
    return Pill.of(site.state, SiteState, TONES)


@staff_page(posts=policies.SITE_VIEWERS)
def site_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sites of the actor's subtree."""
    table = Table(
        queries.sites_of(actor),
        (
            Column("code", "考点代码", "code", sortable=True),
            Column("name", "名称"),
            Column("host", "办学机构"),
            Column("county.name", "县区"),
            Column("state", "状态", "pill", value=state_of),
            Column("accepted_until", "有效期至", "pill", value=validity),
            Column("tutoring_institution", "助学机构场地", value=lambda site: site.tutoring_institution or ""),
            Column("room_count", "考场", "number"),
            Column("seat_count", "座位", "number"),
        ),
        filters=(
            Filter("name", "名称", lookup="name__contains"),
            Filter("code", "代码", lookup="code__startswith"),
            Filter("state", "状态", kind="choice", choices=SiteState.choices),
            Filter("until", "有效期至（之前）", kind="date", lookup="accepted_until__lte"),
        ),
        link=lambda site: reverse("agencies:site", args=[site.pk]),
        order="code",
        empty="还没有考点。考区先申报，经检查、由省级验收备案后才能使用。",
    )
    actions = [
        Action("申报考点", "agencies:propose-site", posts=policies.SITE_PROPOSERS),
        Action("教育部同意函", "agencies:consents", posts=policies.AREA_VIEWERS),
    ]
    return table_page(request, title="考点", table=table, actions=actions)


def validity(site: Site) -> Pill | None:
    """Until when, in the colour of how soon."""
    if site.accepted_until is None or site.state == SiteState.CLOSED:
        return None
    today = clock.today()
    if site.accepted_until <= today:
        return Pill(f"{site.accepted_until} 已到期", "danger")
    soon = today >= queries.warned_from(site.accepted_until, today)
    return Pill(f"{site.accepted_until}{' 将到期' if soon else ''}", "due" if soon else "plain")


@staff_page(posts=policies.SITE_VIEWERS)
def site_page(request: HttpRequest, actor: Actor, site_id: int) -> HttpResponse:
    """One site: facts, steps, actions, history."""
    site = queries.site_of(actor, site_id)
    ended = site.state in (SiteState.SUSPENDED, SiteState.CLOSED)
    return object_page(
        request,
        kicker="考点",
        title=site.name,
        pill=state_of(site),
        facts=_facts(site),
        steps=steps_of(
            SiteState,
            site.state,
            path=[*PATH, SiteState(site.state)] if ended else PATH,
            reached={"proposed": site.proposed_at},
        ),
        actions=_actions(site),
        history=f"agencies.site:{site.pk}",
        back=Link("考点", reverse("agencies:sites")),
        extra_template="agencies/_site.html",
        context=_context(site),
    )


def _context(site: Site) -> Mapping[str, Any]:
    today = clock.today()
    return {
        "site": site,
        "rooms": site.rooms.all(),
        "exceptions": [(each, Pill.of(each.state, ExceptionState, EXCEPTION_TONES)) for each in site.approvals.all()],
        "working": queries.groups_of(site, today),
        "groups_missing": queries.groups_complete(site, today).refusals,
        "letters": site.letters.all(),
        "inspections": site.inspections.prefetch_related("items").order_by("-id")[:3],
    }


def _facts(site: Site) -> dict[str, list[Fact]]:
    return {"基本情况": _place(site), "验收备案": _acceptance(site)}


def _place(site: Site) -> list[Fact]:
    place = [
        Fact("考点代码", site.code, "code"),
        Fact("考区", site.area.name),
        Fact("所在县区", site.county.name, note="地级人民政府所在地" if site.county.is_seat else "", clause="EA-24.1"),
        Fact("办学机构", site.host),
        Fact("地址", site.address),
        Fact("考场与座位", f"{site.rooms.count()} 个考场，{site.seat_count} 个座位", clause="EA-25.2"),  # type: ignore[attr-defined]
    ]
    place += _cameras(site)
    if site.tutoring_institution is not None:
        institution = site.tutoring_institution
        here = reverse("agencies:tutoring-institution", args=[institution.code])
        place.append(Fact("助学机构场地", institution.name, "link", href=here, clause="EA-24.3"))
    if site.consent is not None:
        place.append(
            Fact("省外场地", f"{site.place_code}，教育部同意函 {site.consent.document_number}", clause="EA-22.4")
        )
    if site.exception_reason:
        place.append(Fact("特殊需要的理由", site.exception_reason))
    return place


def _acceptance(site: Site) -> list[Fact]:
    usable = queries.site_usable(site, clock.today())
    verdict = Pill("今天可以使用", "done") if usable.granted else Pill(usable.refusals[0].message, "danger")
    acceptance = [
        Fact("可否使用", verdict, "pill", clause="EA-24.2"),
        Fact("备案号", site.filing_number or "—", "code"),
        Fact("验收日期", site.accepted_on, "date"),
        Fact("有效期至", validity(site), "pill", note="不含当日"),
    ]
    if site.barred_until is not None:
        acceptance.append(Fact("不得恢复使用至", site.barred_until, "date", note="违规处理办法第十五条"))
    if site.suspension_reason:
        acceptance.append(Fact("停用或撤销原因", site.suspension_reason))
    return acceptance


def _cameras(site: Site) -> list[Fact]:
    """The cameras on record for the site, each with its page."""
    found = site.cameras.filter(ended_on=None).order_by("id")
    return [
        Fact("视频监控", f"{each.cameras} 个摄像头，有效至 {each.valid_until}", "link", clause="EA-24.2",
             href=reverse("agencies:facility", args=[each.pk]))
        for each in found
    ] or [Fact("视频监控", "没有登记", note="在“印制、车辆、监控”登记", clause="EA-24.2")]  # fmt: skip


def _actions(site: Site) -> list[Action]:
    sheet = Action("打印考点登记表", "agencies:site-sheet", {"site_id": site.pk}, "场地、检查、考场、小组，截至今天。",
                   clause="EA-24.2")  # fmt: skip
    return [*_coming_in(site), *_furnishing(site), sheet, *_going_out(site)]


def _coming_in(site: Site) -> list[Action]:
    where, today = {"site_id": site.pk}, clock.today()
    onward, is_open = SITE_TRANSITIONS[SiteState(site.state)], site.state != SiteState.CLOSED
    kinds = {ApprovalKind.ELSEWHERE: not site.county.is_seat, ApprovalKind.TUTORING: site.tutoring_institution_id}
    needed = {kind for kind, is_needed in kinds.items() if is_needed}
    asked = set(site.approvals.exclude(state=ExceptionState.REFUSED).values_list("kind", flat=True))
    return [
        Action("登记检查结果", "agencies:inspect-site", where, "逐项记下检查结果、依据和附件。", clause="EA-24.2",
               posts=policies.SITE_INSPECTORS).open_if(SiteState.INSPECTED in onward, OVER)
        .given(queries.may_return(site, today)),
        Action("申请特殊设点", "agencies:apply-exception", where, "向省级申请所在地以外设点，或使用助学机构场地。",
               clause="EA-24.1")
        .open_if(bool(needed), "考点在政府所在地，也不在助学机构，不需要申请。", "EA-24.1")
        .open_if(bool(needed - asked), "已经申请，或者已经批准。", "EA-24.1")
        .open_if(is_open, OVER),
        Action("验收备案", "agencies:accept-site", where, "考点在有效期内可以编排考生。", clause="EA-24.2",
               posts=policies.SITE_ACCEPTORS)
        .open_if(SiteState.ACCEPTED in onward, "还没有检查，不能验收。", "EA-24.2")
        .given(queries.may_accept(site, today)),
    ]  # fmt: skip


def _furnishing(site: Site) -> list[Action]:
    where, is_open = {"site_id": site.pk}, site.state != SiteState.CLOSED
    changing = queries.may_change(site, clock.today(), moves=False)
    return [
        Action("变更考点登记", "agencies:change-site", where, "更正名称、办学机构或地址。", clause="EA-24.2")
        .open_if(is_open, OVER).given(changing),
        Action("登记考场", "agencies:add-rooms", where, "成批登记考场、座位数与间距。", clause="EA-25.2",
               posts=policies.ROOM_ADDERS).open_if(is_open, OVER),
        Action("登记工作小组", "agencies:set-working-groups", where, "考务、保卫、监控、医疗、后勤、保密六个小组。",
               clause="EA-24.5").open_if(is_open, OVER),
        Action("报送助学场地专函", "agencies:send-letter", where, "每次考试前专函报教育部考试中心。", clause="EA-A3.1")
        .open_if(site.tutoring_institution_id is not None, "考点不在助学机构场地。", "EA-A3.1")
        .given(queries.letter_ready(site, queries.next_session(clock.today()), clock.now())),
    ]  # fmt: skip


def _going_out(site: Site) -> list[Action]:
    where, onward = {"site_id": site.pk}, SITE_TRANSITIONS[SiteState(site.state)]
    suspended = site.state == SiteState.SUSPENDED
    return [
        Action("停用考点", "agencies:suspend-site", where, "停用后不再编排考生，重新验收才能恢复。", danger=True,
               posts=policies.SITE_ACCEPTORS).open_if(SiteState.SUSPENDED in onward, "考点没有在使用。"),
        Action("取消考点资格（雷同卷）", "agencies:disqualify-site", where, "雷同卷达五分之一考场的，当年及下年停用。",
               clause="EA-24.2", danger=True, posts=policies.SITE_ACCEPTORS)
        .open_if(SiteState.SUSPENDED in onward or suspended, "考点没有在使用。"),
        Action("撤销考点", "agencies:close-site", where, "考点不再设立，代码不再使用。", danger=True,
               posts=policies.SITE_CLOSERS).open_if(site.state != SiteState.CLOSED, OVER),
    ]  # fmt: skip


@staff_page(posts=policies.SITE_VIEWERS)
def room_page(request: HttpRequest, actor: Actor, site_id: int, number: int) -> HttpResponse:
    """One room, drawn as its seats."""
    site = queries.site_of(actor, site_id)
    room = site.rooms.filter(number=number).first()
    if room is None:
        raise NotFound("room-not-found", facts={"room": number})
    here = {"site_id": site.pk, "number": number}
    is_open = site.state != SiteState.CLOSED
    actions = [
        Action("变更考场", "agencies:change-room", here, "座位数、间距、位置。", clause="EA-25.2")
        .open_if(is_open, "考点已经撤销。"),
        Action("删除考场", "agencies:remove-room", here, "没有用过的考场可以删除。", danger=True)
        .open_if(is_open, "考点已经撤销。"),
    ]  # fmt: skip
    return object_page(
        request,
        kicker=f"{site.code} {site.name}",
        title=f"第 {number:02d} 考场",
        facts=[
            Fact("座位数", room.seats, "number", clause="EA-25.2"),
            Fact("座位间距", f"{room.spacing_cm} 厘米", note="单人单桌"),
            Fact("位置", room.place or "—"),
        ],
        actions=actions,
        history=f"agencies.site:{site.pk}",
        back=Link(site.name, reverse("agencies:site", args=[site.pk])),
        extra_template="agencies/_room.html",
        context={"plan": queries.drawn(room), "room": room},
    )


@staff_page(posts=policies.SITE_VIEWERS)
def site_sheet(request: HttpRequest, actor: Actor, site_id: int) -> HttpResponse:
    """The site's registration sheet as a paper, as of today."""
    site = queries.site_of(actor, site_id)
    paper = render("agencies/site_sheet.typ", queries.site_sheet(site, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="site-{site.code}.pdf"'}
    return HttpResponse(paper, content_type=media_type, headers=headers)


@staff_page(posts=policies.SITE_VIEWERS)
def site_file(request: HttpRequest, actor: Actor, site_id: int, digest: str) -> HttpResponse:
    """A piece of evidence of the site's inspections or applications."""
    kind = queries.evidence_of(queries.site_of(actor, site_id), digest)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{digest[:8]}"'}
    return HttpResponse(storage.get(digest), content_type=kind, headers=headers)
