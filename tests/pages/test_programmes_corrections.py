"""Pages of corrections: the province's, the centre's, the public editions, and what candidates and clerks read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.factories import corrections as make
from tests.factories import entries as entering
from tests.factories.actors import clerk, head
from tests.factories.candidates import a_candidate
from tests.factories.programmes import SITTING, a_published_timetable
from tests.standing import held
from zikao.foundation.actors import Post
from zikao.national.models import IssuedCorrection
from zikao.stages.programmes.forms.timetable_file import write_timetable_sheet
from zikao.stages.programmes.models import TimetableCorrection
from zikao.stages.programmes.states import TimetableData

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


@pytest.fixture(scope="module", autouse=True)
def _standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The timetable issued and published, and entries open: made once for the module."""

    def build(at: datetime) -> None:
        make.the_issued_timetable(at)
        entering.a_window(at)

    with held(django_db_blocker, build):
        yield


def _published(at: datetime) -> dict[str, Any]:
    return {"sitting_code": a_published_timetable(at).sitting.code}


def _correction(at: datetime) -> dict[str, Any]:
    return {"correction_id": make.a_filed_correction(at).pk}


def _edition(at: datetime) -> dict[str, Any]:
    make.a_published_correction(at)
    return {"sitting_code": SITTING, "number": 2}


def _issued(at: datetime) -> dict[str, Any]:
    return {"sitting_code": make.the_issued_timetable(at).sitting_code}


def _staged(at: datetime) -> dict[str, Any]:
    return {"correction_id": make.a_staged_national_correction(at).pk}


FILERS = {"guest": 302, "exam-affairs-head": 200, "province-clerk": 403, "kwargs": _correction}
OFFICERS = {"guest": 302, "national-officer": 200, "national-registrar": 403}
PUBLIC = {"guest": 200, "candidate": 200, "county-clerk": 200, "kwargs": _edition}
ROUTES: dict[str, dict[str, Any]] = {
    "programmes:correct": {"guest": 302, "province-clerk": 200, "county-clerk": 403, "kwargs": _published},
    "programmes:correction": {
        "guest": 302, "candidate": 403, "province-clerk": 200, "county-clerk": 200, "kwargs": _correction,
    },
    "programmes:file-correction": FILERS,
    "programmes:publish-correction": FILERS,
    "programmes:drop-correction": {"guest": 302, "province-clerk": 200, "county-clerk": 403, "kwargs": _correction},
    "programmes:edition": PUBLIC,
    "programmes:correction-notice": PUBLIC,
    "national:issued-workbook": {**OFFICERS, "kwargs": _issued},
    "national:correct-timetable": {**OFFICERS, "kwargs": _issued},
    "national:timetable-correction": {"guest": 302, "national-registrar": 200, "county-clerk": 403, "kwargs": _staged},
    "national:issue-correction": {**OFFICERS, "kwargs": _staged},
    "national:drop-correction": {**OFFICERS, "kwargs": _staged},
    "national:correction-notice": {"guest": 302, "national-officer": 200, "province-clerk": 403, "kwargs": _staged},
    "programmes:course-kinds": {"guest": 302, "candidate": 403, "province-clerk": 200, "county-clerk": 200},
    "national:course-notices": {"guest": 302, "national-registrar": 200, "province-clerk": 403},
    "national:announce-course-kind": OFFICERS,
    "entries:corrected": {"guest": 302, "candidate": 403, "county-clerk": 200, "marker": 403},
}  # fmt: skip


def sheet(data: TimetableData) -> SimpleUploadedFile:
    return SimpleUploadedFile("timetable.xlsx", io.BytesIO(write_timetable_sheet(data)).getvalue())


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def test_head_corrects_a_published_timetable_through_the_pages(signed_in: SignedIn, at: datetime) -> None:
    data = make.a_corrected_file(at, {"00037": 3})
    entering.paid_entries(at, None, ("00037",))
    desk, place = signed_in(Post.EXAM_AFFAIRS_HEAD), {"sitting_code": SITTING}
    assert reverse("programmes:correct", kwargs=place) in text(desk.get(reverse("programmes:sitting", kwargs=place)))
    page = desk.post(
        reverse("programmes:correct", kwargs=place), {"timetable": sheet(data), "reason": "命题教师冲突"}, follow=True
    )
    shown = text(page)
    for words in ("改到其他单元", "第1单元 10月24日 09:00–11:30", "第3单元 10月25日 09:00–11:30", "命题教师冲突"):
        assert words in shown
    here = {"correction_id": TimetableCorrection.objects.get().pk}
    assert "已报备案，等待" in text(desk.post(reverse("programmes:file-correction", kwargs=here), follow=True))
    assert "待报备案或公布的考试安排更正" not in text(desk.get("/staff/"))


def test_unchanged_file_is_refused_with_its_clause(signed_in: SignedIn, at: datetime) -> None:
    data = make.a_corrected_file(at)
    address = reverse("programmes:correct", kwargs={"sitting_code": SITTING})
    answer = signed_in(Post.PROVINCE_CLERK).post(address, {"timetable": sheet(data), "reason": "改"})
    page = answer.content.decode()
    assert (answer.status_code, "没有不同" in page, "第二十二条" in page) == (409, True, True)


def test_public_reads_every_edition_and_its_notice(signed_in: SignedIn, at: datetime) -> None:
    make.a_published_correction(at, {"00037": 3})
    visitor = signed_in()
    page = text(visitor.get(reverse("programmes:timetable")))
    assert "以下为第 2 版" in page
    earlier = text(visitor.get(reverse("programmes:edition", args=[SITTING, 1])))
    assert ("已更正" in earlier, "更正内容" in earlier) == (True, False)
    later = text(visitor.get(reverse("programmes:edition", args=[SITTING, 2])))
    assert ("现行" in later, make.REASON in later) == (True, True)
    assert visitor.get(reverse("programmes:correction-notice", args=[SITTING, 2])).content.startswith(b"%PDF")
    assert visitor.get(reverse("programmes:correction-notice", args=[SITTING, 1])).status_code == 404
    told = visitor.get(f"/api/v1/timetables/{SITTING}").json()
    assert told["edition"] == 2


def test_officer_corrects_and_a_candidate_reads_what_to_do(signed_in: SignedIn, at: datetime) -> None:
    make.the_issued_timetable(at)
    someone = a_candidate(at)
    entering.paid_entries(at, someone, ("15044", "00536"))
    desk = signed_in(Post.NATIONAL_OFFICER, "")
    place = {"sitting_code": SITTING}
    assert reverse("national:correct-timetable", kwargs=place) in text(
        desk.get(reverse("national:issued-timetable", kwargs=place))
    )
    data = make.changed(make.current(), {"15044": 2})
    desk.post(reverse("national:correct-timetable", kwargs=place), {"timetable": sheet(data), "reason": "单元排错"})
    found = IssuedCorrection.objects.get()
    here = {"correction_id": found.pk}
    shown = text(desk.post(reverse("national:issue-correction", kwargs=here), {"digest": found.digest}, follow=True))
    assert ("更正已发布" in shown, "待送达" in shown) == (True, True)
    make.delivered(make.Outbox.objects.get(kind="programmes.national-timetable-correction"))
    mine = text(signed_in(Post.CANDIDATE).get(reverse("entries:mine")))
    for words in ("原定 第1单元 10月24日 09:00–11:30", "请退报其中一门，全额退费", "考务 第二十二条"):
        assert words in mine
    counter = signed_in(Post.COUNTY_CLERK, someone.agency_code)
    listed = text(counter.get(reverse("entries:corrected"), {"clashing": "True"}))
    assert (someone.admission_number in listed, "冲突，须退报一门" in listed) == (True, True)
    assert "考试安排更正后时间冲突" in text(counter.get("/staff/"))


def test_officer_says_that_a_course_is_no_longer_national(signed_in: SignedIn, at: datetime) -> None:
    make.the_issued_timetable(at)
    desk = signed_in(Post.NATIONAL_OFFICER, "")
    given = {
        "course_code": "15041",
        "course_name": "概论",
        "national": "no",
        "since": "2026-10-01",
        "document": "教考〔2026〕9号",
    }
    refused = desk.post(reverse("national:announce-course-kind"), given)
    assert "请先更正那一考次的全国统考安排" in refused.content.decode()
    shown = text(desk.post(reverse("national:announce-course-kind"), {**given, "since": "2027-01-01"}, follow=True))
    assert ("统考课程调整已发布" in shown, "不再全国统考" in shown) == (True, True)
    make.delivered(make.Outbox.objects.get(kind="programmes.course-kind"))
    listed = text(signed_in(Post.PROVINCE_CLERK).get(reverse("programmes:course-kinds")))
    assert ("15041" in listed, "教考〔2026〕9号" in listed) == (True, True)


def test_filing_of_a_correction_shows_what_it_changes(signed_in: SignedIn, at: datetime) -> None:
    make.the_issued_timetable(at)
    staged = make.a_staged_correction(at)
    filings = make.Outbox.objects.filter(kind="programmes.timetable-filing")
    make.delivered(filings.get())
    make.commands.file_correction(correction_id=staged.pk, by=head(), at=at)
    make.delivered(filings.latest("id"))
    from zikao.national.models import TimetableFiling

    filing = TimetableFiling.objects.latest("id")
    page = text(signed_in(Post.NATIONAL_OFFICER, "").get(reverse("national:filing", args=[filing.pk])))
    assert ("已公布安排的更正" in page, "改到其他单元" in page) == (True, True)
    assert clerk().post == Post.PROVINCE_CLERK
