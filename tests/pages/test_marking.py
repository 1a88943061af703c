"""Pages of marking: papers, keys, doubts, cards set aside, the marking desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import marking as make
from tests.factories.collecting import brought
from tests.factories.personnel import certified
from zikao.foundation.actors import Post
from zikao.stages.collecting.states import Work
from zikao.stages.marking import commands
from zikao.stages.marking.models import AnswerKey, Card, Doubt, Mark, Marker, Question, ScanBatch
from zikao.stages.personnel.states import PostKind
from zikao.stages.seating.models import Seat
from zikao.world.scans import Filled, Habits

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
FAINT = Habits(light=0, faint=1, half=0, cross=0, tick=0, dash=0, changed=0, double=0)


def _marker(at: datetime) -> dict[str, Any]:
    from zikao.stages.marking.models import Marker

    make.a_paper_in_marking(at, people=1)
    return {"marker_id": Marker.objects.order_by("id")[0].pk}


def _paper(at: datetime) -> dict[str, Any]:
    return {"paper_id": make.the_questions(at, make.a_paper(at, make.COURSE)).pk}


def _key(at: datetime) -> dict[str, Any]:
    return {"key_id": make.an_entered_key(at, make.the_questions(at, make.a_paper(at, make.COURSE))).pk}


def _faint(at: datetime) -> Doubt:
    paper = make.the_questions(at, make.a_sat_paper(at, people=1, absent=0))
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper)
    make.a_read_batch(at, paper, [make.scan_of(seat, "A---------", habits=FAINT)])
    return Doubt.objects.get()


def _doubt(at: datetime) -> dict[str, Any]:
    return {"doubt_id": _faint(at).pk}


def _torn(at: datetime) -> Card:
    paper = make.the_questions(at, make.a_sat_paper(at, people=1, absent=0))
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper)
    make.a_read_batch(at, paper, [make.the_scanner().torn(Filled(make.barcode_of(seat), make.KEY), seed=3)])
    return Card.objects.get()


def _card(at: datetime) -> dict[str, Any]:
    return {"card_id": _torn(at).pk}


def _task(at: datetime) -> dict[str, Any]:
    make.a_paper_in_marking(at, people=1, markers=1)
    task = commands.next_script(by=make.marker_actor(1), at=at).value
    assert task is not None
    return {"task_id": task.pk}


SEES = {"guest": 302, "candidate": 403, "county-clerk": 403, "marker": 403, "province-clerk": 200}
OPERATES = {"guest": 302, "candidate": 403, "province-clerk": 403, "marker": 403, "reader-operator@32": 200}
RULES = {"guest": 302, "marker": 403, "exam-affairs-head": 403, "province-clerk": 200, "province-clerk@33": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "marking:papers": SEES,
    "marking:paper": {**SEES, "kwargs": _paper},
    "marking:register-questions": {"kwargs": _paper, "guest": 302, "province-clerk": 403, "key-clerk@32": 200},
    "marking:enter-key": {"kwargs": _paper, "guest": 302, "exam-affairs-head": 403, "key-clerk@32": 200},
    "marking:key": {
        "kwargs": _key,
        "guest": 302,
        "key-clerk@32": 403,
        "marker@32": 403,
        "exam-affairs-head": 200,
        "exam-affairs-head@33": 404,
    },
    "marking:sign-key": {"kwargs": _key, "guest": 302, "key-clerk@32": 403, "exam-affairs-head": 200},
    "marking:receive-scans": {**OPERATES, "kwargs": _paper},
    "marking:open-scripts": {**OPERATES, "kwargs": _paper},
    "marking:score-objective": {**OPERATES, "kwargs": _paper},
    "marking:take-back-script": {"kwargs": _marker, "guest": 302, "marker@32": 403, "exam-affairs-head": 200},
    "marking:appoint-marker": {"kwargs": _paper, "guest": 302, "marker@32": 403, "exam-affairs-head": 200},
    "marking:total": {"kwargs": _paper, "guest": 302, "exam-affairs-head": 403, "totals-reviewer@32": 200},
    "marking:rubric": {"kwargs": _paper, "guest": 302, "group-leader@32": 200, "province-clerk": 403},
    "marking:make-rubric": {"kwargs": _paper, "guest": 302, "group-leader@32": 200, "marker@32": 403},
    "marking:doubts": {"guest": 302, "marker@32": 403, "reader-operator@32": 200, "province-clerk": 200},
    "marking:doubt-picture": {**RULES, "kwargs": _doubt},
    "marking:set-aside": {"guest": 302, "marker@32": 403, "province-clerk": 200},
    "marking:card": {**RULES, "kwargs": _card},
    "marking:card-picture": {**RULES, "kwargs": _card},
    "marking:place-card": {**RULES, "kwargs": _card},
    "marking:desk": {"guest": 302, "candidate": 403, "province-clerk": 403, "marker@32": 200},
    "marking:give-mark": {"kwargs": _task, "guest": 302, "province-clerk": 403, "marker@32": 404},
    "marking:script-picture": {"kwargs": _task, "guest": 302, "province-clerk": 403, "marker@32": 404},
}


def text_of(client: Client, name: str, **kwargs: object) -> str:
    answer = client.get(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


def key_clerk(signed_in: SignedIn, at: datetime) -> Client:
    """A signed-in clerk who is certified."""
    client = signed_in(Post.KEY_CLERK, "32")
    certified(at, {int(client.session["_auth_user_id"]): "录入员"}, PostKind.MARKER)
    return client


def test_key_clerk_registers_questions_and_enters_the_key_in_the_grid(signed_in: SignedIn, at: datetime) -> None:
    paper, client = make.a_paper(at, make.COURSE), key_clerk(signed_in, at)
    data = {"objective": 10, "points": "4", "written": "40 双评 6\n20"}
    assert client.post(reverse("marking:register-questions", args=[paper.pk]), data).status_code == 302
    assert Question.objects.filter(paper=paper).count() == 12
    assert Question.objects.get(paper=paper, number=11).threshold == 6
    text = text_of(client, "marking:enter-key", paper_id=paper.pk)
    assert text.count('maxlength="1"') == 10
    letters = {f"answers_{at + 1}": letter.lower() for at, letter in enumerate(make.KEY)}
    assert client.post(reverse("marking:enter-key", args=[paper.pk]), letters).status_code == 302
    assert AnswerKey.objects.get().state == "entered"


def test_key_with_an_empty_box_comes_back_with_what_was_typed(signed_in: SignedIn, at: datetime) -> None:
    where, client = _paper(at), key_clerk(signed_in, at)
    answer = client.post(reverse("marking:enter-key", kwargs=where), {"answers_1": "A", "answers_2": "C"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "应为 10 题" in text
    assert 'name="answers_2" value="C"' in text


def test_reviewer_sees_the_letters_and_signs(signed_in: SignedIn, at: datetime) -> None:
    where, client = _key(at), signed_in(Post.EXAM_AFFAIRS_HEAD)
    text = text_of(client, "marking:key", **where)
    assert text.count("<strong>A</strong>") == 3
    key = AnswerKey.objects.get()
    sign = reverse("marking:sign-key", kwargs=where)
    assert client.post(sign, {"digest": key.digest, "checked": "on"}).status_code == 302
    again = client.post(sign, {"digest": key.digest, "checked": "on"})
    assert again.status_code == 409
    assert "一人只能签一次" in again.content.decode()
    assert key.signatures.count() == 1


def test_operator_uploads_scans_of_which_none_is_lost(signed_in: SignedIn, at: datetime) -> None:
    paper = make.the_questions(at, make.a_sat_paper(at, people=2, absent=0))
    images = [SimpleUploadedFile(f"{n}.jpg", scan, "image/jpeg") for n, scan in enumerate(make.scans_of(paper))]
    client = signed_in(Post.READER_OPERATOR, "32")
    assert client.post(reverse("marking:receive-scans", args=[paper.pk]), {"images": images}).status_code == 302
    assert ScanBatch.objects.get().count == Card.objects.count() == 2


def test_paper_page_shows_a_balance_that_adds_up_and_who_is_missing(signed_in: SignedIn, at: datetime) -> None:
    paper = make.the_questions(at, make.a_sat_paper(at, people=3, absent=1))
    make.a_read_batch(at, paper, make.scans_of(paper)[1:])
    missing = Seat.objects.get(paper=paper, number=1).entry.candidate
    text = text_of(signed_in(Post.PROVINCE_CLERK), "marking:paper", paper_id=paper.pk)
    assert "缺卡 1 份" in text
    assert missing.admission_number in text
    assert missing.name not in text


def test_two_people_settle_a_doubt_on_the_page(signed_in: SignedIn, at: datetime) -> None:
    doubt, page = _faint(at), reverse("marking:doubts")
    for post in (Post.READER_OPERATOR, Post.PROVINCE_CLERK):
        client = brought(signed_in(post, "32"), at, Work.MARKING, doubt.card.paper.sitting)
        text = client.get(page).content.decode()
        assert "填涂过浅或不完整" in text
        assert reverse("marking:doubt-picture", args=[doubt.pk]) in text
        assert client.post(page, {"doubt_id": doubt.pk, "answer": "A"}).status_code == 302
        assert "没有待您裁定的存疑" in client.get(page).content.decode()
    doubt.refresh_from_db()
    assert doubt.answer == "A"


def test_second_person_does_not_see_what_the_first_ruled(signed_in: SignedIn, at: datetime) -> None:
    doubt = _faint(at)
    by = replace(make.OPERATOR, name="裁定人甲")
    commands.resolve_doubts(rulings=[commands.rulings.Ruling(doubt.pk, "*")], by=by, at=at)
    text = signed_in(Post.PROVINCE_CLERK).get(reverse("marking:doubts")).content.decode()
    assert "已有 1 人裁定" in text
    assert "裁定人甲" not in text


def test_doubt_ruled_twice_by_one_person_says_why_not(signed_in: SignedIn, at: datetime) -> None:
    doubt = _faint(at)
    client = brought(signed_in(Post.PROVINCE_CLERK), at, Work.MARKING, doubt.card.paper.sitting)
    client.post(reverse("marking:doubts"), {"doubt_id": doubt.pk, "answer": "A"})
    answer = client.post(reverse("marking:doubts"), {"doubt_id": doubt.pk, "answer": "A"})
    assert answer.status_code == 409
    assert "需要另一名指定人员" in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"doubt_id": "x", "answer": "A"}, {"doubt_id": "", "answer": "Z"}])
def test_doubt_posted_without_sense_is_bad_input(signed_in: SignedIn, at: datetime, data: dict[str, str]) -> None:
    assert signed_in(Post.PROVINCE_CLERK).post(reverse("marking:doubts"), data).status_code == 422


def test_torn_card_is_placed_from_its_page(signed_in: SignedIn, at: datetime) -> None:
    card = _torn(at)
    number = Seat.objects.get().entry.candidate.admission_number
    data = {"admission_number": number, "answers": make.KEY.lower(), "note": "按条形码核对"}
    for post in (Post.READER_OPERATOR, Post.PROVINCE_CLERK):
        client = brought(signed_in(post, "32"), at, Work.MARKING, card.paper.sitting)
        assert client.post(reverse("marking:place-card", args=[card.pk]), data).status_code == 302
    card.refresh_from_db()
    assert (card.state, card.answers) == ("resolved", make.KEY)


def test_card_placed_for_nobody_known_answers_404(signed_in: SignedIn, at: datetime) -> None:
    card = _torn(at)
    data = {"admission_number": "999999999999", "answers": make.KEY, "note": "核对"}
    answer = signed_in(Post.PROVINCE_CLERK).post(reverse("marking:place-card", args=[card.pk]), data)
    assert answer.status_code == 404


def marking_client(signed_in: SignedIn, at: datetime) -> tuple[Client, Marker]:
    """A signed-in marker appointed to a paper of one script."""
    paper = make.a_paper_in_marking(at, people=1, markers=0)
    client = brought(signed_in(Post.MARKER, "32"), at, Work.MARKING, paper.sitting)
    marker = make.a_marker(at, make.a_paper(at, make.COURSE), 1)
    account = int(client.session["_auth_user_id"])
    Marker.objects.filter(pk=marker.pk).update(account_id=account)
    certified(at, {account: "评卷员"}, PostKind.MARKER)
    marker.refresh_from_db()
    return client, marker


def test_marker_takes_marks_and_gets_the_next(signed_in: SignedIn, at: datetime) -> None:
    client, marker = marking_client(signed_in, at)
    desk = reverse("marking:desk")
    assert "领取一份" in client.get(desk).content.decode()
    assert client.post(desk).status_code == 302
    for points in ("12.5", "7"):
        page = client.get(desk)
        task = page.context["task"]
        text = page.content.decode()
        assert task.script.code in text
        assert client.get(reverse("marking:script-picture", args=[task.pk])).content[:2] == b"\xff\xd8"
        answer = client.post(reverse("marking:give-mark", args=[task.pk]), {"points": points, "key": f"mark-{task.pk}"})
        assert answer.status_code == 302
    assert "没有待评的答卷" in client.get(desk).content.decode()
    given = Mark.objects.filter(marker_account_id=marker.account_id).values_list("points", flat=True)
    assert sorted(given) == [Decimal(7), Decimal("12.5")]


def test_marker_never_sees_name_number_or_seat(signed_in: SignedIn, at: datetime) -> None:
    client, _ = marking_client(signed_in, at)
    client.post(reverse("marking:desk"))
    text = client.get(reverse("marking:desk")).content.decode()
    candidate = Seat.objects.get().entry.candidate
    assert candidate.name not in text
    assert candidate.admission_number not in text
    assert "张三 08-20" in text  # the watermark names the viewer


@pytest.mark.parametrize("points", ["", "abc", "-1", "41", "7.25"])
def test_marker_gets_a_bad_mark_back_with_what_was_typed(signed_in: SignedIn, at: datetime, points: str) -> None:
    client, _ = marking_client(signed_in, at)
    client.post(reverse("marking:desk"))
    task = client.get(reverse("marking:desk")).context["task"]
    answer = client.post(reverse("marking:give-mark", args=[task.pk]), {"points": points})
    assert answer.status_code in (409, 422)
    assert f'value="{points}"' in answer.content.decode()
    assert not Mark.objects.exists()


def test_marker_who_sends_twice_gives_one_mark(signed_in: SignedIn, at: datetime) -> None:
    client, _ = marking_client(signed_in, at)
    client.post(reverse("marking:desk"))
    task = client.get(reverse("marking:desk")).context["task"]
    data = {"points": "10", "key": f"mark-{task.pk}"}
    url = reverse("marking:give-mark", args=[task.pk])
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 404  # no longer in hand
    assert Mark.objects.count() == 1
