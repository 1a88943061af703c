"""Sessions of collecting: who is present, whether it is enough, and the video that is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Fact, Item, Link, Pill, Waiting, action, object_page, staff_page, waits_for
from zikao.foundation.regulation import parameter
from zikao.stages.results import commands, forms, policies, queries
from zikao.stages.results.models import CollectionSession


@staff_page(posts=policies.ROUND_READERS)
def session(request: HttpRequest, actor: Actor, session_id: int) -> HttpResponse:
    """One session."""
    found = queries.session_by_id(actor, session_id)
    return object_page(
        request,
        kicker=f"{found.round.sitting}成绩采集",
        title=f"第 {found.number} 场采集",
        pill=Pill("已结束", "done") if found.ended_at else Pill("正在进行", "info"),
        back=Link("采集安排", reverse("results:round", args=[found.round_id])),
        facts=_facts(found),
        actions=_actions(found, actor),
        history=f"results.collectionsession:{found.pk}",
    )


def _facts(found: CollectionSession) -> dict[str, list[Fact]]:
    needed = int(parameter("collection-people-present").on(clock.today()))
    present = queries.present_in(found).count()
    enough = Pill(f"✓ {present} 人在场", "done") if present >= needed else Pill(f"✕ {present} 人在场", "danger")
    about = [
        Fact("采集场所", found.place),
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
    else:
        about.append(Fact("在场", enough, "pill", note=f"应有 {needed} 人以上", clause="SR-A1.5"))
    rows = found.presences.select_related("worker")
    return {
        "场次": about,
        "签到": [Fact(each.worker.name, each.joined_at, "datetime", note=_until(each)) for each in rows],
    }


def _until(each: Any) -> str:
    return f"{each.left_at.astimezone(clock.LOCAL):%H:%M} 离开" if each.left_at else "在场"


def _actions(found: CollectionSession, actor: Actor) -> list[Action]:
    here, running = {"session_id": found.pk}, found.ended_at is None
    is_present = queries.present_in(found).filter(account_id=actor.account_id or 0).exists()
    place = queries.worker_of(found.round, actor.account_id)
    over = "这一场采集已经结束。"
    return [
        Action("签到", "results:join-session", here, "您到场，参加这一场采集。", clause="SR-A1.5")
        .open_if(running, over, "SR-A1.5").open_if(not is_present, "您已经签到。", "SR-A1.5")
        .given(queries.may_work(place, clock.today())),
        Action("离开", "results:leave-session", here, "不足规定人数时不能采集。", clause="SR-A1.5")
        .open_if(running, over, "SR-A1.5").open_if(is_present, "您没有在这一场签到。", "SR-A1.5"),
        Action("采集成绩", "results:publication", {"sitting": found.round.sitting.code}, "查看依据，采集成绩。",
               clause="SR-A1.6", posts=policies.READERS).open_if(running, over, "SR-A1.5"),
        Action("结束这一场", "results:end-session", here, "全体离场，登记录像保存。", clause="SR-A1.5")
        .open_if(running, over, "SR-A1.5"),
    ]  # fmt: skip


def _session_url(receipt: Any, **kwargs: Any) -> str:
    return reverse("results:session", args=[receipt.value.pk])


begin = action(
    commands.begin_session, forms.SessionForm, title="开始一场采集", clause="SR-A1.5", button="开始并签到",
    what="确认场所全程录像、计算机与外网物理隔离后开始。其他采集人员各自登录签到，三人以上在场才能采集。",
    done="已开始，请其他采集人员登录签到。", back=_session_url,
)  # fmt: skip
join = action(
    commands.join_session, title="签到", clause="SR-A1.5", button="签到", what="您本人在采集场所，参加这一场采集。",
    done="已签到。", back="results:session",
)  # fmt: skip
leave = action(
    commands.leave_session, title="离开", clause="SR-A1.5", button="离开",
    what="您离开采集场所。在场不足规定人数时不能采集成绩。", done="已离开。", back="results:session",
)  # fmt: skip
end = action(
    commands.end_session, forms.SessionEndForm, title="结束这一场采集", clause="SR-A1.5", button="结束并登记录像",
    what="全体离场；录像登记为保存物，成绩公布后至少再保存规定的时间，期满前不能销毁。",
    done="已结束，录像已登记保存。", back="results:session",
)  # fmt: skip


@waits_for(policies.COLLECTORS, "正在进行的采集场次", "SR-A1.5", stage="results")
def to_end(actor: Actor) -> Waiting:
    """Sessions whose video is not registered yet."""
    rows = list(queries.running_sessions(actor))
    items = tuple(Item(str(row), reverse("results:session", args=[row.pk]), row.begun_at) for row in rows[:5])
    return Waiting(len(rows), reverse("results:rounds"), rows[0].begun_at if rows else None, items=items)
