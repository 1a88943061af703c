"""Pages of the check of rooms before use: the overview, a site's rooms, the forms, the printed list."""

from __future__ import annotations

import pymupdf
import pytest
from django.urls import reverse

from tests.factories.accounts import sign_in_again
from tests.factories.conduct import an_unchecked_seat, rooms_checked, the_seats, when
from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.stages.conduct.models import RoomCheck
from zikao.stages.conduct.states import RoomFault

pytestmark = pytest.mark.django_db
SITTING = "2026-10"


def _site(at):
    return {"site_id": an_unchecked_seat(at).room.site_id, "sitting": SITTING}


def _room(at):
    return {"room_id": an_unchecked_seat(at).room_id, "sitting": SITTING}


READ = {"guest": 302, "candidate": 403, "site-chief@3201": 200, "site-chief@3202": 404, "exam-affairs-head": 200}
CHECK = {"guest": 302, "invigilator@3201": 403, "site-chief@3201": 200, "prefecture-clerk@3202": 404}
ROUTES = {
    "conduct:checks": {"guest": 302, "candidate": 403, "site-chief": 200, "marker": 403},
    "conduct:site-checks": {"kwargs": _site, **READ},
    "conduct:check-history": {"kwargs": _site, **READ},
    "conduct:checklist": {"kwargs": _site, **READ},
    "conduct:record-checks": {"kwargs": _site, **CHECK},
    "conduct:check-room": {"kwargs": _room, **CHECK},
}


def text(answer):
    return answer.content.decode()


def test_chief_registers_a_site_with_its_exceptions_and_the_room_again(signed_in, at, monkeypatch):
    seat = an_unchecked_seat(at, candidates=50)
    used = len({each.room_id for each in the_seats()})
    client = signed_in(Post.SITE_CHIEF)
    assert "没有检查或者不合格的考场" in text(client.get("/staff/"))
    site = {"site_id": seat.room.site_id, "sitting": SITTING}
    url = reverse("conduct:record-checks", kwargs=site)
    checker = seat.room.site.duties.first().person_id
    given = {"checked_at": "2026-08-20T09:30", "checker_id": checker}
    bad = client.post(url, {**given, "rooms": "999", "faults": f"{seat.room.number}，99，墙\n7x\n"})
    assert bad.status_code == 422
    for fault in (
        "999不是本考点使用的考场",
        "第 1 行：项目序号在 1 到 11 之间",
        "第 2 行：应有考场号、项目序号、情况三项",
    ):
        assert fault in text(bad)
    answer = client.post(url, {**given, "faults": f"{seat.room.number}，8 10，板报没有遮盖，时钟慢"}, follow=True)
    assert f"已登记 {used} 个考场的检查结果" in text(answer)
    assert "不合格，停用" in text(answer)
    assert RoomCheck.objects.get(room=seat.room).failed == ["writing", "clock"]
    monkeypatch.setattr(clock, "now", lambda: when(seat))
    sign_in_again(client)
    room = text(client.get(reverse("conduct:room", args=[seat.room_id, seat.unit_id])))
    assert "检查不合格，停止使用" in room
    day = text(client.get(reverse("conduct:day", args=[seat.room.site_id])))
    assert f"不合格停用：第 <b>{seat.room.number}</b> 考场" in day
    again = reverse("conduct:check-room", args=[seat.room_id, SITTING])
    unsaid = client.post(again, {**given, "failed": ["clock"]})
    assert "请写明不合格的情况" in text(unsaid)
    answer = client.post(again, {"checker_id": checker, "checked_at": "2026-10-24T08:30"}, follow=True)
    assert "检查结果已登记" in text(answer)
    history = text(client.get(reverse("conduct:check-history", kwargs=site)))
    assert "板报没有遮盖" in history
    assert history.count("<tr") == used + 2
    overview = text(client.get(reverse("conduct:checks")))
    assert seat.room.site.code in overview
    assert seat.room.site.code not in text(client.get(reverse("conduct:checks") + "?state=failed"))


def test_list_to_fill_in_has_every_room_and_condition(signed_in, at):
    seat = an_unchecked_seat(at)
    rooms_checked(at, seat, faults=[RoomFault(seat.room_id, frozenset({"air"}), "窗户打不开")])
    answer = signed_in(Post.SITE_CHIEF).get(
        reverse("conduct:checklist", kwargs={"site_id": seat.room.site_id, "sitting": SITTING})
    )
    with pymupdf.open(stream=answer.content, filetype="pdf") as pdf:
        found = "".join(page.get_text() for page in pdf).replace("\n", "")
    for each in ("考场条件检查表", "通风条件好", "窗户打不开", "×", "√", "检查人", f"{seat.room.number:03d}"):
        assert each in found
