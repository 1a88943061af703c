"""Restore drills: what was proved, when, with whose key; the report; drilling now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.backups import queries
from zikao.foundation.backups.models import Drill
from zikao.foundation.backups.states import COPIES, Outcome
from zikao.foundation.errors import NotFound
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
)
from zikao.portals.backups import commands, forms, policies


def _state(row: Drill) -> Pill:
    return Pill.of(row.outcome, Outcome, {"passed": "done", "failed": "danger"})


def _key(row: Drill) -> str:
    return "保管人私钥" if row.is_custodians_key else "本机演练密钥"


@staff_page(posts=policies.READERS)
def drill_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every drill, the newest first."""
    table = Table(
        queries.drills(),
        (
            Column("ended_at", "时间", "datetime"),
            Column("generation", "备份", "code"),
            Column("custody", "保管方", value=lambda row: row.get_custody_display()),
            Column("key", "开启所用", value=_key),
            Column("outcome", "结论", "pill", value=_state),
        ),
        filters=(
            Filter("custody", "保管方", kind="choice", choices=[(each.value, each.label) for each in COPIES]),
            Filter("outcome", "结论", kind="choice", choices=Outcome.choices),
        ),
        link=lambda row: reverse("backups:drill", args=[row.pk]),
        order="-id",
        empty="还没有演练过。没有演练过的备份，不能说可以恢复。",
    )
    acts = [Action("恢复演练", "backups:order-drill")]
    intro = "把最新备份恢复到临时处，逐表核对行数、账本、成绩库和文件，然后删除；两方的副本轮流演练。"
    return table_page(request, title="恢复演练", intro=intro, table=table, actions=acts)


@staff_page(posts=policies.READERS)
def drill_page(request: HttpRequest, actor: Actor, drill_id: int) -> HttpResponse:
    """One drill with all that it tried."""
    row = queries.drill(drill_id)
    download = Action("下载报告", "backups:report", {"drill_id": row.pk}, "演练报告（PDF），打印后由两方签字存档。")
    return object_page(
        request,
        kicker="恢复演练",
        title=f"{row.generation or '—'} · {row.get_custody_display()}",
        pill=_state(row),
        facts={
            "基本情况": _facts(row),
            "逐项结果": [Fact(each["name"], _found(each), "pill", note=each["seen"]) for each in row.findings],
        },
        steps=(Step("恢复", "past", row.began_at), Step("核对完毕", "present", row.ended_at)),
        actions=[download.open_if(bool(row.report), "没有报告。")],
        history=f"backups.drill:{row.pk}",
        back=Link("恢复演练", reverse("backups:drills")),
    )


def _found(finding: dict[str, object]) -> Pill:
    return Pill("通过", "done") if finding["holds"] else Pill("未通过", "danger")


def _facts(row: Drill) -> list[Fact]:
    seconds = (row.ended_at - row.began_at).total_seconds()
    href = reverse("backups:backup", args=[row.backup_id]) if row.backup_id else ""
    return [
        Fact("备份", str(row.backup) if row.backup else "—", "link" if href else "text", href=href),
        Fact("保管方", row.get_custody_display(), clause="SR-A1.11"),
        Fact("开启所用私钥", f"{row.opened_with}（{_key(row)}）"),
        Fact("用时", f"{seconds:.1f} 秒"),
    ]


@staff_page(posts=policies.READERS)
def report(request: HttpRequest, actor: Actor, drill_id: int) -> HttpResponse:
    """The report as PDF."""
    row = queries.drill(drill_id)
    if not row.report:
        raise NotFound("no-report", message="这次演练没有报告。", remedy="请另做一次演练。")
    name = f'inline; filename="drill-{row.pk}.pdf"'
    return HttpResponse(storage.get(row.report), content_type="application/pdf", headers={"Content-Disposition": name})


order_drill = action(
    commands.order_drill,
    forms.DrillForm,
    title="恢复演练",
    what="由后台把最新备份恢复到临时处核对，不影响正在运行的系统；用本机演练密钥开启。"
    "要用保管人私钥演练的，在服务器上执行 ./zikao node drill --key。",
    clause="SR-A1.11",
    button="开始演练",
    done="演练已开始。",
    back=lambda receipt, **kwargs: reverse("work:one", args=[receipt.value.pk]),
)
