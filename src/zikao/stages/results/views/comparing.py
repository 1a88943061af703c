"""What pages show of scores compared with the record: every comparison and its verdict; the line on the trust page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Pill,
    Table,
    TrustItem,
    action,
    object_page,
    staff_page,
    table_page,
    trust_item,
)
from zikao.stages.results import commands, policies, queries
from zikao.stages.results.models import Comparison, Publication
from zikao.stages.results.states import PublicationState

KINDS = {
    "shown": "显示的内容在档案中没有",
    "record": "档案中的内容没有照样显示",
    "window": "归档与批准的清单或账本不符",
}
TITLE = "网上成绩与考籍档案一致"


def _verdict(row: Comparison) -> Pill:
    return Pill("全部一致", "done") if row.holds else Pill("发现不一致", "danger")


@staff_page(posts=policies.COMPARISON_READERS)
def comparisons(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every comparison, the newest first."""
    table = Table(
        Comparison.objects.all(),
        (
            Column("ended_at", "完成时间", "datetime"),
            Column("holds", "结论", "pill", value=_verdict),
            Column("rows", "对照条数", "number"),
            Column("difference_count", "不一致", "number"),
        ),
        link=lambda row: reverse("results:comparison", args=[row.pk]),
        order="-id",
        empty="还没有对照过。公布成绩以后，系统按规定的间隔自动对照；也可以立即对照。",
    )
    intro = "考生在网上看到的每一条成绩，按摘要与考籍档案中经签字归档的清单对照；不一致的逐条列出。"
    acts = [Action("立即对照", "results:compare")]
    return table_page(request, title=TITLE, intro=intro, table=table, actions=acts)


@staff_page(posts=policies.COMPARISON_READERS)
def comparison(request: HttpRequest, actor: Actor, comparison_id: int) -> HttpResponse:
    """One comparison: what was compared, both digests, what differs."""
    row = Comparison.objects.filter(pk=comparison_id).first()
    if row is None:
        raise NotFound("not-found", facts={"comparison": comparison_id})
    facts = {"对照": [Fact("开始", row.started_at, "datetime"), Fact("完成", row.ended_at, "datetime")]}
    facts |= {each["title"]: _digests(each) for each in row.sources}
    return object_page(
        request,
        kicker=TITLE,
        title=f"第 {row.pk} 次对照",
        pill=_verdict(row),
        facts=facts if row.holds else {**facts, "不一致之处": _differences(row)},
        actions=[Action("再对照一次", "results:compare", {}, "重新对照，结果另存一份。", clause="SR-A1.14")],
        history=f"results.comparison:{row.pk}",
        back=Link(TITLE, reverse("results:comparisons")),
    )


def _digests(source: dict[str, Any]) -> list[Fact]:
    return [
        Fact("显示的条数", source["rows"], "number"),
        Fact("显示内容的摘要", source["shown_digest"][:32], "code", clause="SR-A1.14"),
        Fact("考籍档案的摘要", source["record_digest"][:32], "code"),
    ]


def _differences(row: Comparison) -> list[Fact]:
    said = [Fact(_place(each), KINDS[each["kind"]]) for each in row.differences]
    rest = row.difference_count - len(row.differences)
    return [*said, Fact("此外", f"还有 {rest} 处")] if rest > 0 else said


def _place(found: dict[str, Any]) -> str:
    if found["kind"] == "window":
        return f"归档序号 {found['number']}"
    return f"成绩 {found['score']}（考生 {found['candidate']}）"


compare = action(
    commands.order_comparison,
    title="立即对照",
    what="由后台把考生在网上能看到的全部成绩与考籍档案对照；结果永久保存。",
    clause="SR-A1.14",
    button="开始对照",
    done="已开始对照。",
    back="results:comparisons",
    posts=policies.COMPARERS,
)


@trust_item("scores-shown", order=45, title=TITLE)
def scores_shown(actor: Actor, at: datetime) -> TrustItem:
    """The last time that everything shown was compared, and the verdict."""
    last, url = Comparison.objects.first(), reverse("results:comparisons")
    if last is None:
        told = Publication.objects.filter(state=PublicationState.PUBLISHED).order_by("published_at").first()
        sentence = "已有成绩公布，还没有对照过。" if told else "还没有公布成绩，无须对照。"
        return TrustItem(TITLE, "due" if told else "ok", sentence, told.published_at if told else None, url, "SR-A1.14")
    if not last.holds:
        sentence = f"最近一次对照发现 {last.difference_count:,} 处不一致，有关成绩暂停显示。"
        return TrustItem(TITLE, "broken", sentence, last.ended_at, url, "SR-A1.14")
    late = at - last.ended_at > queries.comparison_time("score-comparison-due-after", at)
    sentence = f"{last.rows:,} 条逐条一致。" + ("距上次对照过久，请系统管理员查看后台任务。" if late else "")
    return TrustItem(TITLE, "due" if late else "ok", sentence, last.ended_at, url, "SR-A1.14")
