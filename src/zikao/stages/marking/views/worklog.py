"""The work log of cards: custody and hand-overs, reading, processing; every line is the ledger's own (EA-A9.2.1.2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import Column, Filter, Link, Table, staff_page, table_page
from zikao.foundation.pages.history import TOLD
from zikao.stages.marking import policies, queries
from zikao.stages.marking.queries.corrections import LOGGED
from zikao.stages.programmes.queries import sittings

COUNTS = {
    "count": "数量",
    "duplicates": "重复",
    "settled": "已裁定",
    "boxes": "箱",
    "reader": "第几次识读",
    "people": "人数",
}


@staff_page(posts=policies.LOG_READERS)
def log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was done with the cards of a sitting (the latest, or ?sitting=)."""
    known = {each.code: each for each in sittings()}
    asked = request.GET.get("sitting", "")
    code = asked if asked in known else next(iter(known), "")
    names: dict[int, str] = dict(Account.objects.filter(kind="staff").values_list("pk", "name"))
    table = Table(
        queries.work_log(actor, known.get(code)),
        (
            Column("id", "账本行号", "code"),
            Column("at", "时间", "datetime"),
            Column("command", "事项", value=lambda line: TOLD.get(line.command, line.command)),
            Column("account_id", "经办人", value=lambda line: names.get(line.account_id, "—")),
            Column("post", "岗位", value=lambda line: Post(line.post).label),
            Column("said", "数量", value=_said),
            Column("digest", "数据摘要", "code", value=lambda line: str(line.facts.get("digest", ""))[:16]),
        ),
        filters=(
            Filter("command", "事项", kind="choice", choices=[(each, TOLD.get(each, each)) for each in LOGGED]),
            Filter("day", "日期", kind="date", lookup="at__date"),
        ),
        order="-id",
        empty="这一考次还没有答题卡保管、识读和数据处理的记录。",
    )
    intro = (
        f"考次 {code}。每一次交接、识读和数据处理由系统自动记录，只能增加，不能改；"
        "数据文件按摘要保存，改动或丢失由定期核验查出。"
    )
    return table_page(
        request, title="答题卡工作记录", intro=intro, table=table, back=Link("评卷", reverse("marking:papers"))
    )


def _said(line: Any) -> str:
    return "，".join(f"{label} {line.facts[key]}" for key, label in COUNTS.items() if key in line.facts)
