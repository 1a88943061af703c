"""Pages of records: staff's and the candidate's own; the portrait only to those who may read the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.pages.test_results import as_owner, text
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
STAFF = {
    "guest": 302,
    "candidate": 403,
    "records-clerk": 200,
    "records-head": 200,
    "province-head": 403,
    "county-clerk": 403,
}


def a_record_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.records import a_record

    return {"record_id": a_record(at).pk}


def a_certificate_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.records import a_pass_certificate

    return {"certificate_id": a_pass_certificate(at).pk}


def a_consultation_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.consultations import asked

    return {"consultation_id": asked(at).pk}


CONSULTATION = {
    "kwargs": a_consultation_kwargs, "guest": 302, "candidate": 403, "county-clerk": 404, "records-clerk@33": 404,
    "system-admin": 403,
}  # fmt: skip
RECORD = {"kwargs": a_record_kwargs, **STAFF, "records-clerk@33": 404}
CERTIFICATE = {"kwargs": a_certificate_kwargs, **STAFF, "records-clerk@33": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "records:list": STAFF,
    "records:waiting": STAFF,
    "records:open-all": STAFF,
    "records:open": {"kwargs": {"candidate_id": 1}, **STAFF},
    "records:open-chosen": {**STAFF, "records-clerk": 422, "records-head": 422},
    "records:consultations": {"guest": 302, "candidate": 403, "records-clerk": 200, "marker": 200, "system-admin": 403},
    "records:consult": {"guest": 302, "candidate": 403, "records-clerk": 200, "marker": 200, "system-admin": 403},
    "records:consultation": {**CONSULTATION, "records-clerk": 200, "area-director": 200},
    "records:begin-consultation": {**CONSULTATION, "records-clerk": 200, "county-clerk": 403, "records-clerk@33": 200},
    "records:end-consultation": {**CONSULTATION, "records-clerk": 200, "county-clerk": 200, "records-clerk@33": 200},
    "records:read-consultation": {**CONSULTATION, "records-clerk": 404, "area-director": 404},
    "records:consultation-letter": {**CONSULTATION, "records-clerk": 404},
    "records:consultation-slip": {
        "kwargs": a_consultation_kwargs, "guest": 302, "candidate": 403, "records-clerk": 200, "marker": 403,
        "records-clerk@33": 404,
    },
    "records:record": RECORD,
    "records:portrait": RECORD,
    "records:certify": {"kwargs": {"score_id": 1}, **STAFF},
    "records:certificate": CERTIFICATE,
    "records:certificate-pdf": CERTIFICATE,
    "records:issue-statement": {"kwargs": a_certificate_kwargs, **STAFF},
    "records:statement-pdf": {**CERTIFICATE, "records-clerk": 404, "records-head": 404},
    "records:mine": {"guest": 302, "candidate": 404, "records-head": 403},
    "records:my-certificate": {"kwargs": {"certificate_id": 1}, "guest": 302, "candidate": 404, "records-head": 403},
}  # fmt: skip


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Post.RECORDS_CLERK)


def test_clerk_opens_records_from_the_list_of_those_who_wait(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.results import taken_over

    first, second = a_candidate(at), a_candidate(at)
    taken_over(at, first, "00037")
    taken_over(at, second, "00037")
    assert "待建立考籍档案的考生" in text(clerk.get(reverse("portals:staff-home")))
    page = text(clerk.get(reverse("records:waiting")))
    url = reverse("records:open", args=[first.pk])
    assert url in page
    assert "考籍档案已建立" in text(clerk.post(url, follow=True))
    assert "已为 1 名考生" in text(clerk.post(reverse("records:open-all"), follow=True))
    page = text(clerk.get(reverse("records:list")))
    assert first.admission_number in page
    assert second.admission_number in page


def test_record_holds_identity_scores_progress_and_conduct(clerk: Client, at: datetime) -> None:
    url = reverse("records:record", kwargs=a_record_kwargs(at))
    page = text(clerk.get(url))
    for words in ("考生基本情况", "考试信息", "奖惩记录", "专业计划完成情况", "考试成绩", "已得", "还缺"):
        assert words in page
    assert "****" in page
    portrait = clerk.get(reverse("records:portrait", kwargs={"record_id": int(url.rstrip("/").rpartition("/")[2])}))
    assert portrait["Content-Type"] == "image/jpeg"
    assert portrait.content[:2] == b"\xff\xd8"


def test_list_of_records_does_not_ask_more_for_more_rows(clerk: Client, at: datetime) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.records import a_record

    asked = []
    for rows in (2, 4):
        a_record(at)
        a_record(at)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert text(clerk.get(reverse("records:list"))).count("row-link") == rows
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_certificate_is_issued_printed_and_answered_when_lost(clerk: Client, at: datetime) -> None:
    import pymupdf

    from tests.factories.records import a_record
    from zikao.stages.records.models import PassCertificate

    record = a_record(at)
    certify = reverse("records:certify", args=[record.opened_by_score_id])
    assert certify in text(clerk.get(reverse("records:record", args=[record.pk])))
    page = text(clerk.post(certify, follow=True))
    assert f"{record.candidate.admission_number}-00037" in page
    assert "还没有签发过证明" in page
    here = [PassCertificate.objects.get().pk]
    printed = pymupdf.open(stream=clerk.get(reverse("records:certificate-pdf", args=here)).content)
    assert len(printed) == 1
    assert "课程合格证" in printed[0].get_text()
    assert len(printed[0].get_images()) >= 2
    assert clerk.get(reverse("records:statement-pdf", args=here)).status_code == 404
    clerk.post(reverse("records:issue-statement", args=here), {"reason": "搬家时遗失"})
    letter = pymupdf.open(stream=clerk.get(reverse("records:statement-pdf", args=here)).content)
    assert len(letter) == 1
    assert "特此证明" in letter[0].get_text()


def test_candidate_reads_their_progress_and_downloads_only_their_own_certificate(at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.records import a_pass_certificate

    certificate = a_pass_certificate(at)
    owner, stranger = as_owner(certificate.record.candidate), as_owner(a_candidate(at))
    page = text(owner.get(reverse("records:mine")))
    assert "已得" in page
    assert "<svg" in page
    url = reverse("records:my-certificate", args=[certificate.pk])
    assert owner.get(url)["Content-Type"] == "application/pdf"
    assert stranger.get(url).status_code == 404
    assert "您还没有考籍档案" in text(stranger.get(reverse("records:mine")))


def test_candidate_reads_until_when_their_version_holds_and_what_stands_for_what(at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from zikao.stages.programmes.models import Course, Plan, Replacement, ReplacementCourse

    candidate = a_candidate(at)
    own = Plan.objects.get(major=candidate.major)
    page = text(as_owner(candidate).get(reverse("records:mine")))
    assert "过渡期" not in page
    assert "课程顶替" not in page
    standing = Replacement.objects.create(major=own.major, document="x", since=date(2026, 1, 1), key="00001")
    earlier = Course.objects.create(code="00001", name="旧美学")
    ReplacementCourse.objects.create(replacement=standing, course=earlier, side="from")
    ReplacementCourse.objects.create(replacement=standing, course=Course.objects.get(code="00037"), side="to")
    Plan.objects.filter(pk=own.pk).update(until=date(2026, 8, 20), min_courses=17)
    type(candidate).objects.filter(pk=candidate.pk).update(registered_at=at.replace(day=19))
    Plan.objects.create(
        major=own.major, version="2026年版", examining_school=own.examining_school, min_credits=71,
        since=date(2026, 8, 20),
    )  # fmt: skip
    page = text(as_owner(candidate).get(reverse("records:mine")))
    for words in ("已于 2026年8月20日 停用", "2028年8月20日 之前", "“2026年版”", "已得 0 学分，要求 71 学分",
                  "00001 旧美学 合格的，可以顶替 00037 美学", "计划要求 17 门课程，还差 17 门"):  # fmt: skip
        assert words in page
    Plan.objects.filter(pk=own.pk).update(until=date(2024, 8, 20), since=date(2020, 1, 1))
    type(candidate).objects.filter(pk=candidate.pk).update(registered_at=at.replace(year=2024, day=19))
    assert "过渡期到 2026年8月20日 为止，现在按“2026年版”办理" in text(as_owner(candidate).get(reverse("records:mine")))


def test_a_later_stage_adds_its_section(clerk: Client, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from zikao.foundation.pages import Fact
    from zikao.stages.records import sections

    monkeypatch.setattr(sections, "_sections", {})
    sections.record_section("转考", order=5)(lambda candidate_id: [Fact("转入", "浙江")])
    sections.record_section("空的", order=6)(lambda candidate_id: [])
    page = text(clerk.get(reverse("records:record", kwargs=a_record_kwargs(at))))
    assert "浙江" in page
    assert "空的" not in page
