"""Registers of what is accepted until a day: secure rooms, printing units, vehicles, cameras."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import EXAM_AFFAIRS, Actor, Post
from zikao.foundation.clock import LOCAL
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Step,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
    waits_for,
)
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import Facility, SecureRoom
from zikao.stages.agencies.states import FacilityKind

tell(
    **{
        "agencies.secure-room-registered": "登记保密室",
        "agencies.secure-room-accepted-anew": "保密室重新验收",
        "agencies.secure-room-ended": "停用保密室",
        "agencies.facility-registered": "登记考务设施",
        "agencies.facility-renewed": "设施重新验收",
        "agencies.facility-ended": "停用考务设施",
    }
)
CLAUSES = {"printing": "EA-19", "vehicle": "EA-21.1", "cameras": "EA-24.2"}


def _until(valid_until: date, ended_on: date | None) -> Pill:
    today = clock.today()
    if ended_on is not None:
        return Pill(f"{ended_on} 停用")
    if valid_until <= today:
        return Pill(f"{valid_until} 已到期", "danger")
    soon = today >= queries.warned_from(valid_until, today)
    return Pill(f"{valid_until}{' 将到期' if soon else ''}", "due" if soon else "done")


def _steps(valid_until: date, ended_on: date | None) -> list[Step]:
    valid = ended_on is None and valid_until > clock.today()
    labels = ["登记", "有效", "停用" if ended_on else "到期"]
    present = 1 if valid else 2
    return [
        Step(label, "past" if n < present else "present" if n == present else "future")
        for n, label in enumerate(labels)
    ]


@staff_page(posts=policies.AREA_VIEWERS)
def secure_room_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The secure rooms with their validity."""
    table = Table(
        queries.secure_rooms(actor),
        (
            Column("agency_code", "机构代码", "code", sortable=True),
            Column("agency.name", "机构"),
            Column("name", "保密室"),
            Column("cameras", "摄像头", "number"),
            Column("acceptance_number", "验收文号", "code"),
            Column("accepted_until", "验收有效期至", "pill", sortable=True,
                   value=lambda room: _until(room.accepted_until, room.ended_on)),
        ),
        filters=(
            Filter("agency_code", "机构代码", lookup="agency_code__startswith"),
            Filter("until", "有效期至（之前）", kind="date", lookup="accepted_until__lte"),
        ),
        link=lambda room: reverse("agencies:secure-room", args=[room.pk]),
        order="agency_code",
        empty="还没有登记保密室。试卷必须存放在经保密部门验收合格的保密室。",
    )  # fmt: skip
    return table_page(
        request, title="试卷保密室", table=table, actions=[Action("登记保密室", "agencies:register-secure-room")]
    )


@staff_page(posts=policies.AREA_VIEWERS)
def secure_room_page(request: HttpRequest, actor: Actor, room_id: int) -> HttpResponse:
    """One secure room."""
    room, here = queries.secure_room(actor, room_id), {"room_id": room_id}
    standing, over = room.ended_on is None, "保密室已经停用。"
    facts = [
        Fact("机构", room.agency.name),
        Fact("摄像头数", room.cameras, "number", clause="EA-21.5"),
        Fact("保密部门验收文号", room.acceptance_number, "code", clause="EA-18.2"),
        Fact("验收日期", room.accepted_on, "date"),
        Fact("有效期至", _until(room.accepted_until, room.ended_on), "pill", note="不含当日"),
    ]
    actions = [
        Action("登记重新验收", "agencies:renew-secure-room", here, "登记保密部门新的验收和有效期。", clause="EA-18.2")
        .open_if(standing, over, "EA-18.2"),
        Action("停用", "agencies:end-secure-room", here, "自今天起不再存放试卷。", clause="EA-18.2", danger=True)
        .open_if(standing, over, "EA-18.2"),
    ]  # fmt: skip
    return object_page(
        request, kicker="试卷保密室", title=room.name, pill=_until(room.accepted_until, room.ended_on), facts=facts,
        steps=_steps(room.accepted_until, room.ended_on), actions=actions,
        history=f"agencies.secureroom:{room.pk}", back=Link("试卷保密室", reverse("agencies:secure-rooms")),
    )  # fmt: skip


@staff_page(posts=policies.SITE_VIEWERS)
def facility_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Printing units, vehicles, cameras."""
    table = Table(
        queries.facilities(actor),
        (
            Column("agency_code", "机构或考点", "code", sortable=True),
            Column("kind", "类别", value=lambda row: row.get_kind_display()),
            Column("name", "名称"),
            Column("identifier", "编号", "code"),
            Column("cameras", "摄像头", "number"),
            Column("certificate_number", "资质或验收文号", "code"),
            Column("valid_until", "有效期至", "pill", sortable=True,
                   value=lambda row: _until(row.valid_until, row.ended_on)),
        ),
        filters=(
            Filter("kind", "类别", kind="choice", choices=FacilityKind.choices),
            Filter("agency_code", "机构代码", lookup="agency_code__startswith"),
            Filter("until", "有效期至（之前）", kind="date", lookup="valid_until__lte"),
        ),
        link=lambda row: reverse("agencies:facility", args=[row.pk]),
        order="agency_code",
        empty="还没有登记印制单位、运送车辆和考点监控。",
    )  # fmt: skip
    return table_page(
        request, title="印制单位、车辆与监控", table=table,
        actions=[Action("登记设施", "agencies:register-facility", clause="EA-21.1")],
    )  # fmt: skip


@staff_page(posts=policies.SITE_VIEWERS)
def facility_page(request: HttpRequest, actor: Actor, facility_id: int) -> HttpResponse:
    """One facility."""
    found, here = queries.facility(actor, facility_id), {"facility_id": facility_id}
    standing, over, law = found.ended_on is None, "已经停用；重新启用的请另行登记。", CLAUSES[found.kind]
    actions = [
        Action("登记重新验收", "agencies:renew-facility", here, "登记新的检验或验收和有效期。", clause=law)
        .open_if(standing, over, law),
        Action("停用", "agencies:end-facility", here, "自今天起不再使用，登记保留。", clause=law, danger=True)
        .open_if(standing, over, law),
    ]  # fmt: skip
    return object_page(
        request, kicker=found.get_kind_display(), title=found.name, pill=_until(found.valid_until, found.ended_on),
        facts=_facts(found, law), steps=_steps(found.valid_until, found.ended_on), actions=actions,
        history=f"agencies.facility:{found.pk}", back=Link("印制单位、车辆与监控", reverse("agencies:facilities")),
    )  # fmt: skip


def _facts(found: Facility, law: str) -> Mapping[str, list[Fact]]:
    what = [
        Fact("机构", found.agency.name),
        Fact("编号", found.identifier, "code"),
        Fact("摄像头数", found.cameras, "number", clause=law),
    ]
    if found.site is not None:
        what.append(Fact("考点", str(found.site), "link", href=reverse("agencies:site", args=[found.site.pk])))
    if found.kind == FacilityKind.VEHICLE:
        what.append(Fact("定位或射频识别", "有" if found.has_positioning else "没有", clause="EA-21.1"))
    proof = [
        Fact("资质或验收文号", found.certificate_number, "code", clause=law),
        Fact("有效期自", found.valid_from, "date"),
        Fact("有效期至", found.valid_until, "date", note="不含当日"),
        Fact("证明材料", "下载", "link", note=found.evidence[:16],
             href=reverse("agencies:facility-evidence", args=[found.pk])),
    ]  # fmt: skip
    return {"设施": what, "资质与验收": proof}


@staff_page(posts=policies.SITE_VIEWERS)
def facility_evidence(request: HttpRequest, actor: Actor, facility_id: int) -> HttpResponse:
    """The proof as it was handed in."""
    found = queries.facility(actor, facility_id)
    headers = {"Content-Disposition": f'attachment; filename="facility-{facility_id}"'}
    return HttpResponse(storage.get(found.evidence), content_type=found.evidence_type, headers=headers)


def _about_secure_room(actor: Actor, room_id: int) -> str:
    room = queries.secure_room(actor, room_id)
    return f"{room.agency.name} {room.name}"


def _agencies(actor: Actor) -> Mapping[str, Any]:
    return {"agencies": queries.agency_choices(actor)}


def _agencies_and_sites(actor: Actor) -> Mapping[str, Any]:
    return {**_agencies(actor), "sites": queries.site_choices(actor)}


def _facility_arguments(data: dict[str, Any]) -> Mapping[str, Any]:
    more = forms.with_file(data, "evidence")
    return {**more, "kind": FacilityKind(data["kind"]), "site_code": data["site_code"] or None}


register_secure_room = action(
    commands.register_secure_room, forms.SecureRoomForm, title="登记保密室", clause="EA-18.2",
    what="登记保密部门验收合格、摄像头齐备的试卷保密室。", done="保密室已登记。", form_options=_agencies,
    back=lambda receipt: reverse("agencies:secure-room", args=[receipt.value.pk]),
)  # fmt: skip
renew_secure_room = action(
    commands.renew_secure_room, forms.SecureRoomRenewalForm, title="登记保密室重新验收", clause="EA-18.2",
    what="登记保密部门新的验收和有效期。", done="已登记重新验收。", back="agencies:secure-room",
    about=_about_secure_room,
)  # fmt: skip
end_secure_room = action(
    commands.end_secure_room, title="停用保密室", clause="EA-18.2", button="停用", danger=True,
    what="自今天起不再存放试卷，登记保留。", done="保密室已停用。", back="agencies:secure-room",
    about=_about_secure_room,
)  # fmt: skip
register_facility = action(
    commands.register_facility, forms.FacilityForm, title="登记印制单位、车辆或监控", clause="EA-21.1",
    what="登记设施及其资质或验收。运送车辆须有视频监控和定位；考点监控须选考点。", done="已登记。",
    form_options=_agencies_and_sites, arguments=_facility_arguments,
    back=lambda receipt: reverse("agencies:facility", args=[receipt.value.pk]),
)  # fmt: skip
renew_facility = action(
    commands.renew_facility, forms.FacilityRenewalForm, title="登记重新验收", clause="EA-21.1",
    what="登记新的检验或验收、有效期和证明材料。", done="已登记重新验收。",
    arguments=lambda data: forms.with_file(data, "evidence"), back="agencies:facility",
    about=lambda actor, facility_id: str(queries.facility(actor, facility_id)),
)  # fmt: skip
end_facility = action(
    commands.end_facility, title="停用设施", clause="EA-21.1", button="停用", danger=True,
    what="自今天起不再使用，登记保留。", done="已停用。", back="agencies:facility",
    about=lambda actor, facility_id: str(queries.facility(actor, facility_id)),
)  # fmt: skip


def _items(rows: list[SecureRoom] | list[Facility], name: str, end: str) -> tuple[Item, ...]:
    return tuple(
        Item(str(row), reverse(name, args=[row.pk]), due=queries.end_of(getattr(row, end), LOCAL)) for row in rows[:5]
    )


@waits_for(EXAM_AFFAIRS | {Post.PAPERS_OFFICER}, "验收将到期的保密室", "EA-18.2", stage="agencies")
def secure_rooms_expiring(actor: Actor) -> Asked:
    """Secure rooms whose acceptance ends soon, or has ended."""
    asked = queries.expiring_secure_rooms(actor, clock.today())
    yield asked
    rows = list(asked[:200])
    items = _items(rows, "agencies:secure-room", "accepted_until")
    due = items[0].due if items else None
    return Waiting(len(rows), url=reverse("agencies:secure-rooms"), due=due, items=items)


@waits_for(policies.FACILITY_REGISTRARS, "有效期将到的印制单位、车辆与监控", "EA-21.1", stage="agencies")
def facilities_expiring(actor: Actor) -> Asked:
    """Facilities whose validity ends soon, or has ended."""
    asked = queries.expiring_facilities(actor, clock.today())
    yield asked
    rows = list(asked[:200])
    items = _items(rows, "agencies:facility", "valid_until")
    due = items[0].due if items else None
    return Waiting(len(rows), url=reverse("agencies:facilities"), due=due, items=items)
