"""Pages of results: the sitting's way to publication, lists handed in, what the candidate reads and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
SITTING = "2026-10"
STAFF = {"guest": 302, "candidate": 403, "score-officer": 200, "records-head": 200, "marker": 403, "county-clerk": 403}


def a_sitting_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.programmes import a_sitting

    return {"sitting": a_sitting(at).code}


def somebody(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate

    return {"candidate_id": a_candidate(at).pk}


def a_list_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.archive import segments_set
    from tests.factories.results import approved
    from zikao.stages.results.models import ChangeList

    approved(at, (75,))
    segments_set(at)
    return {"list_id": ChangeList.objects.get().pk}


def a_window_kwargs(at: datetime) -> dict[str, Any]:
    from zikao.stages.results.models import FilingWindow

    a_list_kwargs(at)
    return {"window_id": FilingWindow.objects.get().pk}


def a_score_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate
    from tests.factories.results import taken_over

    return {"score_id": taken_over(at, a_candidate(at), "00037")[0].pk}


def a_correction_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.results import a_correction

    return {"correction_id": a_correction(at).pk}


ONE = {"kwargs": a_sitting_kwargs, **STAFF}
LIST = {"kwargs": a_list_kwargs, **STAFF}
WINDOW = {"kwargs": a_window_kwargs, **STAFF}
CORRECTION = {"kwargs": a_correction_kwargs, **STAFF, "records-clerk": 200, "records-clerk@33": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "results:list": STAFF,
    "results:publication": ONE,
    "results:digest": {**ONE, "score-officer": 302, "records-head": 302},
    "results:collect": {**ONE, "records-head": 403},
    "results:approve": {**ONE, "score-officer": 403, "province-head": 200},
    "results:publish": {**ONE, "score-officer": 403, "records-head": 403, "province-head": 200},
    "results:take-over": {**STAFF, "score-officer": 403},
    "results:assessments": {**STAFF, "records-head": 403, "records-clerk": 200},
    "results:sample": STAFF,
    "results:candidate": {"kwargs": somebody, **STAFF, "records-clerk": 200, "records-clerk@33": 404},
    "results:archive": STAFF,
    "results:change-list": {**LIST, "records-head@33": 404},
    "results:approve-list": {**LIST, "score-officer": 403},
    "results:withdraw-list": {**LIST, "province-head": 403},
    "results:request-window": LIST,
    "results:present": {**WINDOW, "records-clerk": 403},
    "results:file-list": {**WINDOW, "province-head": 403},
    "results:close-window": {**WINDOW, "records-clerk": 403},
    "results:install-segment": {**WINDOW, "records-clerk": 403},
    "results:segment": {**STAFF, "auditor": 200, "records-clerk": 403},
    "results:take-segment": {**STAFF, "records-clerk": 403},
    "results:change-segment": {**STAFF, "records-clerk": 403},
    "results:ask-segment": {**STAFF, "auditor": 403},
    "results:corrections": {**STAFF, "records-clerk": 200},
    "results:correction": CORRECTION,
    "results:correction-document": CORRECTION,
    "results:propose-correction": {
        "kwargs": a_score_kwargs,
        "guest": 302,
        "candidate": 403,
        "records-clerk": 200,
        "records-head": 403,
    },
    "results:mine": {"guest": 302, "candidate": 404, "records-head": 403},
    "results:my-statement": {"kwargs": {"sitting": SITTING}, "guest": 302, "candidate": 404, "records-head": 403},
}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def as_owner(candidate: Any) -> Client:
    from zikao.foundation.access.models import Account

    client = Client()
    account = Account.objects.get(candidate_id=candidate.pk)
    sign_in(client, account)
    return client


def test_three_people_bring_a_sitting_to_publication(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.archive import filed
    from tests.factories.collecting import ready_to_collect
    from tests.factories.results import a_marked_sitting
    from zikao.foundation.access.models import Account
    from zikao.foundation.access.queries import actor_of
    from zikao.stages.results.models import ChangeList

    sitting = a_marked_sitting(at)
    url = reverse("results:publication", args=[SITTING])
    officer, head, province = (signed_in(post) for post in (Post.SCORE_OFFICER, Post.RECORDS_HEAD, Post.PROVINCE_HEAD))
    collector = actor_of(Account.objects.get(username="score-officer.32"), at)
    assert collector is not None
    assert "没有经批准的成绩采集和处理安排" in text(officer.get(url))
    ready_to_collect(at, sitting, by=collector)
    assert "采集依据" in text(officer.get(url))
    assert "已采集 4 条成绩" in text(officer.post(reverse("results:collect", args=[SITTING]), follow=True))
    page = text(officer.get(url))
    assert "✓ 座位与成绩一一对应" in page
    assert reverse("results:publish", args=[SITTING]) not in page
    assert "审核签字、写入成绩档案之后才能公布" in text(province.get(url))
    assert "已签字" in text(head.post(reverse("results:approve", args=[SITTING]), follow=True))
    assert reverse("results:publish", args=[SITTING]) not in text(province.get(url))
    filed(ChangeList.objects.get(), at)
    assert "成绩已公布" in text(province.post(reverse("results:publish", args=[SITTING]), follow=True))
    page = text(province.get(url))
    for post in ("成绩信息管理责任人", "省级考籍负责人", "省级主要负责人"):
        assert post in page
    assert "核对一致" in text(head.get(reverse("results:digest", args=[SITTING]), follow=True))


def test_page_says_why_collection_is_closed(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.marking import a_sat_paper

    a_sat_paper(at)
    page = text(signed_in(Post.SCORE_OFFICER).get(reverse("results:publication", args=[SITTING])))
    assert "到考 3 份，合分 0 份，两者不一致" in page
    assert reverse("results:collect", args=[SITTING]) not in page


def test_work_list_names_what_waits(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.results import collected

    collected(at)
    home = reverse("portals:staff-home")
    assert "待审核签字的成绩" in text(signed_in(Post.RECORDS_HEAD).get(home))
    assert "待公布的成绩" not in text(signed_in(Post.PROVINCE_HEAD).get(home))


def test_candidate_reads_nothing_before_publication_and_plain_words_after(at: datetime) -> None:
    from tests.factories.results import PROVINCE_HEAD, archived
    from zikao.stages.results import commands
    from zikao.stages.results.models import Score

    archived(at, (75, 59))
    scores = list(Score.objects.order_by("id"))
    statement = reverse("results:my-statement", args=[SITTING])
    passed, absent = as_owner(scores[0].candidate), as_owner(scores[2].candidate)
    page = text(passed.get(reverse("results:mine")))
    assert "成绩还没有公布" in page
    assert "75" not in page
    assert passed.get(statement).status_code == 404
    commands.publish_results(sitting=SITTING, by=PROVINCE_HEAD, at=at)
    page = text(passed.get(reverse("results:mine")))
    assert '<b class="num">75</b>' in page
    assert "已经合格 1 门" in page
    assert "考场记录中没有您到考" in text(absent.get(reverse("results:mine")))


def test_statement_holds_number_score_and_receipt(at: datetime) -> None:
    import pymupdf

    from tests.factories.results import published
    from zikao.stages.results.models import Score

    published(at, (75, 59))
    candidate = Score.objects.order_by("id").first().candidate
    answer = as_owner(candidate).get(reverse("results:my-statement", args=[SITTING]))
    assert answer["Content-Type"] == "application/pdf"
    page = pymupdf.open(stream=answer.content)
    assert len(page) == 1
    words = page[0].get_text()
    assert candidate.admission_number in words
    assert "75" in words
    assert "公布回执" in words


def test_record_staff_read_every_score_and_whether_it_is_told(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.results import archived
    from zikao.stages.results.models import Score

    archived(at, (75,))
    candidate = Score.objects.order_by("id").first().candidate
    page = text(signed_in(Post.RECORDS_CLERK).get(reverse("results:candidate", args=[candidate.pk])))
    assert "75" in page
    assert "未公布" in page


# Lists handed in


def a_list(*lines: str) -> SimpleUploadedFile:
    heads = "准考证号,课程代码,取得考次,取得方式,成绩,等第"
    return SimpleUploadedFile("scores.csv", "\r\n".join([heads, *lines]).encode("gb18030"))


def test_head_checks_a_list_first_and_files_it_then(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.collecting import brought
    from zikao.stages.collecting.states import Work
    from zikao.stages.results.models import Score, StagedScore

    line = f"{a_candidate(at).admission_number},00037,2024-10,笔试,72,"
    head, url = brought(signed_in(Post.RECORDS_HEAD), at, Work.HAND_IN), reverse("results:take-over")
    page = text(head.post(url, {"rows": a_list(line), "source": "原系统", "only_check": "on"}))
    assert "1 行全部可以登记" in page
    assert not Score.objects.exists()
    page = text(head.post(url, {"rows": a_list(line), "source": "原系统"}, follow=True))
    assert "已登记 1 条成绩，等待审核签字和归档" in page
    assert not Score.objects.exists()
    assert len(StagedScore.objects.get().evidence) == 64


@pytest.mark.parametrize("only_check", ["on", ""])
@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("{number},99999,2024-10,笔试,72,", "课程代码"),
        ("999999999999,00037,2024-10,笔试,72,", "准考证号"),
        ("{number},00037,2024-10,口试,72,", "取得方式"),
        ("{number},00037,2024-13,笔试,72,", "取得考次"),
        ("{number},00037,2024-10,笔试,七十,", "成绩"),
        ("{number},00037,2024-10,笔试,101,", "成绩"),
        ("{number},,2024-10,笔试,72,", "课程代码"),
    ],
)
def test_bad_rows_are_listed_by_line_column_and_reason(
    line: str, column: str, only_check: str, signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.collecting import brought
    from zikao.stages.collecting.states import Work
    from zikao.stages.results.models import Score

    number = a_candidate(at).admission_number
    rows = a_list(f"{number},00540,2024-10,笔试,72,", line.format(number=number))
    data = {"rows": rows, "source": "原系统", "only_check": only_check}
    answer = brought(signed_in(Post.RECORDS_HEAD), at, Work.HAND_IN).post(reverse("results:take-over"), data)
    assert answer.status_code == 422
    assert f'<td class="number">3</td> <td>{column}</td>' in text(answer)
    assert not Score.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01\x80", "准考证号\r\n1".encode()])
def test_file_that_is_no_list_is_refused_in_words(
    content: bytes, signed_in: Callable[..., Client], at: datetime
) -> None:
    data = {"rows": SimpleUploadedFile("x.csv", content), "source": "原系统"}
    answer = signed_in(Post.SCORE_OFFICER).post(reverse("results:assessments"), data)
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
