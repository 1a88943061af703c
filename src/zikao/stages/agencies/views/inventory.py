"""The inventory of exam information: kinds, owners, classes, how long each is kept, where it stands (EA-45)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import Column, Fact, Filter, Link, Pill, Step, Table, object_page, staff_page, table_page
from zikao.foundation.regulation.inventory import InformationKind
from zikao.stages.agencies import queries


@staff_page(posts=STAFF_POSTS)
def inventory(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All kinds on one page."""
    decision = queries.inventory_complete(clock.today())
    table = Table(
        queries.information(),
        (
            Column("title", "信息种类"),
            Column("named", "条款所列", "pill", value=_named),
            Column("owner", "归口"),
            Column("classification", "密级与管理"),
            Column("kept", "保存期", value=lambda kind: _kept(kind, actor)),
            Column("tables", "数据表", "number", value=lambda kind: len(kind.tables)),
        ),
        filters=(
            Filter("title", "种类", lookup="title__contains"),
            Filter("classification", "密级", lookup="classification__contains"),
            Filter("owner", "归口", lookup="owner__contains"),
        ),
        size=100,
        link=lambda kind: reverse("agencies:information-kind", args=[kind.kind]),
        empty="没有这样的信息。",
    )
    said = "系统中的每一张数据表都列在其中。" if decision.granted else decision.refusals[0].message
    return table_page(
        request, title="考试信息清单", table=table, intro=f"归口、密级、保存期一览（考务 第四十五条）。{said}"
    )


def _named(kind: InformationKind) -> Pill:
    return Pill(kind.named, "info") if kind.named else Pill("其他")


def _kept(kind: InformationKind, actor: Actor) -> str:
    return queries.kept_for(kind, clock.today(), actor.agency_code[:2] or None)


@staff_page(posts=STAFF_POSTS)
def information_kind(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """One kind: owner, class, retention, and the tables where it stands."""
    found = queries.information_kind(kind)
    if found is None:
        raise NotFound("information-not-found", facts={"kind": kind})
    names = queries.stored_tables()
    return object_page(
        request,
        kicker="考试信息",
        title=found.title,
        pill=_named(found),
        facts={
            "归口与密级": [
                Fact("归口", found.owner, clause="EA-45"),
                Fact("密级与管理", found.classification, clause=found.clause),
                Fact("保存期", _kept(found, actor), clause=found.keepings[0].clause if found.keepings else "EA-45"),
            ],
            "数据表": [Fact(names.get(table, table), table, "code") for table in found.tables],
        },
        steps=[Step("产生", "past"), Step("保存", "present"), Step("到期", "future")],
        back=Link("考试信息清单", reverse("agencies:inventory")),
    )
