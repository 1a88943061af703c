"""Places and their sessions: who is present, whether it is enough, and the video that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zikao.foundation import clock
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
    Step,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.foundation.pages.acting import receipt_tag
from zikao.stages.collecting import commands, forms, policies, queries
from zikao.stages.collecting.models import Presence, Session
from zikao.stages.collecting.states import Work, works_of

NAMED = 60
"""More names than this are in the list of those who signed in."""
DONE_AT: Mapping[str, tuple[str, str]] = {
    Work.MARKING: ("评卷台", "marking:desk"),
    Work.TOTALLING: ("评卷科目", "marking:papers"),
    Work.COLLECTING: ("成绩采集", "results:list"),
    Work.HAND_IN: ("成绩登记", "results:list"),
}
"""Where the work of a session is done."""


def _state(row: Session) -> Pill:
    return Pill("已结束", "done") if row.ended_at else Pill("正在进行", "info")


@staff_page(posts=policies.READERS)
def session_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every session, the running ones among them."""
    table = Table(
        queries.sessions(actor),
        (
            Column("round", "安排", value=lambda row: str(row.round)),
            Column("number", "场次", "number"),
            Column("work", "工作", value=lambda row: row.get_work_display()),
            Column("place", "场所"),
            Column("begun_at", "开始", "datetime", sortable=True),
            Column("ended_at", "结束", "datetime"),
            Column("video", "录像", "code"),
            Column("state", "状态", "pill", value=_state),
        ),
        filters=(
            Filter("work", "工作", "choice", choices=Work.choices),
            Filter("place", "场所", lookup="place__contains"),
            Filter("running", "状态", "choice", choices=[("yes", "正在进行"), ("no", "已结束")],
                   lookup=lambda rows, value: rows.filter(ended_at__isnull=value == "yes")),
        ),
        link=lambda row: reverse("collecting:session", args=[row.pk]),
        order="-begun_at",
        empty="还没有开始过工作的场所。",
    )  # fmt: skip
    intro = "每个场所单独签到、单独录像；人数不足时，那里的人都不能评卷、合分、采集或登记成绩。"
    return table_page(request, title="采集与评卷场所", table=table, intro=intro,
                      actions=[Action("采集安排", "collecting:rounds")])  # fmt: skip


@staff_page(posts=policies.READERS)
def session(request: HttpRequest, actor: Actor, session_id: int) -> HttpResponse:
    """One session."""
    found = queries.session_by_id(actor, session_id)
    return object_page(
        request,
        kicker=f"{found.round} · 第 {found.number} 场",
        title=f"{found.get_work_display()}　{found.place}",
        pill=_state(found),
        back=Link(str(found.round), reverse("collecting:round", args=[found.round_id])),
        facts={"场所": _facts(found)},
        steps=_steps(found),
        actions=_actions(found, actor),
        history=f"collecting.session:{found.pk}",
        extra_template="collecting/_present.html",
        context=_present(found),
    )


def _steps(found: Session) -> tuple[Step, ...]:
    over = found.ended_at is not None
    return (
        Step("开始，摄像开启", "past", found.begun_at),
        Step("工作", "past" if over else "present"),
        Step("结束，录像登记", "present" if over else "future", found.ended_at),
    )


def _present(found: Session) -> dict[str, object]:
    day = clock.today()
    rows = list(queries.present_in(found)[: NAMED + 1]) if not found.ended_at else []
    count = queries.counted_in(found, day).count() if not found.ended_at else 0
    return {
        "running": found.ended_at is None,
        "count": count,
        "needed": queries.needed_on(day, found.agency_code),
        "enough": count >= queries.needed_on(day, found.agency_code),
        "present": rows[:NAMED],
        "more": len(rows) > NAMED,
        "list_url": reverse("collecting:presences", args=[found.pk]),
    }


def _facts(found: Session) -> list[Fact]:
    about = [
        Fact("工作", found.get_work_display()),
        Fact("场所", found.place),
        Fact("摄像设备", found.camera, clause="SR-A1.5"),
        Fact("计算机", "与外网物理隔离，没有安装无关软件", clause="SR-A1.5"),
        Fact("开始时间", found.begun_at, "datetime"),
    ]
    if found.ended_at:
        kept = reverse("retention:holding", args=[found.holding_id])
        about += [
            Fact("结束时间", found.ended_at, "datetime"),
            Fact("录像", found.video, "link", href=kept, clause="SR-A1.5", note="已登记保存"),
        ]
    return about


def _actions(found: Session, actor: Actor) -> list[Action]:
    here, running = {"session_id": found.pk}, found.ended_at is None
    is_present = queries.present_in(found).filter(account_id=actor.account_id or 0).exists()
    place = queries.worker_of(found.round, actor.account_id)
    over, (label, where) = "这一场工作已经结束。", DONE_AT[found.work]
    return [
        Action("签到", "collecting:join-session", here, "您到场，参加这一场工作。", clause="SR-A1.5")
        .open_if(running, over, "SR-A1.5").open_if(not is_present, "您已经签到。", "SR-A1.5")
        .given(queries.may_work(place, clock.today())).given(queries.set_time(found.round, clock.now())),
        Action("离开", "collecting:leave-session", here, "不足规定人数时，场所内不能工作。", clause="SR-A1.5")
        .open_if(running, over, "SR-A1.5").open_if(is_present, "您没有在这一场签到。", "SR-A1.5"),
        Action(label, where, {}, "在这里办理。", clause="SR-A1.6").open_if(running, over, "SR-A1.5"),
        Action("结束这一场", "collecting:end-session", here, "全体离场，登记录像保存。", clause="SR-A1.5")
        .open_if(running, over, "SR-A1.5"),
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def presences(request: HttpRequest, actor: Actor, session_id: int) -> HttpResponse:
    """Who signed in at a session, and until when."""
    found = queries.session_by_id(actor, session_id)
    table = Table(
        Presence.objects.filter(session=found).select_related("worker"),
        (
            Column("worker.name", "姓名"),
            Column("joined_at", "签到", "datetime", sortable=True),
            Column("left_at", "离开", "datetime"),
        ),
        filters=(Filter("name", "姓名", lookup="worker__name__contains"),),
        order="joined_at",
        empty="还没有人签到。",
    )
    back = Link(str(found), reverse("collecting:session", args=[session_id]))
    return table_page(request, title=f"签到记录：{found}", table=table, back=back)


def _session_url(receipt: Any, **kwargs: Any) -> str:
    return reverse("collecting:session", args=[receipt.value.pk])


def _works(actor: Actor, round_id: int) -> dict[str, Any]:
    held = queries.round_by_id(actor, round_id)
    return {"works": [(work.value, str(work.label)) for work in works_of(held.purpose)]}


begin = action(
    commands.begin_session, forms.SessionForm, title="开始一场工作", clause="SR-A1.5", button="开始并签到",
    what="确认场所全程录像、计算机与外网物理隔离后开始。其他工作人员各自登录签到，三人以上在场才能工作。",
    done="已开始，请其他工作人员登录签到。", back=_session_url, arguments=forms.session_arguments, form_options=_works,
)  # fmt: skip
join = action(
    commands.join_session, title="签到", clause="SR-A1.5", button="签到", what="您本人在这个场所，参加这一场工作。",
    done="已签到。", back="collecting:session",
)  # fmt: skip


@staff_page(posts=policies.WORKERS)
def join_here(request: HttpRequest, actor: Actor, session_id: int) -> HttpResponse:
    """Sign in with one click from the page of the work, and come back to it."""
    session_page = reverse("collecting:session", args=[session_id])
    if request.method != "POST":
        return HttpResponseRedirect(session_page)
    receipt = commands.join_session(session_id=session_id, by=actor, at=clock.now())
    messages.success(request, f"已在“{receipt.value.place}”签到。", extra_tags=receipt_tag(receipt))
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(asked if safe else session_page)


leave = action(
    commands.leave_session, title="离开", clause="SR-A1.5", button="离开",
    what="您离开这个场所。在场不足规定人数时，场所内不能工作。", done="已离开。", back="collecting:session",
)  # fmt: skip
end = action(
    commands.end_session, forms.SessionEndForm, title="结束这一场工作", clause="SR-A1.5", button="结束并登记录像",
    what="全体离场；录像登记为保存物，至少保存规定的时间，期满前不能销毁。",
    done="已结束，录像已登记保存。", back="collecting:session",
)  # fmt: skip


@waits_for(policies.KEEPERS, "正在进行的场所", "SR-A1.5", stage="collecting")
def to_end(actor: Actor) -> Asked:
    """Sessions whose video is not registered yet."""
    rows = queries.running_sessions(actor)
    yield rows
    return _waiting(list(rows))


@waits_for(policies.WORKERS, "可以签到的场所", "SR-A1.5", stage="collecting")
def to_join(actor: Actor) -> Asked:
    """Running sessions at which the actor may work and is not signed in; none while they are at another."""
    yield queries.work_given_to(actor)
    return _waiting([] if queries.signed_in_at(actor) else list(queries.places_open_to(actor, clock.today())))


def _waiting(rows: list[Session]) -> Waiting:
    items = tuple(Item(str(row), reverse("collecting:session", args=[row.pk]), row.begun_at) for row in rows[:5])
    return Waiting(len(rows), reverse("collecting:sessions"), rows[0].begun_at if rows else None, items=items)
