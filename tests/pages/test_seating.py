"""The pages of the draw: who may open which, what they show, and the papers they print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pymupdf
import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.actors import COUNTY
from zikao.foundation import clock
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
PLACE = "2026-10"


def an_open_draw(at: datetime) -> dict[str, Any]:
    from tests.factories.seating import committed

    committed(at)
    return {"sitting_code": PLACE}


def an_issued_draw(at: datetime) -> dict[str, Any]:
    from tests.factories.seating import issued

    issued(at, candidates=3)
    return {"sitting_code": PLACE}


def a_room(at: datetime) -> dict[str, Any]:
    from zikao.stages.seating.models import Seat

    an_issued_draw(at)
    seat = Seat.objects.order_by("unit_id", "room_id").first()
    assert seat is not None
    return {"room_id": seat.room_id, "unit_id": seat.unit_id}


ACT = {"kwargs": an_open_draw, "guest": 302, "candidate": 403, "county-clerk": 403, "exam-affairs-head": 200}
ROOM = {
    "kwargs": a_room,
    "guest": 302,
    "candidate": 403,
    "marker": 403,
    "exam-affairs-head": 200,
    "prefecture-clerk@3201": 200,
    "prefecture-clerk@3202": 404,
}
MINE = {"kwargs": an_issued_draw, "guest": 302, "candidate": 200, "candidate@other": 404, "county-clerk": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "seating:draws": {"guest": 302, "candidate": 403, "marker": 403, "county-clerk": 200, "province-clerk": 200},
    "seating:draw": {"kwargs": an_issued_draw, "guest": 302, "candidate": 403, "marker": 403, "prefecture-clerk": 200},
    "seating:commit": {**ACT, "auditor": 200},
    "seating:reveal": {**ACT, "auditor": 200},
    "seating:draw-seats": {**ACT, "auditor": 403},
    "seating:issue": {**ACT, "auditor": 403},
    "seating:order-notices": {"kwargs": an_issued_draw, "guest": 302, "county-clerk": 200, "site-chief": 403},
    "seating:record": {"kwargs": an_issued_draw, "guest": 302, "exam-affairs-head": 200, "county-clerk": 403},
    "seating:rooms": {"kwargs": an_issued_draw, "guest": 302, "candidate": 403, "prefecture-clerk": 200},
    "seating:room": ROOM,
    "seating:room-sheet": ROOM,
    "seating:door-list": ROOM,
    "seating:card-labels": ROOM,
    "seating:my-notices": {"guest": 302, "candidate": 200, "county-clerk": 403},
    "seating:my-notice": MINE,
    "seating:my-notice-pdf": MINE,
}


def page(client: Client, name: str, **kwargs: Any) -> str:
    answer = client.get(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


def test_head_sees_what_is_open_and_why_the_rest_is_closed(signed_in: Callable[..., Client], at: datetime):
    an_open_draw(at)
    text = page(signed_in(Post.EXAM_AFFAIRS_HEAD, "32"), "seating:draw", sitting_code=PLACE)
    assert "密数还没有全部公开。" in text
    assert "承诺人0" in text
    assert "提交密数承诺" in text


def test_officials_take_a_sitting_from_commitment_to_notice_on_the_pages(
    signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
):
    from tests.factories.accounts import sign_in_again
    from tests.factories.agencies import a_site
    from tests.factories.entries import a_frozen_list, a_window, paid_entries
    from tests.factories.seating import SECRETS, later
    from zikao.stages.seating import rules

    a_window(at)
    a_site(at)
    paid_entries(at)
    officials = [signed_in(Post.EXAM_AFFAIRS_HEAD, "32"), signed_in(Post.PROVINCE_HEAD, "32")]

    def act(client: Client, name: str, **data: str) -> None:
        answer = client.post(reverse(f"seating:{name}", args=[PLACE]), data)
        assert answer.status_code == 302, answer.content.decode()

    for client, secret in zip(officials, SECRETS, strict=True):
        act(client, "commit", digest=rules.digest_of_secret(secret))
    a_frozen_list(at)
    monkeypatch.setattr(clock, "now", lambda: later(at))
    for client, secret in zip(map(sign_in_again, officials), SECRETS, strict=True):
        act(client, "reveal", secret=secret)
    act(officials[0], "draw-seats")
    act(officials[0], "issue")
    assert "通知单已发放" in page(officials[0], "seating:draw", sitting_code=PLACE)
    assert "考场" in page(signed_in(Post.CANDIDATE), "seating:my-notice", sitting_code=PLACE)


def test_late_commitment_is_told_with_its_clause(
    signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
):
    from tests.factories.seating import later

    an_open_draw(at)
    monkeypatch.setattr(clock, "now", lambda: later(at))
    answer = signed_in(Post.EXAM_AFFAIRS_HEAD, "32").post(
        reverse("seating:commit", args=[PLACE]), {"digest": "ab" * 32}
    )
    assert answer.status_code == 409
    assert "已经晚了" in answer.content.decode()
    assert "第十六条" in answer.content.decode()


def test_candidate_sees_no_notice_before_it_is_issued(signed_in: Callable[..., Client], at: datetime):
    from tests.factories.seating import drawn

    drawn(at, candidates=1)
    client = signed_in(Post.CANDIDATE)
    assert "还没有您的考试通知单" in page(client, "seating:my-notices")
    assert client.get(reverse("seating:my-notice-pdf", args=[PLACE])).status_code == 404


def test_the_downloaded_notice_names_every_course_and_seat(signed_in: Callable[..., Client], at: datetime):
    from zikao.stages.seating.models import Seat

    an_issued_draw(at)
    client = signed_in(Post.CANDIDATE)
    answer = client.get(reverse("seating:my-notice-pdf", args=[PLACE]))
    assert answer["Content-Type"] == "application/pdf"
    words = "".join("".join(sheet.get_text().split()) for sheet in pymupdf.open(stream=answer.content))
    last = Seat.objects.order_by("-entry_id").select_related("entry__candidate", "paper__course", "room").first()
    assert last is not None
    assert "开考15分钟后" in words
    for expected in ("考试通知单", last.entry.candidate.name, last.entry.candidate.admission_number,
                     last.paper.course.name, f"{last.room.number:03d}", f"{last.number:02d}"):  # fmt: skip
        assert expected in words
    assert len(pymupdf.open(stream=answer.content)[0].get_images()) == 3


def test_notice_prints_granted_accommodations_and_the_extended_end(at: datetime):
    from tests.factories.needs import a_grant
    from zikao.stages.candidates.models import Candidate
    from zikao.stages.seating import queries
    from zikao.stages.seating.views import printing

    an_issued_draw(at)
    candidate, other = Candidate.objects.order_by("id")[:2]
    a_grant(at, candidate)
    notice = queries.notice_of(candidate.pk, PLACE)
    paper = pymupdf.open(stream=printing.notice_pdf(candidate.pk, PLACE))
    words = "".join("".join(sheet.get_text().split()) for sheet in paper)
    assert "大字号试卷" in words
    assert "宁招考〔2026〕7号" in words
    assert [row["extended"] for row in notice["seats"]] == [
        "延长 45 分钟，至 12:15",
        "延长 45 分钟，至 17:45",
    ]
    assert "延长45分钟" in words
    assert queries.notice_of(other.pk, PLACE)["needs"] == []


def test_notices_of_a_county_come_in_bulk(at: datetime):
    from tests.factories.actors import county_clerk
    from zikao.stages.seating.views.printing import notices_pdfs

    an_issued_draw(at)
    whole = list(notices_pdfs(county_clerk(COUNTY), PLACE))
    assert [len(pymupdf.open(stream=pdf)) for pdf in whole] == [3]
    assert list(notices_pdfs(county_clerk("320104"), PLACE)) == []


def test_room_page_shows_each_seat_of_the_room(signed_in: Callable[..., Client], at: datetime):
    from zikao.stages.seating.models import Seat

    place = a_room(at)
    text = page(signed_in(Post.EXAM_AFFAIRS_HEAD, "32"), "seating:room", **place)
    seats = Seat.objects.filter(**place).order_by("number")
    assert all(number in text for number in seats.values_list("entry__candidate__admission_number", flat=True))
    assert text.count('class="desk ') == 30
    assert text.count("空</small>") == 30 - seats.count()


def test_work_list_leads_officials_through_the_draw(at: datetime):
    from tests.factories.actors import head
    from tests.factories.entries import a_window
    from tests.factories.seating import SECRETS, closed, later, official
    from zikao.foundation.pages.worklist import told
    from zikao.stages.seating import commands
    from zikao.stages.seating.views import waiting

    a_window(at)
    assert told([waiting.commitments_to_make(official(0))])[0].count == 1
    closed(at, candidates=1)
    assert told([waiting.commitments_to_make(official(0))])[0].count == 0
    waits = told([waiting.secrets_to_reveal(official(number)) for number in (0, 1, 2)])
    assert [each.count for each in waits] == [1, 1, 0]
    for number, secret in enumerate(SECRETS):
        commands.reveal_secret(sitting_code=PLACE, secret=secret, by=official(number), at=later(at))
    waits = told([waiting.secrets_to_reveal(official(0)), waiting.draws_to_make(head())])
    assert [each.count for each in waits] == [0, 1]
    commands.draw_seats(sitting_code=PLACE, by=head(), at=later(at))
    waits = told([waiting.draws_to_make(head()), waiting.notices_to_issue(head())])
    assert [each.count for each in waits] == [0, 1]


def test_candidate_is_told_of_the_notice_on_the_first_page(at: datetime):
    from tests.factories.candidates import as_candidate
    from zikao.stages.candidates.models import Candidate
    from zikao.stages.seating.views import waiting

    an_issued_draw(at)
    task = waiting.notice(as_candidate(Candidate.objects.earliest("id")))
    assert task is not None
    assert task.url == reverse("seating:my-notice", args=[PLACE])
