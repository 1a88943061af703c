"""Pages of conduct: the site's day, the room as its seats, attendance by forms, sheets from a file, printed records."""

from __future__ import annotations

import pymupdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.conduct import a_seat, a_session, a_signed_room, admitted, after, on_duty, the_seats, when
from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.personnel.models import Person

pytestmark = pytest.mark.django_db


def _site(at):
    return {"site_id": a_seat(at).room.site_id}


def _site_unit(at):
    seat = a_seat(at)
    return {"site_id": seat.room.site_id, "unit_id": seat.unit_id}


def _room(at):
    seat = a_seat(at)
    return {"room_id": seat.room_id, "unit_id": seat.unit_id}


def _session(at):
    return {"session_id": a_session(at).pk}


def _admitted(at):
    seat = a_seat(at)
    admitted(seat)
    return {"seat_id": seat.pk}


READ = {"guest": 302, "candidate": 403, "site-chief@3201": 200, "site-chief@3202": 404, "prefecture-clerk@3201": 200}
KEEP = {"guest": 302, "prefecture-clerk": 403, "invigilator@3201": 200, "invigilator@3202": 404}
TAKE = {"guest": 302, "invigilator": 403, "site-chief@3201": 200, "province-clerk@33": 404}
ROUTES = {
    "conduct:sites": {"guest": 302, "candidate": 403, "site-chief": 200, "marker": 403},
    "conduct:rooms": {"guest": 302, "candidate": 403, "site-chief": 200, "marker": 403},
    "conduct:day": {"kwargs": _site, **READ},
    "conduct:take-in": {"kwargs": _site_unit, **TAKE},
    "conduct:table": {"kwargs": _site_unit, **TAKE},
    "conduct:absentees": {"kwargs": _site_unit, **READ},
    "conduct:room": {"kwargs": _room, **READ, "invigilator@3201-99": 404},
    "conduct:open": {"kwargs": _room, "guest": 302, "prefecture-clerk": 403, "invigilator@3201": 200},
    "conduct:mark": {"kwargs": _session, **KEEP},
    "conduct:sign": {"kwargs": _session, **KEEP},
    "conduct:record": {"kwargs": _session, **READ},
    "conduct:admit": {"kwargs": lambda at: {"seat_id": a_seat(at).pk}, **KEEP},
    "conduct:hand-in": {"kwargs": _admitted, **KEEP},
}


def text(answer):
    return answer.content.decode()


def pdf_text(answer):
    with pymupdf.open(stream=answer.content, filetype="pdf") as pdf:
        return "".join(page.get_text() for page in pdf)


@pytest.fixture
def now(monkeypatch):
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def room_url(seat):
    return reverse("conduct:room", args=[seat.room_id, seat.unit_id])


def test_chief_sees_the_next_act_of_the_day_and_its_rooms(signed_in, at, now):
    seat = a_seat(at)
    now(when(seat, -35))
    page = text(signed_in(Post.SITE_CHIEF).get(reverse("conduct:day", args=[seat.room.site_id])))
    assert reverse("incidents:report") in page
    assert '<div class="next-what">组织考生入场</div>' in page
    assert "还有 5 分钟" in page
    assert "08:20" in page
    assert room_url(seat) in page


def test_chief_sees_that_the_day_is_over(signed_in, at, now):
    seat = a_seat(at)
    now(when(seat, 60 * 24 * 9))
    assert "已经全部结束" in text(signed_in(Post.SITE_CHIEF).get(reverse("conduct:day", args=[seat.room.site_id])))


def test_chief_finds_the_sites_of_the_sitting_with_their_rooms(signed_in, at):
    seat = a_signed_room(at).room
    page = text(signed_in(Post.SITE_CHIEF).get(reverse("conduct:sites")))
    assert seat.site.code in page


def test_invigilator_admits_from_the_seat(signed_in, at, now):
    seat = a_seat(at)
    now(when(seat))
    client = signed_in(Post.INVIGILATOR, "3201")
    url = reverse("conduct:admit", args=[seat.pk])
    assert url in text(client.get(room_url(seat)))
    refused = client.post(url, {"admission_card": "on", "notice": "on"})
    assert refused.status_code == 409
    assert "没有出示有效居民身份证" in text(refused)
    answer = client.post(url, {"admission_card": "on", "notice": "on", "identity_document": "on"}, follow=True)
    assert "已登记入场" in text(answer)
    assert "desk present" in text(answer)


def test_invigilator_marks_absent_seats_on_the_form_and_signs(signed_in, at, now):
    session = a_session(at, candidates=6)
    seat = the_seats()[0]
    now(when(seat, 20))
    client = signed_in(Post.INVIGILATOR, "3201")
    page = text(client.get(room_url(seat)))
    assert "现在还不能签字上交" in page
    answer = client.post(
        reverse("conduct:mark", args=[session.pk]),
        {"absent": [seat.number], "no_handwriting": [the_seats()[1].number], "documents_checked": "on"},
        follow=True,
    )
    assert "desk absent" in text(answer)
    assert f'value="{seat.number}"' in text(client.get(reverse("conduct:mark", args=[session.pk])))
    now(after(seat))
    assert "待签字的考场情况记录" in text(client.get("/staff/"))
    sign_url = reverse("conduct:sign", args=[session.pk])
    alone = client.post(sign_url, {"invigilators": on_duty(seat)[:1]})
    assert "名以上监考员签字" in text(alone)
    signed = client.post(sign_url, {"invigilators": on_duty(seat), "remarks": "正常"}, follow=True)
    assert "缺考 1 人" in text(signed)
    assert "考场情况记录已经签字" in text(signed)


def test_invigilator_hands_in_from_the_seat(signed_in, at, now):
    seat = a_seat(at)
    admitted(seat)
    now(when(seat, 121))
    client = signed_in(Post.INVIGILATOR, "3201")
    answer = client.post(reverse("conduct:hand-in", args=[seat.pk]), {"handwriting_taken": "on"}, follow=True)
    assert "已交卷" in text(answer)


def test_chief_opens_a_room_where_nobody_came(signed_in, at, now):
    seat = a_seat(at)
    now(when(seat))
    client = signed_in(Post.SITE_CHIEF)
    answer = client.post(reverse("conduct:open", args=[seat.room_id, seat.unit_id]), follow=True)
    assert "考场情况记录已建立" in text(answer)


def _table(client, seat):
    answer = client.get(reverse("conduct:table", args=[seat.room.site_id, seat.unit_id]))
    return answer.content.decode("utf-8-sig")


def _named_apart():
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(name=f"监考{person.pk}")


def test_chief_fills_in_the_table_and_hands_it_back(signed_in, at, now):
    seat = a_seat(at, candidates=8)
    _named_apart()
    now(after(seat))
    client = signed_in(Post.SITE_CHIEF)
    filled = _table(client, seat).replace(f"{seat.room.number},,", f"{seat.room.number},{seat.number},", 1)
    upload = SimpleUploadedFile("rooms.csv", filled.encode("gbk"), "text/csv")
    url = reverse("conduct:take-in", args=[seat.room.site_id, seat.unit_id])
    answer = client.post(url, {"file": upload}, follow=True)
    assert f"实到 {len(the_seats()) - 1} 人" in text(answer)
    assert Attendance.objects.get(present=False).seat_id == seat.pk
    assert RoomSession.objects.filter(state="signed").count() == len({each.room_id for each in the_seats()})


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("999,,,{a},{b},", "第 1 行“考场”：“999”不是本考点本单元使用的考场"),
        ("1,第三座,,{a},{b},", "第 1 行“缺考座位”：“第三座”不是座位号"),
        ("1,,x,{a},{b},", "第 1 行“未采集笔迹座位”"),
        ("1,,,张无忌,{b},", "第 1 行“监考员甲”：“张无忌”不是派到本考场本单元的监考员"),
        ("1,,,{a},,", "第 1 行“监考员乙”：没有填写"),
        ("1,,,{a},{b},\n1,,,{a},{b},", "第 2 行“考场”：与第 1 行是同一个考场"),
    ],
)
def test_chief_reads_line_column_and_reason_of_a_bad_row(signed_in, at, now, line, fault):
    seat = a_seat(at)
    first, second = on_duty(seat)
    now(after(seat))
    url = reverse("conduct:take-in", args=[seat.room.site_id, seat.unit_id])
    answer = signed_in(Post.SITE_CHIEF).post(url, {"text": line.format(a=first, b=second)})
    assert answer.status_code == 422
    assert fault in text(answer)
    assert not RoomSession.objects.exists()


def test_chief_reads_what_is_wrong_when_the_file_is_no_text(signed_in, at):
    seat = a_seat(at)
    url = reverse("conduct:take-in", args=[seat.room.site_id, seat.unit_id])
    client = signed_in(Post.SITE_CHIEF)
    picture = client.post(url, {"file": SimpleUploadedFile("a.png", b"\x89PNG\xff\xff\x00\xff")})
    assert "不是 CSV 文本" in text(picture)
    assert "请上传登记表" in text(client.post(url, {}))


def test_record_shows_every_seat_with_the_absent_and_lines_to_sign(signed_in, at):
    session = a_signed_room(at, absent=frozenset({1}), candidates=6)
    found = pdf_text(signed_in(Post.SITE_CHIEF).get(reverse("conduct:record", args=[session.pk])))
    assert "考场情况记录单" in found
    for seat in session.room.seats_taken.filter(unit=session.unit):
        assert seat.entry.candidate.admission_number in found
    assert "缺考" in found
    assert "监考员甲" in found


def test_list_of_absentees_names_them_and_says_when_it_is_incomplete(signed_in, at):
    session = a_signed_room(at, absent=frozenset({1}), candidates=50)
    url = reverse("conduct:absentees", args=[session.room.site_id, session.unit_id])
    found = pdf_text(signed_in(Post.SITE_CHIEF).get(url))
    gone = Attendance.objects.select_related("seat__entry__candidate").get(present=False)
    assert gone.seat.entry.candidate.admission_number in found
    assert "名单不完整" in found


def test_room_page_asks_the_database_as_often_for_many_seats_as_for_few(signed_in, at, django_assert_max_num_queries):
    seat = a_seat(at, candidates=20)
    client = signed_in(Post.SITE_CHIEF)
    client.get(room_url(seat))
    with django_assert_max_num_queries(30):
        client.get(room_url(seat))
