"""Consulting a record on the screen: nothing before it is approved and received, every look marked and written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages.test_results import text
from zikao.foundation import clock
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Post.PREFECTURE_CLERK)


def answers(number: str) -> dict[str, object]:
    return {
        "admission_number": number, "parts": ["basics", "scores"], "purpose": "办理学历核查，需核对考试成绩",
        "place": "省考试院考籍档案室", "on": "2026-08-20", "begins": "10:05", "ends": "12:00",
    }  # fmt: skip


def test_clerk_asks_is_approved_received_and_reads_what_was_approved(
    reader: Client, signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.approvals import sign_all
    from tests.factories.records import a_record
    from zikao.foundation.approvals.models import Approval
    from zikao.stages.records.models import Consultation

    record = a_record(at)
    page = text(reader.post(reverse("records:consult"), answers(record.candidate.admission_number), follow=True))
    assert "已提出，等待分管负责人批准。" in page
    assert record.candidate.name not in page
    consultation = Consultation.objects.get()
    here = [consultation.pk]
    read = reverse("records:read-consultation", args=here)
    assert "待批准" in text(reader.post(read, {"part": "basics"}))
    sign_all(Approval.objects.get(pk=consultation.approval_id), at)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=10))
    assert "还没有在指定地点登记到场" in text(reader.post(read, {"part": "basics"}))
    clerk = signed_in(Post.RECORDS_CLERK)
    assert "查阅档案待接待" in text(clerk.get(reverse("portals:staff-home")))
    begun = clerk.post(
        reverse("records:begin-consultation", args=here), {"identity_checked": "on", "at_the_place": "on"}, follow=True
    )
    assert "已登记到场" in text(begun)
    opened = text(reader.get(read))
    assert record.candidate.name not in opened
    shown = text(reader.post(read, {"part": "basics"}))
    assert record.candidate.name in shown
    assert f"查阅第 {consultation.pk} 号" in shown
    assert "consulted-mark" in shown
    assert "不在批准的查阅范围内" in text(reader.post(read, {"part": "conduct"}))
    assert "合格" in text(reader.post(read, {"part": "scores"}))
    slip = clerk.get(reverse("records:consultation-slip", args=here))
    import pymupdf

    printed = pymupdf.open(stream=slip.content)
    assert len(printed) == 1
    assert "考籍档案查阅单" in printed[0].get_text()
    assert "考试成绩" in printed[0].get_text()


def test_everybody_else_stays_out_of_records(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.records import a_record
    from zikao.foundation.actors import STAFF_POSTS
    from zikao.stages.records.policies import NEEDS, READERS
    from zikao.stages.results.policies import READERS as SCORE_READERS

    record = a_record(at)
    assert set(NEEDS) == READERS | SCORE_READERS
    pages = {
        reverse("records:record", args=[record.pk]): READERS,
        reverse("results:candidate", args=[record.candidate_id]): SCORE_READERS,
    }
    for post in sorted(STAFF_POSTS - READERS - SCORE_READERS):
        client = signed_in(post, "32")
        assert {client.get(url).status_code for url in pages} == {403}, post


def test_visitor_without_a_letter_is_told_what_to_bring(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.records import a_record

    record = a_record(at)
    wanted = {**answers(record.candidate.admission_number), "reader_name": "赵警官", "reader_unit": "某市公安局"}
    page = text(signed_in(Post.RECORDS_CLERK).post(reverse("records:consult"), wanted))
    assert "没有介绍信" in page
    assert "请查阅人出具所在单位介绍信" in page
