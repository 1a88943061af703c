"""What backups say on the trust page and on the work list."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from zikao.foundation.actors import Actor, Post
from zikao.foundation.backups import queries, rules
from zikao.foundation.backups.models import Backup
from zikao.foundation.backups.states import Kind, Outcome
from zikao.foundation.clock import local_day
from zikao.foundation.pages import TrustItem, Waiting, trust_item, waits_for
from zikao.foundation.regulation import parameter
from zikao.portals.backups.words import ago

KEEPERS = frozenset({Post.SYSTEM_ADMIN})


@trust_item("backup", order=50, title="备份")
def backup(actor: Actor, at: datetime) -> TrustItem:
    """The last backup, and how far behind the log is; a failure is seen at once."""
    url, last, base = reverse("backups:list"), queries.newest(), queries.newest_base()
    missing = queries.missing_custodies()
    if missing:
        return TrustItem("备份", "broken", f"没有启用：还缺少{'、'.join(missing)}。", None, url, "SR-A1.11")
    decision = rules.IN_TIME(on=local_day(at), age_minutes=minutes_since(base, at))
    failure = queries.open_failure()
    since = base.ended_at if base is not None else None
    if failure is not None:
        failed = f"未成功：{failure.message}"
        return TrustItem("备份", "broken", failed, failure.at, reverse("backups:failures"), "SR-A1.11")
    if not decision.granted:
        return TrustItem("备份", "broken", decision.refusals[0].message, since, url, "EA-A9.2.1.4b")
    assert base is not None
    assert last is not None
    said = f"{base.get_kind_display()}备份于 {ago(base.ended_at, at)}完成；日志送到 {ago(last.ended_at, at)}。"
    behind = base.kind != Kind.LOGICAL and at - last.ended_at > lag_allowed(at)
    return TrustItem("备份", "due" if behind else "ok", said, base.ended_at, url, "EA-A9.2.1.4b")


@trust_item("drill", order=52, title="恢复演练")
def drill(actor: Actor, at: datetime) -> TrustItem:
    """The last restore drill and its verdict."""
    last, url = queries.newest_drill(), reverse("backups:drills")
    if last is None:
        return TrustItem("恢复演练", "due", "还没有演练过，不能说备份可以恢复。", None, url, "SR-A1.11")
    one = reverse("backups:drill", args=[last.pk])
    if last.outcome == Outcome.FAILED:
        said = "最近一次演练未通过：" + "、".join(each["name"] for each in last.findings if not each["holds"])
        return TrustItem("恢复演练", "broken", said, last.ended_at, one, "SR-A1.11")
    days = int(parameter("backup-drill-every").on(local_day(at)))
    late = at - last.ended_at > timedelta(days=days)
    said = f"{ago(last.ended_at, at)}通过，用{last.get_custody_display()}的副本，逐表、账本、文件相符。"
    return TrustItem("恢复演练", "due" if late else "ok", said, last.ended_at, one, "SR-A1.11")


@trust_item("escrow", order=54, title="密钥托管")
def escrow(actor: Actor, at: datetime) -> TrustItem:
    """Whether every key of the node is in the hands of the key custody."""
    last, url = queries.newest_escrow(), reverse("backups:custodies")
    new = queries.keys_not_escrowed(settings.ZIKAO_KEYS)
    if last is None:
        said = "节点密钥还没有托管：这台机器一旦丢失，加密内容不能再读。"
        return TrustItem("密钥托管", "due", said, None, url, "EA-49.1")
    if new:
        return TrustItem("密钥托管", "due", f"托管之后又有 {len(new)} 把新密钥，须重新托管。", last.at, url, "EA-49.1")
    return TrustItem("密钥托管", "ok", "节点的密钥都已托管。", last.at, url, "EA-49.1")


@waits_for(KEEPERS, "备份未按时完成", "EA-A9.2.1.4b", stage="backups")
def late_backups(actor: Actor) -> Waiting:
    """A backup that failed or is late."""
    from zikao.foundation import clock

    at, failure = clock.now(), queries.open_failure()
    if failure is not None:
        return Waiting(1, reverse("backups:failures"), since=failure.at)
    base = queries.newest_base()
    decision = rules.IN_TIME(on=local_day(at), age_minutes=minutes_since(base, at))
    if decision.granted:
        return Waiting(0)
    return Waiting(1, reverse("backups:list"), since=base.ended_at if base is not None else None)


@waits_for(KEEPERS | {Post.AUDITOR}, "恢复演练到期", "SR-A1.11", stage="backups")
def due_drill(actor: Actor) -> Waiting:
    """A drill that is due, or one that failed."""
    from zikao.foundation import clock

    at, last = clock.now(), queries.newest_drill()
    if queries.newest_base() is None:
        return Waiting(0)
    if last is None:
        return Waiting(1, reverse("backups:order-drill"))
    due = last.ended_at + timedelta(days=int(parameter("backup-drill-every").on(local_day(at))))
    if last.outcome == Outcome.FAILED:
        return Waiting(1, reverse("backups:drill", args=[last.pk]), since=last.ended_at)
    return Waiting(int(at >= due), reverse("backups:order-drill"), since=last.ended_at, due=due)


def minutes_since(row: Backup | None, at: datetime) -> int | None:
    """Whole minutes since a backup ended, rounded up."""
    return None if row is None else max(0, -int((row.ended_at - at).total_seconds() // 60))


def lag_allowed(at: datetime) -> timedelta:
    """How far the log may be behind."""
    return timedelta(minutes=int(parameter("backup-log-lag").on(local_day(at))))
