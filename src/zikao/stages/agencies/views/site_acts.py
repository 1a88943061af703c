"""What can be done with a site and its rooms, and what of it waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import EXAM_AFFAIRS, Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.clock import LOCAL
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Filter,
    Item,
    Link,
    Table,
    Waiting,
    action,
    few,
    staff_page,
    table_page,
    tell,
    waits_for,
)
from zikao.foundation.pages.revealing import revealing
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.commands.exceptions import SUBJECT
from zikao.stages.agencies.states import ApprovalKind, ConsentMatter, SiteState
from zikao.stages.agencies.views.tree import session_begins

tell(
    **{
        "agencies.site-proposed": "申报考点",
        "agencies.site-exception-applied": "申请特殊设点",
        "agencies.site-inspected": "检查考点",
        "agencies.site-accepted": "验收备案",
        "agencies.site-suspended": "停用考点",
        "agencies.site-disqualified": "取消考点资格",
        "agencies.site-closed": "撤销考点",
        "agencies.site-changed": "变更考点登记",
        "agencies.rooms-added": "登记考场",
        "agencies.room-changed": "变更考场",
        "agencies.room-removed": "删除考场",
        "agencies.working-groups-set": "登记考点工作小组",
        "agencies.ministry-consent-recorded": "登记教育部同意函",
    }
)
subject_page(SUBJECT, lambda pk: reverse("agencies:site", args=[queries.site_of_exception(pk)]))


def _about(actor: Actor, site_id: int) -> str:
    return str(queries.site_of(actor, site_id))


def _about_room(actor: Actor, site_id: int, number: int) -> str:
    return f"{queries.site_of(actor, site_id)} 第 {number:02d} 考场"


def _places(actor: Actor, **url: Any) -> Mapping[str, Any]:
    consents = queries.consents_in_force(actor, clock.today())
    institutions = [(each.code, f"{each.code} {each.name}") for each in queries.tutoring_institutions(actor)]
    return {
        "counties": list(queries.counties_of(actor)),
        "institutions": institutions,
        "consents": [(row.pk, str(row)) for row in consents],
    }


def _proposal(data: dict[str, Any]) -> Mapping[str, Any]:
    return {
        **data,
        "tutoring_institution_code": data["tutoring_institution_code"] or None,
        "place_code": data["place_code"] or None,
    }


propose = action(
    commands.propose_site,
    forms.SiteForm,
    title="申报考点",
    what="向省级教育考试机构申报一个考点，经检查、验收备案后才能使用。",
    clause="EA-24.1",
    done="考点已申报。",
    form_options=_places,
    arguments=_proposal,
    back=lambda receipt: reverse("agencies:site", args=[receipt.value.pk]),
)
change = action(
    commands.change_site,
    forms.SiteChangeForm,
    title="变更考点登记",
    what="更正名称、办学机构或地址；使用中的考点不能改地址，已经编排考生的等考试结束后再改。",
    clause="EA-24.2",
    button="变更",
    done="考点登记已变更。",
    initial=lambda actor, site_id: queries.site_now(actor, site_id),
    back="agencies:site",
    about=_about,
)
inspect = action(
    commands.inspect_site,
    forms.InspectionForm,
    title="登记考点检查结果",
    what="逐项记下检查结果与依据；有一项不合格，考点就不能验收，已验收的停止使用。",
    clause="EA-24.2",
    done="检查结果已登记。",
    back="agencies:site",
    about=_about,
)
accept = action(
    commands.accept_site,
    forms.AcceptForm,
    title="验收备案",
    what="考点从今天起、在有效期内可以编排考生。",
    clause="EA-24.2",
    done="考点已验收备案。",
    back="agencies:site",
    about=_about,
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
    about=_about,
)
add_rooms = action(
    commands.add_rooms,
    forms.RoomsForm,
    title="登记考场",
    what="成批登记同样的考场，考场号依次递增。",
    clause="EA-25.2",
    done="考场已登记。",
    back="agencies:site",
    about=_about,
)
apply_exception = action(
    commands.apply_for_exception,
    forms.ExceptionForm,
    title="申请特殊设点",
    what="由考区提出：在地级人民政府所在地以外增设考点，或使用助学机构场地。省级考务负责人审核、省级主要负责人批准后生效。",
    clause="EA-24.3",
    button="提出申请",
    done="申请已提出，等待省级签批。",
    arguments=lambda data: {**forms.with_file(data, "evidence"), "kind": ApprovalKind(data["kind"])},
    back="agencies:site",
    about=_about,
)
disqualify = action(
    commands.disqualify_site,
    forms.DisqualifyForm,
    title="取消考点资格",
    what="同一考试单元出现雷同卷的考场达到考点考场总数五分之一以上的，当年及下一年度不得用作考点，期满须重新检查、验收。",
    clause="EA-24.2",
    button="取消资格",
    danger=True,
    done="考点资格已取消。",
    arguments=lambda data: forms.with_file(data, "evidence"),
    back="agencies:site",
    about=_about,
)
close = action(
    commands.close_site,
    forms.CloseSiteForm,
    title="撤销考点",
    what="考点不再设立；登记、检查和考试记录保留，代码不再使用。",
    button="撤销",
    danger=True,
    done="考点已撤销。",
    back="agencies:site",
    about=_about,
)
set_groups = action(
    commands.set_working_groups,
    forms.GroupsForm,
    title="登记考点工作小组",
    what="登记考务、保卫、监控、医疗、后勤、保密六个小组的组长和组员；不齐全的也会保存，并在考前提醒补齐。",
    clause="EA-24.5",
    done="工作小组已登记。",
    initial=lambda actor, site_id: {
        "since_on": clock.today(),
        "members": queries.group_lines(queries.site_of(actor, site_id), clock.today()),
    },
    back="agencies:site",
    about=_about,
)
change_room = action(
    commands.change_room,
    forms.RoomForm,
    title="变更考场",
    what="座位数须为规定数目；已经编排考生的，不能改变座位数。",
    clause="EA-25.2",
    done="考场已变更。",
    initial=lambda actor, site_id, number: queries.room_now(actor, site_id, number),
    back="agencies:room",
    about=_about_room,
)
remove_room = action(
    commands.remove_room,
    title="删除考场",
    what="删除从未用于考试的考场。",
    button="删除",
    danger=True,
    done="考场已删除。",
    back=lambda receipt, site_id, number: reverse("agencies:site", args=[site_id]),
    about=_about_room,
)
reveal_group_phone = revealing(
    "agencies.group-phone",
    posts=policies.PHONE_REVEALERS,
    subject=lambda actor, member_id: queries.group_member(actor, member_id).name,
    back="agencies:group-member",
)


@staff_page(posts=policies.SITE_VIEWERS)
def group_member(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """A member's page is the site's."""
    member = queries.group_member(actor, member_id)
    return HttpResponse(status=302, headers={"Location": reverse("agencies:site", args=[member.site_id])})


@staff_page(posts=policies.AREA_VIEWERS)
def consent_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The ministry's consents on record."""
    table = Table(
        queries.consents(actor),
        (
            Column("document_number", "文号", "code"),
            Column("matter", "事项", value=lambda row: row.get_matter_display()),
            Column("place_code", "所涉省份", "code"),
            Column("consented_on", "同意日期", "date", sortable=True),
            Column("until_on", "有效期至", "date"),
        ),
        filters=(Filter("matter", "事项", kind="choice", choices=ConsentMatter.choices), Filter("place_code", "省份")),
        link=lambda row: reverse("agencies:consent-document", args=[row.pk]),
        order="-consented_on",
        empty="没有登记教育部同意函：不得在省外组织考试，也不得省际委托组考。",
    )
    return table_page(
        request, title="教育部同意函", table=table, back=Link("考点", reverse("agencies:sites")),
        actions=[Action("登记教育部同意函", "agencies:record-consent", clause="EA-22.4")],
    )  # fmt: skip


@staff_page(posts=policies.AREA_VIEWERS)
def consent_document(request: HttpRequest, actor: Actor, consent_id: int) -> HttpResponse:
    """The consent itself, as it was handed in."""
    found = queries.consent_by_id(actor, consent_id)
    assert found is not None
    headers = {"Content-Disposition": f'attachment; filename="consent-{found.pk}"'}
    return HttpResponse(storage.get(found.document), content_type=found.document_type, headers=headers)


record_consent = action(
    commands.record_consent,
    forms.ConsentForm,
    title="登记教育部同意函",
    what="未经教育部同意，不得在省外组织考试、不得省际委托组考。登记之后，考区申报省外考点时才能选用。",
    clause="EA-22.4",
    done="同意函已登记。",
    arguments=lambda data: {**forms.with_file(data, "document"), "matter": ConsentMatter(data["matter"])},
    back="agencies:consents",
)


@waits_for(EXAM_AFFAIRS, "待验收的考点", "EA-24.2", stage="agencies")
def sites_to_accept(actor: Actor) -> Asked:
    """Sites whose inspection waits for acceptance."""
    rows = queries.sites_in(actor).filter(state=SiteState.INSPECTED)
    yield rows
    return Waiting(rows.count(), url=reverse("agencies:sites") + "?state=inspected")


@waits_for(EXAM_AFFAIRS | policies.AREA_POSTS, "验收将到期的考点", "EA-24.2", stage="agencies")
def sites_expiring(actor: Actor) -> Asked:
    """Accepted sites that lapse soon, or lapsed."""
    asked = queries.expiring_sites(actor, clock.today())
    yield asked
    rows = list(asked[:200])
    items = tuple(
        Item(str(row), reverse("agencies:site", args=[row.pk]), due=queries.end_of(row.accepted_until, LOCAL))
        for row in rows[:5]
    )
    due = items[0].due if items else None
    return Waiting(len(rows), url=reverse("agencies:sites") + "?state=accepted", due=due, items=items)


@waits_for(policies.AREA_POSTS, "考点工作小组不全", "EA-24.5", stage="agencies")
def sites_lacking_groups(actor: Actor) -> Asked:
    """Sites in use whose six groups lack somebody; due before the next session."""
    today = clock.today()
    rows, due = queries.sites_without_groups(actor, today), session_begins(today)
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("agencies:site", args=[row.pk]), due=due) for row in first)
    return Waiting(count, url=reverse("agencies:sites") + "?state=accepted", due=due, items=items)
