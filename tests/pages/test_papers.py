"""Pages of papers: the list, a box with its journey, hand-overs as forms, printed sheets."""

from __future__ import annotations

import pymupdf
import pytest
from django.urls import reverse

from tests.factories.agencies import a_secure_room
from tests.factories.papers import a_box, boxes, keeper, on_exam_day
from tests.factories.personnel import certified
from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.stages.papers.models import Box
from zikao.stages.papers.states import BoxState, HandOverKind
from zikao.stages.personnel.states import PostKind

pytestmark = pytest.mark.django_db

BOX = {"kwargs": lambda at: {"box_id": a_box(at).pk}}
AREA = {"prefecture-clerk@3201": 200, "prefecture-clerk@3202": 404, "candidate": 403, "guest": 302}
CHIEF = {"site-chief@3201": 200, "site-chief@3301": 404, "prefecture-clerk": 403, "guest": 302}
ROUTES = {
    "papers:boxes": {"guest": 302, "candidate": 403, "papers-officer": 200, "county-clerk": 403, "auditor@32": 200},
    "papers:pack": {"guest": 302, "papers-officer": 200, "prefecture-clerk": 403},
    "papers:store": {"guest": 302, "papers-officer": 200, "prefecture-clerk": 200, "site-chief": 403},
    "papers:issue": {"guest": 302, "papers-officer": 403, "prefecture-clerk": 200, "site-chief": 403},
    "papers:receive": {"guest": 302, "prefecture-clerk": 403, "site-chief": 200},
    "papers:seal": {"guest": 302, "prefecture-clerk": 403, "site-chief": 200},
    "papers:return": {"guest": 302, "prefecture-clerk": 200, "site-chief": 403},
    "papers:unit-sheet": {"kwargs": lambda at: {"unit_id": a_box(at).unit_id}, **AREA},
    "papers:box": {**BOX, **AREA, "site-chief@3201": 200, "exam-affairs-head@32": 200, "exam-affairs-head@33": 404},
    "papers:box-sheet": {**BOX, **AREA},
    "papers:labels": {**BOX, **AREA},
    "papers:store-box": {**BOX, **AREA},
    "papers:issue-box": {**BOX, **AREA},
    "papers:receive-box": {**BOX, **CHIEF},
    "papers:seal-box": {**BOX, **CHIEF},
    "papers:return-box": {**BOX, **AREA},
}


def text(answer):
    return answer.content.decode()


def pdf_text(answer):
    with pymupdf.open(stream=answer.content, filetype="pdf") as pdf:
        return "".join(page.get_text() for page in pdf)


def test_clerk_sees_where_the_boxes_of_each_unit_are(signed_in, at):
    made = boxes(at)
    page = text(signed_in(Post.PREFECTURE_CLERK).get(reverse("papers:boxes")))
    assert all(box.code in page for box in made)
    assert "第1单元" in page
    assert "已装箱密封" in page


def test_clerk_filters_boxes_by_state(signed_in, at):
    box = a_box(at, BoxState.STORED)
    page = text(signed_in(Post.PREFECTURE_CLERK).get(reverse("papers:boxes"), {"state": "stored"}))
    other = Box.objects.exclude(pk=box.pk).get()
    assert box.code in page
    assert other.code not in page


def test_clerk_sees_the_journey_with_names_and_what_is_next(signed_in, at):
    box = a_box(at, BoxState.STORED)
    page = text(signed_in(Post.PREFECTURE_CLERK).get(reverse("papers:box", args=[box.pk])))
    assert "测试试卷保密管理员 → 保管员甲" in page
    assert "试卷保密室" in page
    assert "领取本单元试卷" in page
    assert reverse("papers:issue-box", args=[box.pk]) in page
    assert reverse("papers:return-box", args=[box.pk]) not in page
    assert "还没有到这一步" in page
    assert "交接试卷箱" in page


def test_packer_packs_on_the_page(signed_in, at):
    from tests.factories.seating import drawn

    drawn(at)
    client = signed_in(Post.PAPERS_OFFICER)
    refused = client.post(reverse("papers:pack"), {"sitting": "2026-10"})
    assert refused.status_code == 409
    assert "请先培训、考核并发证" in text(refused)
    certified(at, {client.account.pk: client.account.name}, PostKind.PAPERS)
    assert "2026-10" in text(client.get(reverse("papers:pack")))
    assert "待整理装箱" in text(client.get("/staff/"))
    answer = client.post(reverse("papers:pack"), {"sitting": "2026-10"}, follow=True)
    assert "已装 2 箱" in text(answer)


def test_clerk_stores_a_box_on_its_page(signed_in, at):
    box = boxes(at)[0]
    room = a_secure_room(at)
    client = signed_in(Post.PREFECTURE_CLERK)
    given = {
        "giver": box.holder,
        "taker_id": keeper("保管员甲").pk,
        "seal_number": box.seal_number,
        "secure_room_id": room.pk,
    }
    choices = text(client.get(reverse("papers:store-box", args=[box.pk])))
    assert "保管员甲（某大学）　试卷保管员上岗证" in choices
    assert "主考丙" not in choices
    refused = client.post(reverse("papers:store-box", args=[box.pk]), given)
    assert refused.status_code == 409
    assert "密封不完好" in text(refused)
    answer = client.post(reverse("papers:store-box", args=[box.pk]), {**given, "seal_intact": "on"}, follow=True)
    assert "入保密室已登记" in text(answer)
    assert Box.objects.get(pk=box.pk).holder == "保管员甲"


def test_clerk_hands_over_many_boxes_by_lines(signed_in, at):
    made = boxes(at)
    room = a_secure_room(at)
    client = signed_in(Post.PREFECTURE_CLERK)
    lines = "\n".join(f"{box.code}，{box.seal_number}" for box in made)
    given = {"giver": made[0].holder, "taker_id": keeper("保管员甲").pk, "secure_room_id": room.pk, "seal_intact": "on"}
    bad = client.post(reverse("papers:store"), {**given, "lines": f"{lines}\nX1"})
    assert bad.status_code == 422
    assert "第 3 行" in text(bad)
    strange = client.post(reverse("papers:store"), {**given, "lines": f"{lines}\nX1 F1"})
    assert strange.status_code == 404
    assert set(Box.objects.values_list("state", flat=True)) == {"packed"}
    answer = client.post(reverse("papers:store"), {**given, "lines": lines}, follow=True)
    assert "入保密室：2 箱已登记" in text(answer)


def test_chief_counts_and_signs_for_a_box(signed_in, at, monkeypatch):
    box = a_box(at, BoxState.ISSUED)
    monkeypatch.setattr(clock, "now", lambda: on_exam_day(box))
    client = signed_in(Post.SITE_CHIEF)
    assert "运送中、待签收的试卷箱" in text(client.get("/staff/"))
    given = {
        "giver": box.holder, "taker_id": keeper("主考丙").pk, "seal_number": box.seal_number, "seal_intact": "on",
        "packs_counted": box.packs.count() + 1, "box_empty_after": "on",
    }  # fmt: skip
    url = reverse("papers:receive-box", args=[box.pk])
    assert "不能签收" in text(client.post(url, given))
    answer = client.post(url, {**given, "packs_counted": box.packs.count()}, follow=True)
    assert "考点签收已登记" in text(answer)
    assert f"清点 {box.packs.count()} 袋" in text(answer)


def test_chief_seals_scripts_under_a_new_seal(signed_in, at, monkeypatch):
    box = a_box(at, BoxState.AT_SITE)
    monkeypatch.setattr(clock, "now", lambda: on_exam_day(box))
    given = {
        "giver": box.holder, "taker_id": keeper("考务员丁").pk, "seal_number": box.seal_number, "seal_intact": "on",
        "new_seals": "S77",
    }  # fmt: skip
    signed_in(Post.SITE_CHIEF).post(reverse("papers:seal-box", args=[box.pk]), given)
    assert Box.objects.get(pk=box.pk).seal_number == "S77"


def test_sheet_names_every_box_seal_and_line_to_sign(signed_in, at):
    made = boxes(at)
    client = signed_in(Post.PREFECTURE_CLERK)
    found = pdf_text(client.get(reverse("papers:unit-sheet", args=[made[0].unit_id])))
    assert "试卷交接单" in found
    assert made[0].seal_number in found
    assert made[1].seal_number not in found
    assert all(kind.label in found for kind in HandOverKind)
    assert "主考签字" in found


def test_sheet_of_a_box_shows_who_signed_so_far(signed_in, at):
    box = a_box(at, BoxState.STORED)
    found = pdf_text(signed_in(Post.PREFECTURE_CLERK).get(reverse("papers:box-sheet", args=[box.pk])))
    assert "保管员甲" in found


def test_labels_name_course_room_and_copies_of_each_pack(signed_in, at):
    box = boxes(at)[0]
    answer = signed_in(Post.PREFECTURE_CLERK).get(reverse("papers:labels", args=[box.pk]))
    assert answer["Content-Type"] == "application/pdf"
    found = pdf_text(answer)
    for pack in box.packs.select_related("paper__course"):
        assert pack.code in found
        assert pack.paper.course.code in found


def test_list_of_boxes_asks_the_database_as_often_for_many_as_for_few(signed_in, at, django_assert_max_num_queries):
    boxes(at, candidates=8, rooms=3)
    client = signed_in(Post.PREFECTURE_CLERK)
    client.get(reverse("papers:boxes"))
    with django_assert_max_num_queries(30):
        client.get(reverse("papers:boxes"))
