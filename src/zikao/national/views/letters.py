"""The provinces' letters about premises of tutoring institutions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Step,
    Table,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.national import policies
from zikao.national.models import ReceivedLetter
from zikao.national.queries import letters as queries

tell(**{"national.premises-letter-received": "收到使用助学机构场地专函并答复"})


@staff_page(posts=policies.READERS)
def letter_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every letter that came in."""
    table = Table(
        queries.received_letters(),
        (
            Column("received_at", "收到时间", "datetime", sortable=True),
            Column("province", "省份", "code"),
            Column("sitting_code", "考次", "code"),
            Column("site_code", "考点代码", "code"),
            Column("name", "考点", value=lambda row: row.body["name"]),
            Column("rooms", "考场", "number", value=lambda row: row.body["rooms"]),
            Column("receipt_number", "收文号", "code"),
        ),
        filters=(Filter("province", "省份"), Filter("sitting_code", "考次")),
        link=lambda row: reverse("national:letter", args=[row.pk]),
        order="-received_at",
        empty="还没有收到专函。考点设在助学机构场地的省份，须在每次考试前报送。",
    )
    return table_page(request, title="使用助学机构场地专函", table=table)


@staff_page(posts=policies.READERS)
def letter_page(request: HttpRequest, actor: Actor, letter_id: int) -> HttpResponse:
    """One letter with its staff."""
    found = queries.received_letter(letter_id)
    body = found.body
    return object_page(
        request,
        kicker="使用助学机构场地专函",
        title=f"{body['name']}（{found.sitting_code}）",
        pill=Pill("已收", "done"),
        facts=_facts(found),
        steps=[Step("省级报送", "past"), Step("收文并答复", "present", found.received_at)],
        history=f"national.receivedletter:{found.pk}",
        back=Link("使用助学机构场地专函", reverse("national:letters")),
        extra_template="agencies/_letter.html",
        context={"staff": body["staff"]},
    )


def _facts(found: ReceivedLetter) -> dict[str, list[Fact]]:
    body = found.body
    return {
        "考点": [
            Fact("考点", f"{found.site_code} {body['name']}"),
            Fact("地址", body["address"]),
            Fact("助学机构", body["institution"], clause="EA-24.3"),
            Fact("考场与座位", f"{body['rooms']} 个考场，{body['seats']} 个座位"),
            Fact("设点原因", body["reason"], clause="EA-A3.1"),
            Fact("省级批文", body["approval"], "code"),
            Fact("组织方式", body["run_by"]),
        ],
        "收文": [
            Fact("省份", found.province, "code"),
            Fact("函号", found.number, "code"),
            Fact("考次", found.sitting_code, "code"),
            Fact("收文号", found.receipt_number, "code"),
            Fact("收到时间", found.received_at, "datetime"),
            Fact("内容摘要", found.digest[:16], "code", note="SM3，前16位"),
        ],
    }
