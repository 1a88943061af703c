"""Pages of how scores are collected: the round, its people, the pledge, the session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
SITTING = "2026-10"


def a_round_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.collecting import a_staffed_draft
    from tests.factories.programmes import a_sitting

    return {"round_id": a_staffed_draft(at, a_sitting(at)).pk}


def a_worker_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.archive import OFFICER
    from tests.factories.collecting import a_filed_worker, a_round
    from tests.factories.programmes import a_sitting

    return {"worker_id": a_filed_worker(a_round(at, a_sitting(at)), OFFICER, at).pk}


def a_session_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.collecting import ready_to_collect
    from tests.factories.programmes import a_sitting

    return {"session_id": ready_to_collect(at, a_sitting(at)).pk}


BASE = {"guest": 302, "candidate": 403, "county-clerk": 403, "marker": 403}
READ = {**BASE, "score-officer": 200, "records-head": 200, "totals-reviewer@32": 200, "auditor@32": 200}
HEADS = {**BASE, "records-head": 200, "score-officer": 403, "province-head": 403}
OFFICERS = {**BASE, "score-officer": 200, "records-head": 403, "records-clerk": 403}
HANDS = {**BASE, "score-officer": 200, "records-clerk": 200, "records-head": 403}
ROUND: dict[str, Any] = {"kwargs": a_round_kwargs}
WORKER: dict[str, Any] = {"kwargs": a_worker_kwargs}
SESSION: dict[str, Any] = {"kwargs": a_session_kwargs}
ROUTES: dict[str, dict[str, Any]] = {
    "results:rounds": READ,
    "results:draft-round": HEADS,
    "results:round": {**ROUND, **READ, "records-head@33": 404},
    "results:round-process": {**ROUND, **READ, "records-head@33": 404},
    "results:name-member": {**ROUND, **HEADS},
    "results:name-responsible": {**ROUND, **HEADS},
    "results:confirm-round": {**ROUND, **BASE, "province-head": 200, "records-head": 403},
    "results:close-round": {**ROUND, **HEADS},
    "results:vet-worker": {**ROUND, **HEADS},
    "results:begin-session": {**ROUND, **OFFICERS},
    "results:worker": {**WORKER, **READ, "score-officer@33": 404},
    "results:record-training": {**WORKER, **HEADS},
    "results:file-worker": {**WORKER, **HEADS},
    "results:sign-pledge": {**WORKER, **HANDS, "score-officer@33": 404},
    "results:pledge-document": {**WORKER, **READ, "score-officer@33": 404},
    "results:recuse-worker": {**WORKER, **HANDS},
    "results:session": {**SESSION, **READ, "records-clerk@33": 404},
    "results:join-session": {**SESSION, **HANDS},
    "results:leave-session": {**SESSION, **HANDS},
    "results:end-session": {**SESSION, **OFFICERS},
}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def account_id(post: Post) -> int:
    from zikao.foundation.access.models import Account

    return Account.objects.get(username=f"{post.value}.32").pk


def test_a_round_is_drafted_staffed_and_confirmed_on_its_pages(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.agencies import a_school
    from tests.factories.programmes import a_sitting
    from zikao.stages.results.models import CollectionRound
    from zikao.stages.results.states import CollectionDuty

    a_sitting(at)
    school = a_school(at)
    posts = (Post.RECORDS_HEAD, Post.PROVINCE_HEAD, Post.SCORE_OFFICER, Post.RECORDS_CLERK, Post.EXAM_AFFAIRS_HEAD)
    head, province, *_ = (signed_in(post) for post in posts)
    form = {
        "sitting": SITTING,
        "begins_at": f"{at:%Y-%m-%dT%H:%M}",
        "ends_at": f"{at + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "process": SimpleUploadedFile("process.pdf", b"%PDF-1.7 process"),
    }
    assert "已拟定" in text(head.post(reverse("results:draft-round"), form, follow=True))
    here = [CollectionRound.objects.get().pk]
    page = text(province.get(reverse("results:round", args=here)))
    assert "领导小组还没有省级教育考试机构的组长" in page
    assert "待批准的成绩采集安排" in text(province.get(reverse("portals:staff-home")))
    for name, code, role in (("沈立", "", "leader"), ("石磊", school.code, "member")):
        member = {"name": name, "school": code, "role": role}
        assert "已登记" in text(head.post(reverse("results:name-member", args=here), member, follow=True))
    people = dict(zip(CollectionDuty, (1, 0, 2, 3, 4, 3), strict=True))
    for duty, place in people.items():
        named = {"duty": duty.value, "account_id": account_id(posts[place])}
        assert "已指定" in text(head.post(reverse("results:name-responsible", args=here), named, follow=True))
    assert "已批准" in text(province.post(reverse("results:confirm-round", args=here), follow=True))
    page = text(head.get(reverse("results:round", args=here)))
    for words in ("石磊", "监督与回溯检查", "采集安排批准之后，领导小组和责任岗位不再变动"):
        assert words in page
    assert head.get(reverse("results:round-process", args=here)).content == b"%PDF-1.7 process"


def test_a_worker_is_chosen_trained_filed_and_signs_the_pledge(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.collecting import TOPICS, a_round
    from tests.factories.programmes import a_sitting
    from zikao.stages.results.models import CollectionWorker

    held = a_round(at, a_sitting(at))
    head, officer = signed_in(Post.RECORDS_HEAD), signed_in(Post.SCORE_OFFICER)
    chosen = {"account_id": account_id(Post.SCORE_OFFICER), "vetting": "审查合格"}
    assert "已选聘" in text(head.post(reverse("results:vet-worker", args=[held.pk]), chosen, follow=True))
    here = [CollectionWorker.objects.get().pk]
    assert "待培训、备案的采集人员" in text(head.get(reverse("portals:staff-home")))
    training = {"topics": TOPICS[:2], "trained_on": f"{at:%Y-%m-%d}"}
    url = reverse("results:record-training", args=here)
    assert "还有培训内容没有合格：纪律、操作" in text(head.post(url, training))
    assert "已登记" in text(head.post(url, {**training, "topics": TOPICS}, follow=True))
    assert "还没有备案" in text(officer.get(reverse("results:worker", args=here)))
    assert "已备案" in text(head.post(reverse("results:file-worker", args=here), follow=True))
    assert "只能由本人登录办理" in text(signed_in(Post.RECORDS_CLERK).get(reverse("results:worker", args=here)))
    assert "待您签订的安全工作责任书" in text(officer.get(reverse("portals:staff-home")))
    url = reverse("results:sign-pledge", args=here)
    assert "严格依据材料采集和处理成绩信息" in text(officer.get(url))
    assert "已签订" in text(officer.post(url, follow=True))


def test_pledge_document_holds_text_name_and_time(signed_in: Callable[..., Client], at: datetime) -> None:
    import pymupdf

    from tests.factories.archive import OFFICER
    from zikao.stages.results import commands

    kwargs = a_worker_kwargs(at)
    client, url = signed_in(Post.RECORDS_HEAD), reverse("results:pledge-document", kwargs=kwargs)
    assert "尚未签订" in pymupdf.open(stream=client.get(url).content)[0].get_text()
    commands.sign_pledge(worker_id=kwargs["worker_id"], by=OFFICER, at=at)
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    page = pymupdf.open(stream=answer.content)
    assert len(page) == 1
    words = "".join(page[0].get_text().split())
    for part in ("安全工作责任书", OFFICER.name, "全程录像", "法规、保密、纪律、操作", "2026-08-2010:00"):
        assert part in words


def test_a_session_says_who_is_present_and_keeps_its_video(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.collecting import CLERK
    from zikao.foundation.retention.models import Holding
    from zikao.stages.results import commands

    kwargs = a_session_kwargs(at)
    client = signed_in(Post.SCORE_OFFICER)
    url = reverse("results:session", kwargs=kwargs)
    assert "✓ 3 人在场" in text(client.get(url))
    commands.leave_session(by=CLERK, at=at, **kwargs)
    assert "✕ 2 人在场" in text(client.get(url))
    assert "正在进行的采集场次" in text(client.get(reverse("portals:staff-home")))
    form = {"video": "CJ-01", "pieces": 4, "place": "音像档案室", "keeper": "许慧"}
    assert "录像已登记保存" in text(client.post(reverse("results:end-session", kwargs=kwargs), form, follow=True))
    assert reverse("retention:holding", args=[Holding.objects.get().pk]) in text(client.get(url))
    assert "这一场采集已经结束" in text(client.get(url))


def test_collection_page_says_which_condition_is_missing(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.collecting import ready_to_collect
    from tests.factories.results import a_marked_sitting

    ready_to_collect(at, a_marked_sitting(at))
    client = signed_in(Post.SCORE_OFFICER)
    assert "您不是经资格审查选聘的成绩采集人员" in text(client.get(reverse("results:publication", args=[SITTING])))
    answer = client.post(reverse("results:collect", args=[SITTING]))
    assert answer.status_code in (409, 422)
    assert "您不是经资格审查选聘的成绩采集人员" in text(answer)
