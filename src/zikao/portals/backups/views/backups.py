"""Backups: what was taken, where it lies, how old it is, and making one now."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.backups import queries
from zikao.foundation.backups.models import Backup
from zikao.foundation.backups.states import Custody, Kind
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
from zikao.portals.backups import commands, forms, items, policies
from zikao.portals.backups.words import ago, size

__all__ = ["backup_list", "backup_page", "failure_list", "items", "order_backup"]
tell(
    **{
        "backups.taken": "备份完成",
        "backups.failed": "备份未成功",
        "backups.drilled": "恢复演练",
        "backups.removed": "清理旧备份",
        "backups.restored": "声明由备份恢复",
        "backups.keys-escrowed": "密钥托管",
    }
)
WHAT = "每份备份同时写给业务部门和纪检监察部门，各自加密，任一方单独即可恢复。"


def proof_of(generation: str, verified: set[str]) -> Pill:
    """Whether a drill proved that a generation restores."""
    return Pill("已演练", "done") if generation in verified else Pill("未演练", "due")


@staff_page(posts=policies.READERS)
def backup_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every part, the newest first."""
    verified, removed = queries.verified_generations(), queries.removed_generations()

    def state(row: Backup) -> Pill:
        return Pill("已清理") if row.generation in removed else proof_of(row.generation, verified)

    table = Table(
        queries.backups(),
        (
            Column("ended_at", "完成时间", "datetime"),
            Column("kind", "种类", value=lambda row: row.get_kind_display()),
            Column("generation", "套", "code"),
            Column("number", "序号", "number"),
            Column("rows", "行数", "number"),
            Column("sealed", "密文（每方）", value=lambda row: size(max(row.sealed_bytes.values(), default=0))),
            Column("state", "可恢复", "pill", value=state),
        ),
        filters=(Filter("kind", "种类", kind="choice", choices=Kind.choices), Filter("generation", "套")),
        link=lambda row: reverse("backups:backup", args=[row.pk]),
        order="-id",
        empty="还没有备份。请先登记两方保管的公钥和存放处。",
    )
    acts = [Action("立即备份", "backups:order"), Action("恢复演练", "backups:order-drill")]
    return table_page(request, title="备份", intro=_intro(clock.now()), table=table, actions=acts)


def _intro(at: datetime) -> str:
    missing = queries.missing_custodies()
    if missing:
        return f"备份尚未启用，还缺少{'、'.join(missing)}。{WHAT}"
    last, base = queries.newest(), queries.newest_base()
    behind = f"日志已送到 {ago(last.ended_at, at)}" if last else "还没有送出日志"
    return f"{behind}，最近一次备份 {ago(base.ended_at, at) if base else '从未'}。{WHAT}"


@staff_page(posts=policies.READERS)
def backup_page(request: HttpRequest, actor: Actor, backup_id: int) -> HttpResponse:
    """One part: facts, custodies, drills, history."""
    row = queries.backup(backup_id)
    drills = queries.drills_of(row.generation)
    removed = row.generation in queries.removed_generations()
    return object_page(
        request,
        kicker="备份",
        title=f"{row.generation} 第 {row.number} 份（{row.get_kind_display()}）",
        pill=Pill("已清理") if removed else proof_of(row.generation, queries.verified_generations()),
        facts={"内容": _content(row), **{str(Custody(c).label): _copy(row, c) for c in row.sealed_bytes}},
        steps=(
            Step("写入两方", "past", row.ended_at),
            Step("演练证实", "past" if drills else "present", drills[-1].ended_at if drills else None),
            Step("清理", "past" if removed else "future"),
        ),
        actions=[
            Action("恢复演练", "backups:order-drill", {}, "把最新备份恢复到临时处，逐表核对后删除。", clause="SR-A1.11")
        ],
        history=f"backups.backup:{row.pk}",
        back=Link("备份", reverse("backups:list")),
    )


def _content(row: Backup) -> list[Fact]:
    exact = "清点时没有并发写入，演练须逐表相等" if row.is_exact else "清点时有并发写入，演练只要求不少于"
    return [
        Fact("开始", row.began_at, "datetime"),
        Fact("完成", row.ended_at, "datetime", clause="EA-A9.2.1.4b"),
        Fact("数据库", "、".join(row.databases)),
        Fact(
            "行数",
            row.rows if row.rows is not None else "日志，不清点",
            "number" if row.rows is not None else "text",
            note=exact,
        ),
        Fact("文件", row.files, "number", note="本份新增"),
        Fact("账本行数", row.ledger_size if row.ledger_size is not None else "—"),
        Fact("账本根", row.ledger_root or "—", "code"),
        Fact("清单摘要（SM3）", row.digest, "code", clause="EA-49.1"),
        Fact("前一清单摘要", (row.previous.strip("0") and row.previous) or "—（第一份）", "code"),
        Fact("原始大小", size(row.plain_bytes)),
    ]


def _copy(row: Backup, custody: str) -> list[Fact]:
    return [
        Fact("存放处", row.destinations.get(custody, "—"), clause="SR-10.2"),
        Fact("密文大小", size(row.sealed_bytes[custody])),
        Fact("封给公钥", "、".join(row.keys.get(custody, [])), "code", clause="SR-A1.11"),
    ]


@staff_page(posts=policies.READERS)
def failure_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Backups and drills that did not come to be."""
    table = Table(
        queries.failures(),
        (
            Column("at", "时间", "datetime"),
            Column(
                "kind",
                "种类",
                value=lambda row: dict(Kind.choices).get(row.kind, {"drill": "演练"}.get(row.kind, "备份")),
            ),
            Column("message", "原因"),
            Column("remedy", "处理办法"),
        ),
        order="-id",
        empty="没有未成功的备份。",
    )
    return table_page(request, title="未成功的备份", table=table, back=Link("备份", reverse("backups:list")))


order_backup = action(
    commands.order_backup,
    forms.OrderForm,
    title="立即备份",
    what="由后台完成，同时写给业务部门和纪检监察部门；进度在“长时间任务”中查看。",
    clause="SR-A1.11",
    button="开始备份",
    done="已开始备份。",
    back=lambda receipt, **kwargs: reverse("work:one", args=[receipt.value.pk]),
)
