"""The sites: list, page of one, and what can be done with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import EXAM_AFFAIRS, Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.states import SITE_TRANSITIONS, SiteState

TONES = {"proposed": "plain", "inspected": "info", "accepted": "done", "suspended": "danger"}
PATH = [SiteState.PROPOSED, SiteState.INSPECTED, SiteState.ACCEPTED]

tell(
    **{
        "agencies.site-proposed": "申报考点",
        "agencies.site-exception-approved": "批准特殊设点",
        "agencies.site-inspected": "检查考点",
        "agencies.site-accepted": "验收备案",
        "agencies.site-suspended": "停用考点",
        "agencies.rooms-added": "登记考场",
    }
)


def _state(site: Site) -> Pill:
    return Pill.of(site.state, SiteState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.VIEWERS)
def site_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sites of the actor's subtree."""
    table = Table(
        queries.sites_of(actor),
        (
            Column("code", "考点代码", "code", sortable=True),
            Column("name", "名称"),
            Column("host", "办学机构"),
            Column("county.name", "县区"),
            Column("state", "状态", "pill", value=_state),
            Column("accepted_until", "有效期至", "date"),
            Column("room_count", "考场", "number"),
            Column("seat_count", "座位", "number"),
        ),
        filters=(
            Filter("name", "名称", lookup="name__contains"),
            Filter("state", "状态", kind="choice", choices=SiteState.choices),
        ),
        link=lambda site: reverse("agencies:site", args=[site.pk]),
        order="code",
        empty="还没有考点。考区先申报，经检查、由省级验收备案后才能使用。",
    )
    propose = Action("申报考点", "agencies:propose-site", posts=policies.SITE_PROPOSERS)
    return table_page(request, title="考点", table=table, actions=[propose])


@staff_page(posts=policies.VIEWERS)
def site_page(request: HttpRequest, actor: Actor, site_id: int) -> HttpResponse:
    """One site: facts, steps, actions, history."""
    site = queries.site_of(actor, site_id)
    return object_page(
        request,
        kicker="考点",
        title=site.name,
        pill=_state(site),
        facts=_facts(site),
        steps=steps_of(SiteState, site.state, path=PATH, reached={"proposed": site.proposed_at}),
        actions=_actions(site),
        history=f"agencies.site:{site.pk}",
        back=Link("考点", reverse("agencies:sites")),
        extra_template="agencies/_site.html",
        context={
            "rooms": site.rooms.all(),
            "inspection": site.inspections.prefetch_related("items").order_by("-id").first(),
        },
    )


def _facts(site: Site) -> dict[str, list[Fact]]:
    usable = queries.site_usable(site, clock.today())
    verdict = Pill("今天可以使用", "done") if usable.granted else Pill(usable.refusals[0].message, "danger")
    place = [
        Fact("考点代码", site.code, "code"),
        Fact("考区", site.area.name),
        Fact("所在县区", site.county.name, note="地级人民政府所在地" if site.county.is_seat else "", clause="EA-24.1"),
        Fact("办学机构", site.host),
        Fact("地址", site.address),
        Fact("考场与座位", f"{site.rooms.count()} 个考场，{site.seat_count} 个座位", clause="EA-25.2"),  # type: ignore[attr-defined]
    ]
    if site.tutoring_institution is not None:
        place.append(Fact("助学机构场地", site.tutoring_institution.name, clause="EA-24.3"))
    if site.exception_reason:
        place.append(Fact("特殊需要的理由", site.exception_reason))
    acceptance = [
        Fact("可否使用", verdict, "pill", clause="EA-24.2"),
        Fact("备案号", site.filing_number or "—", "code"),
        Fact("验收日期", site.accepted_on, "date"),
        Fact("有效期至", site.accepted_until, "date", note="不含当日"),
        *(Fact(a.get_kind_display(), a.document_number, "code") for a in site.approvals.all()),
    ]
    if site.suspension_reason:
        acceptance.append(Fact("停用原因", site.suspension_reason))
    return {"基本情况": place, "验收备案": acceptance}


def _actions(site: Site) -> list[Action]:
    where = {"site_id": site.pk}
    onward = SITE_TRANSITIONS[SiteState(site.state)]
    return [
        Action(
            "登记检查结果", "agencies:inspect-site", where, "逐项记下检查结果与依据。", clause="EA-24.2",
            posts=policies.SITE_INSPECTORS,
        ),
        Action(
            "批准特殊设点", "agencies:approve-exception", where, "登记省级批文。", clause="EA-24.1",
            posts=policies.EXCEPTION_APPROVERS,
        ).open_if(bool(site.exception_reason), "考点没有申请特殊设点。", "EA-24.1"),
        Action(
            "验收备案", "agencies:accept-site", where, "考点在有效期内可以编排考生。", clause="EA-24.2",
            posts=policies.SITE_ACCEPTORS,
        ).open_if(SiteState.ACCEPTED in onward, "还没有检查，不能验收。", "EA-24.2"),
        Action(
            "登记考场", "agencies:add-rooms", where, "成批登记考场、座位数与间距。", clause="EA-25.2",
            posts=policies.ROOM_ADDERS,
        ),
        Action(
            "停用考点", "agencies:suspend-site", where, "停用后不再编排考生，重新验收才能恢复。", danger=True,
            posts=policies.SITE_ACCEPTORS,
        ).open_if(SiteState.SUSPENDED in onward, "考点没有在使用。"),
    ]  # fmt: skip


propose = action(
    commands.propose_site,
    forms.SiteForm,
    title="申报考点",
    what="向省级教育考试机构申报一个考点，经检查、验收备案后才能使用。",
    clause="EA-24.1",
    done="考点已申报。",
    form_options=lambda actor: {"counties": list(queries.counties_of(actor))},
    arguments=lambda data: {**data, "tutoring_institution_code": data["tutoring_institution_code"] or None},
    back=lambda receipt: reverse("agencies:site", args=[receipt.value.pk]),
)
inspect = action(
    commands.inspect_site,
    forms.InspectionForm,
    title="登记考点检查结果",
    what="逐项记下检查结果与依据；有一项不合格，考点就不能验收，已验收的停止使用。",
    clause="EA-24.2",
    done="检查结果已登记。",
    back="agencies:site",
)
accept = action(
    commands.accept_site,
    forms.AcceptForm,
    title="验收备案",
    what="考点从今天起、在有效期内可以编排考生。",
    clause="EA-24.2",
    done="考点已验收备案。",
    back="agencies:site",
)
approve = action(
    commands.approve_exception,
    forms.ApprovalForm,
    title="批准特殊设点",
    what="登记省级批文：在地级人民政府所在地以外设点，或使用助学机构场地。",
    clause="EA-24.1",
    done="批准已登记。",
    back="agencies:site",
)
suspend = action(
    commands.suspend_site,
    forms.SuspendForm,
    title="停用考点",
    what="停用后不再编排考生。",
    danger=True,
    button="停用",
    done="考点已停用。",
    back="agencies:site",
)
add_rooms = action(
    commands.add_rooms,
    forms.RoomsForm,
    title="登记考场",
    what="成批登记同样的考场，考场号依次递增。",
    clause="EA-25.2",
    done="考场已登记。",
    back="agencies:site",
)


@waits_for(EXAM_AFFAIRS, "待验收的考点", "EA-24.2", stage="agencies")
def sites_to_accept(actor: Actor) -> Waiting:
    """Sites whose inspection waits for acceptance."""
    rows = queries.sites_of(actor).filter(state=SiteState.INSPECTED)
    return Waiting(rows.count(), url=reverse("agencies:sites") + "?state=inspected")
