"""The system log: every line of the ledger, searchable, each with its receipt (SR-A1.7)."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger import leaf_hash
from zikao.foundation.ledger.models import Leaf, Line
from zikao.foundation.pages import Action, Column, Fact, Filter, Link, Pill, Table, object_page, staff_page, table_page
from zikao.foundation.pages.history import TOLD
from zikao.foundation.pages.ledger_words import said
from zikao.foundation.witness import queries
from zikao.foundation.witness.entries import entry_of
from zikao.portals.trust import policies
from zikao.portals.trust.views.verifying import BACK

POSTS = [(post.value, post.label) for post in Post]


def _lines(actor: Actor) -> QuerySet[Line]:
    """All lines for who serves the whole node, their own subtree's for others."""
    return Line.objects.all() if actor.agency_code == settings.ZIKAO_NODE_CODE else scoped(Line.objects.all(), actor)


def _event(line: Line) -> str:
    return TOLD.get(line.command, line.command)


def _post(line: Line) -> str:
    return Post(line.post).label if line.post in set(Post) else line.post


def _who(line: Line) -> str:
    account = Account.objects.filter(pk=line.account_id).first() if line.account_id else None
    return account.name if account else "—"


@staff_page(posts=policies.READERS)
def log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every act of this node, the newest first."""
    table = Table(
        _lines(actor),
        (
            Column("id", "行号", "code"),
            Column("at", "时间", "datetime"),
            Column("command", "事项", value=_event),
            Column("post", "岗位", value=_post),
            Column("agency_code", "机构", "code"),
            Column("subject", "对象", "code"),
        ),
        filters=(
            Filter("command", "事项代码", lookup="command__startswith", placeholder="例如 results."),
            Filter("subject", "对象", placeholder="例如 results.publication:1"),
            Filter("post", "岗位", kind="choice", choices=POSTS),
            Filter("day", "日期", kind="date", lookup="at__date"),
        ),
        link=lambda line: reverse("trust:line", args=[line.pk]),
        order="-id",
        empty="没有符合条件的记录。",
    )
    intro = "每一次办理都在账本里有一行，只能增加，不能改。采集、审核、发布成绩的全过程可按事项 results. 查阅。"
    return table_page(request, title="系统日志", intro=intro, table=table, back=BACK)


@staff_page(posts=policies.READERS)
def line(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """One line with everything in it, its place in the tree and its receipt."""
    row = _lines(actor).filter(pk=line_id).first()
    found = entry_of(line_id)
    if row is None or found is None:
        raise NotFound("not-found", facts={"line": line_id})
    leaf, head = Leaf.objects.filter(line_id=line_id).first(), queries.last_checkpoint()
    signed = leaf is not None and head is not None and leaf.seq < head.tree_size
    stands = leaf is None or bytes(leaf.hash) == leaf_hash(found[0])
    receipt = Action("下载账本回执", "trust:line-receipt", {"line_id": row.pk}, "自带证明和签名，断网也能核对。")
    return object_page(
        request,
        kicker="系统日志",
        title=f"第 {row.pk} 行　{_event(row)}",
        pill=_state(signed=signed, stands=stands),
        facts={"办理": _act(row), "内容": said(row.facts) or [Fact("内容", "")], "在账本中": _place(leaf, found[0])},
        actions=[receipt.open_if(signed and stands, "这一行还没有编入签名的检查点。", "EA-49.1")],
        history=row.subject,
        back=Link("系统日志", reverse("trust:log")),
    )


def _state(*, signed: bool, stands: bool) -> Pill:
    if not stands:
        return Pill("与哈希树不符", "danger")
    return Pill("已签名", "done") if signed else Pill("等待检查点", "due")


def _act(row: Line) -> list[Fact]:
    return [
        Fact("办理时间", row.at, "datetime"),
        Fact("记录时间（数据库时钟）", row.recorded_at, "datetime"),
        Fact("办理人", _who(row)),
        Fact("岗位", _post(row)),
        Fact("机构", row.agency_code or "全国", "code"),
        Fact("事项代码", row.command, "code"),
        Fact("对象", row.subject, "code"),
        Fact("依据", "、".join(row.clauses) or "—"),
    ]


def _place(leaf: Leaf | None, entry: bytes) -> list[Fact]:
    place = Fact("序号", leaf.seq, "number") if leaf else Fact("序号", "等待编入")
    return [place, Fact("摘要（SM3）", leaf_hash(entry).hex(), "code")]
