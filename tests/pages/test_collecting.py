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


def a_vetted_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.archive import OFFICER
    from tests.factories.collecting import a_round, a_vetted_worker
    from tests.factories.programmes import a_sitting

    worker = a_vetted_worker(a_round(at, a_sitting(at)), OFFICER, at)
    return {"round_id": worker.round_id, "pick": worker.pk}


BASE = {"guest": 302, "candidate": 403, "county-clerk": 403, "key-clerk@32": 403}
READ = {
    **BASE,
    "score-officer": 200,
    "records-head": 200,
    "totals-reviewer@32": 200,
    "auditor@32": 200,
    "marker@32": 200,
}
REGISTER = {**BASE, "score-officer": 200, "records-head": 200, "marker@32": 403, "province-clerk": 403}
HEADS = {**BASE, "records-head": 200, "score-officer": 403, "province-head": 403}
VETTERS = {**BASE, "records-head": 200, "province-head": 200, "score-officer": 403, "marker@32": 403}
KEEPERS = {**BASE, "score-officer": 200, "province-clerk": 200, "records-clerk": 403, "marker@32": 403}
OWN = {**BASE, "score-officer": 200, "records-clerk": 200, "marker@32": 404}
HANDS = {**BASE, "score-officer": 200, "records-clerk": 200, "marker@32": 200, "auditor@32": 403}
UNPICKED = {**VETTERS, "records-head": 422, "province-head": 422}  # nothing is ticked
ROUND: dict[str, Any] = {"kwargs": a_round_kwargs}
VETTED: dict[str, Any] = {"kwargs": a_vetted_kwargs}
WORKER: dict[str, Any] = {"kwargs": a_worker_kwargs}
SESSION: dict[str, Any] = {"kwargs": a_session_kwargs}
ROUTES: dict[str, dict[str, Any]] = {
    "collecting:rounds": READ,
    "collecting:draft-round": HEADS,
    "collecting:round": {**ROUND, **READ, "records-head@33": 404},
    "collecting:round-process": {**ROUND, **READ, "records-head@33": 404},
    "collecting:name-member": {**ROUND, **HEADS},
    "collecting:name-responsible": {**ROUND, **HEADS},
    "collecting:confirm-round": {**ROUND, **BASE, "province-head": 200, "records-head": 403},
    "collecting:close-round": {**ROUND, **HEADS},
    "collecting:people": {**ROUND, **VETTERS, "records-head@33": 404},
    "collecting:workers": {**ROUND, **REGISTER, "records-head@33": 404},
    "collecting:vet-workers": {**ROUND, **UNPICKED},
    "collecting:record-training": {**ROUND, **UNPICKED},
    "collecting:file-workers": {**ROUND, **UNPICKED},
    "collecting:record-training-of": {**VETTED, **VETTERS, "records-head@33": 404},
    "collecting:file-worker": {**VETTED, **VETTERS, "records-head@33": 404},
    "collecting:begin-session": {**ROUND, **KEEPERS, "score-officer@33": 404},
    "collecting:worker": {**WORKER, **READ, "marker@32": 404, "totals-reviewer@32": 404, "score-officer@33": 404},
    "collecting:sign-pledge": {**WORKER, **OWN, "score-officer@33": 404},
    "collecting:pledge-document": {
        **WORKER,
        **READ,
        "marker@32": 404,
        "totals-reviewer@32": 404,
        "score-officer@33": 404,
    },
    "collecting:recuse-worker": {**WORKER, **HANDS},
    "collecting:sessions": READ,
    "collecting:session": {**SESSION, **READ, "records-clerk@33": 404},
    "collecting:presences": {**SESSION, **READ, "records-clerk@33": 404},
    "collecting:join-session": {**SESSION, **HANDS},
    "collecting:join-here": {**SESSION, **BASE, "marker@32": 302, "auditor@32": 403},
    "collecting:leave-session": {**SESSION, **HANDS},
    "collecting:end-session": {**SESSION, **KEEPERS},
}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def account_id(post: Post) -> int:
    from zikao.foundation.access.models import Account

    return Account.objects.get(username=f"{post.value}.32").pk


def test_a_round_is_drafted_staffed_and_confirmed_on_its_pages(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.agencies import a_school
    from tests.factories.programmes import a_sitting
    from zikao.stages.collecting.models import Round
    from zikao.stages.collecting.states import CollectionDuty

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
    assert "已拟定" in text(head.post(reverse("collecting:draft-round"), form, follow=True))
    here = [Round.objects.get().pk]
    page = text(province.get(reverse("collecting:round", args=here)))
    assert "领导小组还没有省级教育考试机构的组长" in page
    assert "待批准的采集安排" in text(province.get(reverse("portals:staff-home")))
    for name, code, role in (("沈立", "", "leader"), ("石磊", school.code, "member")):
        member = {"name": name, "school": code, "role": role}
        assert "已登记" in text(head.post(reverse("collecting:name-member", args=here), member, follow=True))
    people = dict(zip(CollectionDuty, (1, 0, 2, 3, 4, 3), strict=True))
    for duty, place in people.items():
        named = {"duty": duty.value, "account_id": account_id(posts[place])}
        assert "已指定" in text(head.post(reverse("collecting:name-responsible", args=here), named, follow=True))
    assert "已批准" in text(province.post(reverse("collecting:confirm-round", args=here), follow=True))
    page = text(head.get(reverse("collecting:round", args=here)))
    for words in ("石磊", "监督与回溯检查", "采集安排批准之后，领导小组和责任岗位不再变动"):
        assert words in page
    assert head.get(reverse("collecting:round-process", args=here)).content == b"%PDF-1.7 process"


def test_people_are_chosen_trained_and_filed_together_and_each_signs(
    signed_in: Callable[..., Client], at: datetime
) -> None:  # fmt: skip
    from tests.factories.collecting import TOPICS, a_round
    from tests.factories.programmes import a_sitting
    from zikao.stages.collecting.models import Worker

    held = a_round(at, a_sitting(at))
    head, officer, marker = signed_in(Post.RECORDS_HEAD), signed_in(Post.SCORE_OFFICER), signed_in(Post.MARKER, "32")
    here = reverse("collecting:people", args=[held.pk])
    page = text(head.get(here, {"post": "marker"}))
    assert "marker.32" in page
    assert "score-officer.32" not in page
    chosen = [account_id(Post.SCORE_OFFICER), account_id(Post.MARKER)]
    url = reverse("collecting:vet-workers", args=[held.pk])
    assert "评卷员" in text(head.get(url, {"pick": chosen}))
    assert "已选聘 2 人" in text(head.post(url, {"pick": chosen, "vetting": "审查合格"}, follow=True))
    ids = list(Worker.objects.values_list("pk", flat=True))
    assert "待培训、备案的工作人员" in text(head.get(reverse("portals:staff-home")))
    training = {"pick": ids, "topics": TOPICS[:2], "trained_on": f"{at:%Y-%m-%d}"}
    url = reverse("collecting:record-training", args=[held.pk])
    assert "还有培训内容没有合格：纪律、操作" in text(head.post(url, training))
    assert "已登记 2 人的培训" in text(head.post(url, {**training, "topics": TOPICS}, follow=True))
    own = Worker.objects.get(account_id=chosen[1])
    assert "还没有备案" in text(marker.get(reverse("collecting:worker", args=[own.pk])))
    url = reverse("collecting:file-workers", args=[held.pk])
    assert "已备案 2 人" in text(head.post(url, {"pick": ids}, follow=True))
    page = text(head.get(reverse("collecting:worker", args=[own.pk])))
    for words in ("只能由本人登录办理", "选聘工作人员", "登记培训", "备案"):
        assert words in page
    assert "待您签订的安全工作责任书" in text(officer.get(reverse("portals:staff-home")))
    url = reverse("collecting:sign-pledge", args=[own.pk])
    assert "严格依据材料采集和处理成绩信息" in text(marker.get(url))
    assert "已签订" in text(marker.post(url, follow=True))
    assert "可以上岗" in text(head.get(reverse("collecting:workers", args=[held.pk]), {"state": "pledged"}))


def test_pledge_document_holds_text_name_and_time(signed_in: Callable[..., Client], at: datetime) -> None:
    import pymupdf

    from tests.factories.archive import OFFICER
    from zikao.stages.collecting import commands

    kwargs = a_worker_kwargs(at)
    client, url = signed_in(Post.RECORDS_HEAD), reverse("collecting:pledge-document", kwargs=kwargs)
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
    from zikao.stages.collecting import commands

    kwargs = a_session_kwargs(at)
    client = signed_in(Post.SCORE_OFFICER)
    url = reverse("collecting:session", kwargs=kwargs)
    assert "<strong>3</strong> 人" in text(client.get(url))
    assert "✓ 可以工作" in text(client.get(url))
    commands.leave_session(by=CLERK, at=at, **kwargs)
    page = text(client.get(url))
    assert "<strong>2</strong> 人" in page
    assert "✕ 人数不足" in page
    assert CLERK.name in text(client.get(reverse("collecting:presences", kwargs=kwargs)))
    assert "正在进行的场所" in text(client.get(reverse("portals:staff-home")))
    form = {"video": "CJ-01", "pieces": 4, "place": "音像档案室", "keeper": "许慧"}
    assert "录像已登记保存" in text(client.post(reverse("collecting:end-session", kwargs=kwargs), form, follow=True))
    assert reverse("retention:holding", args=[Holding.objects.get().pk]) in text(client.get(url))
    assert "这一场工作已经结束" in text(client.get(url))


def test_collection_page_says_which_condition_is_missing(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.collecting import ready_to_collect
    from tests.factories.results import a_marked_sitting

    ready_to_collect(at, a_marked_sitting(at))
    client = signed_in(Post.SCORE_OFFICER)
    assert "您不是经资格审查选聘的成绩采集和处理人员" in text(
        client.get(reverse("results:publication", args=[SITTING]))
    )
    answer = client.post(reverse("results:collect", args=[SITTING]))
    assert answer.status_code in (409, 422)
    assert "您不是经资格审查选聘的成绩采集和处理人员" in text(answer)


def a_marker_at_the_door(signed_in: Callable[..., Client], at: datetime) -> tuple[Client, int]:
    """A signed-in marker of a paper in marking, who may work and has not signed in at the place; the session."""
    from tests.factories import marking as make
    from tests.factories.collecting import at_their_place
    from tests.factories.personnel import certified
    from zikao.foundation.actors import Actor
    from zikao.stages.collecting import commands
    from zikao.stages.collecting.states import Work
    from zikao.stages.marking.models import Marker
    from zikao.stages.personnel.states import PostKind

    paper = make.a_paper_in_marking(at, people=1, markers=0)
    client = signed_in(Post.MARKER, "32")
    account = account_id(Post.MARKER)
    Marker.objects.filter(pk=make.a_marker(at, paper, 1).pk).update(account_id=account)
    certified(at, {account: "张三"}, PostKind.MARKER)
    by = Actor("张三", Post.MARKER, "32", account_id=account)
    session = at_their_place(at, Work.MARKING, (by,), paper.sitting)
    commands.leave_session(session_id=session.pk, by=by, at=at)
    return client, session.pk


def test_a_marker_signs_in_at_the_place_with_one_click_and_sees_when_it_is_not_in_session(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories import marking as make
    from tests.factories.collecting import LEADER
    from zikao.stages.collecting import commands

    client, session = a_marker_at_the_door(signed_in, at)
    desk = reverse("marking:desk")
    page = text(client.get(desk))
    assert "您没有在正在进行的“网上评卷”场所签到" in page
    assert "现在 3 人在场" in page
    assert "领取一份" not in page
    assert client.post(desk).status_code == 409
    join = reverse("collecting:join-here", args=[session])
    assert client.post(join, {"next": "https://elsewhere.example/"})["Location"] == reverse(
        "collecting:session", args=[session]
    )
    page = text(client.get(desk))
    assert "✓ 在场 4 人" in page
    assert "领取一份" in page
    assert client.post(desk).status_code == 302
    for person in (LEADER, make.CLERK):
        commands.leave_session(session_id=session, by=person, at=at)
    page = text(client.get(desk))
    assert "场所内只有 2 人在场，应有 3 人以上同时在场" in page
    assert "手中的一份为您留着" in page


def test_pages_of_totals_and_of_handing_in_say_who_must_be_there(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories import marking as make

    paper = make.a_paper_in_marking(at, people=1, markers=0)
    page = text(signed_in(Post.TOTALS_REVIEWER, "32").get(reverse("marking:paper", args=[paper.pk])))
    assert "您不是经资格审查选聘的成绩采集和处理人员" in page
    page = text(signed_in(Post.RECORDS_CLERK).get(reverse("results:assessments")))
    assert "没有经批准的成绩采集和处理安排" in page
