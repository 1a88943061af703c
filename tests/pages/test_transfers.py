"""Pages of transfers: the list, one transfer, the counter, the platform, the candidate's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pymupdf
import pytest
from django.test import Client
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


def made(name: str) -> Callable[[datetime], dict[str, Any]]:
    def make(at: datetime) -> dict[str, Any]:
        from tests.factories import transfers

        return {"transfer_id": getattr(transfers, name)(at).pk}

    return make


def own(at: datetime) -> dict[str, Any]:
    made("an_application")(at)
    return {}


READ = {"guest": 302, "candidate": 403, "records-clerk": 200, "records-head": 200, "auditor": 200, "county-clerk": 403}
COUNTER = {"guest": 302, "candidate": 403, "records-clerk": 200, "records-head": 403, "auditor": 403}
OUT = {"kwargs": made("an_application")}
IN = {"kwargs": made("a_received_one")}


def a_move(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate
    from tests.factories.worlds import a_move as moved
    from zikao.stages.transfers.models import Move

    moved(a_candidate(at).pk, at)
    return {"move_id": Move.objects.get().pk}


ROUTES: dict[str, dict[str, Any]] = {
    "transfers:list": READ,
    "transfers:apply": COUNTER,
    "transfers:substitutions": READ,
    "transfers:publish-substitution": {"guest": 302, "records-head": 200, "records-clerk": 403},
    "transfers:transfer": {**OUT, **READ, "records-clerk@33": 404},
    "transfers:form": {**OUT, **COUNTER, "records-clerk@33": 404},
    "transfers:confirm": {**OUT, **COUNTER},
    "transfers:withdraw": {**OUT, **COUNTER},
    "transfers:upload": {**OUT, **COUNTER},
    "transfers:review": {**IN, **COUNTER, "records-head": 200},
    "transfers:complete": {**IN, **COUNTER},
    "transfers:refuse": {**IN, **COUNTER, "records-head": 200},
    "transfers:moves": READ,
    "transfers:apply-to-move": COUNTER,
    "transfers:move": {**READ, "kwargs": a_move, "records-clerk@33": 404},
    "transfers:decide-move": {"kwargs": a_move, "guest": 302, "records-head": 200, "records-clerk": 403},
    "transfers:mine": {"kwargs": own, "guest": 302, "candidate": 200, "candidate@other": 404, "records-clerk": 403},
}


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Post.RECORDS_CLERK)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def page_of(client: Client, name: str, at: datetime) -> str:
    return text(client.get(reverse("transfers:transfer", kwargs=made(name)(at))))


def test_clerk_takes_in_an_application_by_the_admission_number(clerk: Client, at: datetime) -> None:
    from tests.factories import transfers
    from tests.factories.candidates import a_candidate
    from tests.factories.records import a_record

    candidate = a_candidate(at)
    a_record(at, candidate)
    data = {**transfers.ELSEWHERE, "admission_number": candidate.admission_number}
    page = text(clerk.post(reverse("transfers:apply"), data, follow=True))
    assert "已受理" in page
    assert f"3233202608{candidate.admission_number}" in page
    wrong = clerk.post(reverse("transfers:apply"), {**data, "admission_number": "999999999999"})
    assert wrong.status_code == 422
    assert "没有准考证号为这个号码的考生" in text(wrong)


def test_clerk_reads_why_and_what_now_when_the_law_refuses(clerk: Client, at: datetime) -> None:
    from tests.factories import transfers
    from tests.factories.candidates import a_candidate
    from tests.factories.records import a_record

    candidate = a_candidate(at)
    a_record(at, candidate)
    data = {**transfers.ELSEWHERE, "admission_number": candidate.admission_number, "passes_at_destination": 0}
    answer = clerk.post(reverse("transfers:apply"), data)
    assert answer.status_code == 409
    assert "考生在转入地合格 0 门" in text(answer)
    assert "请先在转入地报考并通过一门课程" in text(answer)
    assert 'value="120402"' in text(answer)


def test_clerk_sees_which_scores_move_and_why_upload_is_closed_in_august(clerk: Client, at: datetime) -> None:
    page = page_of(clerk, "an_application", at)
    assert "可以转出" in page
    assert "考生还没有现场确认签字" in page
    confirmed = text(clerk.get(reverse("transfers:list"), {"state": "applied"}))
    assert "浙江" in confirmed


def test_upload_is_closed_with_the_months_of_exchange(clerk: Client, at: datetime) -> None:
    assert "现在不是集中交换电子档案的月份（3月、9月）" in page_of(clerk, "a_confirmed_one", at)


def test_clerk_leads_a_transfer_out_through_the_pages(
    clerk: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.accounts import sign_in_again
    from tests.factories.programmes import the_peer
    from tests.factories.transfers import SEPTEMBER

    the_peer(at)
    place = made("an_application")(at)
    forgotten = clerk.post(reverse("transfers:confirm", kwargs=place), {"signed": "on"})
    assert forgotten.status_code == 409
    assert "没有出示有效居民身份证" in text(forgotten)
    ticks = {"identity_document": "on", "own_admission_card": "on", "signed": "on"}
    assert "已登记" in text(clerk.post(reverse("transfers:confirm", kwargs=place), ticks, follow=True))
    monkeypatch.setattr(clock, "now", lambda: SEPTEMBER)
    sign_in_again(clerk)
    page = text(clerk.post(reverse("transfers:upload", kwargs=place), follow=True))
    assert "已上传" in page
    assert "等待转入地的办理结果" in page
    assert "转出现场确认" in page


def test_clerk_reviews_and_completes_a_transfer_in_through_the_pages(clerk: Client, at: datetime) -> None:
    from tests.factories.archive import filed
    from zikao.stages.results.models import ChangeList

    place = made("a_received_one")(at)
    assert "档案还没有审核" in text(clerk.get(reverse("transfers:transfer", kwargs=place)))
    page = text(clerk.post(reverse("transfers:review", kwargs=place), follow=True))
    assert "替换转入" in page
    assert "不转入" in page
    ticks = {"identity_document": "on", "own_admission_card": "on", "signed": "on"}
    done = text(clerk.post(reverse("transfers:complete", kwargs=place), ticks, follow=True))
    assert "成绩等待审核签字和归档" in done
    filed(ChangeList.objects.get(kind="transfer"), at)
    done = text(clerk.get(reverse("transfers:transfer", kwargs=place)))
    assert "转考完成" in done
    assert "登记现场确认" not in done


def test_clerk_refuses_a_file_by_naming_the_rule(clerk: Client, at: datetime) -> None:
    place = made("a_received_one")(at)
    address = reverse("transfers:refuse", kwargs=place)
    assert clerk.post(address, {"code": "", "reason": "不收"}).status_code == 422
    page = text(clerk.post(address, {"code": "SR-A2.4.4", "reason": "未按期到场确认"}, follow=True))
    assert "未按期到场确认" in page
    assert "考籍 附件2第四条（四）" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("an_application", ("转考（转出）登记表", "转出原因", "工作调动", "转出地省级教育考试机构意见", "奖惩情况")),
        ("a_reviewed_one", ("转考（转入）登记表", "转入方式", "2（替换为", "转入地省级教育考试机构意见", "转出地")),
    ],
)
def test_clerk_prints_the_form_with_the_fields_of_the_annex(
    name: str, words: tuple[str, ...], clerk: Client, at: datetime
) -> None:
    from zikao.stages.candidates.models import ID_NUMBER
    from zikao.stages.transfers.models import Transfer

    place = made(name)(at)
    answer = clerk.post(reverse("transfers:form", kwargs=place))
    assert answer["Content-Type"] == "application/pdf"
    paper = pymupdf.open(stream=answer.content)
    assert len(paper) == 1
    shown = paper[0].get_text()
    candidate = Transfer.objects.get().candidate
    fields = (
        "转考编号",
        "考生姓名",
        "性别",
        "出生日期",
        "身份证号",
        "联系电话",
        "准考证号",
        "专业层次",
        "专业名称",
        "学分",
    )
    for word in (*fields, *words, candidate.name, ID_NUMBER.text(candidate)):
        assert word in shown.replace("\n", ""), word
    assert paper[0].get_images()
    assert "打印转考登记表" in text(clerk.get(reverse("transfers:transfer", kwargs=place)))


def test_form_of_a_file_not_reviewed_is_not_printed(clerk: Client, at: datetime) -> None:
    answer = clerk.post(reverse("transfers:form", kwargs=made("a_received_one")(at)))
    assert answer.status_code == 409
    assert "转入方式没有确定" in text(answer)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("an_application", ("转到浙江", "申请已经受理", "核对要转出的成绩")),
        ("a_confirmed_one", ("您已经签字确认", "3 月、9 月")),
        ("an_uploaded_one", ("电子档案已经送上转考平台", "您仍在本省在籍")),
        ("a_received_one", ("转自浙江", "正在审核")),
        ("a_reviewed_one", ("在转入登记表上签字", "替换转入")),
        ("a_signed_one", ("等待成绩归档",)),
        ("a_completed_one", ("已经记入您在本省的考籍",)),
    ],
)
def test_candidate_reads_in_plain_words_where_the_transfer_is(
    name: str, words: tuple[str, ...], signed_in: Callable[..., Client], at: datetime
) -> None:
    made(name)(at)
    page = text(signed_in(Post.CANDIDATE).get(reverse("transfers:mine")))
    assert "现在怎么办" in page
    for word in words:
        assert word in page, word


def test_candidate_without_a_transfer_reads_how_one_transfers(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.candidates import a_candidate

    a_candidate(at)
    client = signed_in(Post.CANDIDATE)
    assert "先在要去的省" in text(client.get(reverse("transfers:mine")))
    assert "转考</a>" in text(client.get("/my/"))


def test_candidate_never_sees_the_transfer_of_another(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.transfers import an_application

    number = an_application(at).number
    a_candidate(at)
    assert number not in text(signed_in(Post.CANDIDATE).get(reverse("transfers:mine")))


def test_work_list_of_the_clerk_names_what_waits(clerk: Client, at: datetime) -> None:
    made("an_application")(at)
    made("a_received_one")(at)
    page = text(clerk.get("/staff/"))
    assert "待现场确认的转出" in page
    assert "待审核的转入档案" in page


def test_list_asks_the_database_as_often_for_many(
    clerk: Client, at: datetime, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(3):
        made("an_application")(at)
    clerk.get(reverse("transfers:list"))
    with django_assert_max_num_queries(14):
        clerk.get(reverse("transfers:list"))
