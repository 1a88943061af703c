"""Pages of graduation: audited before applying, decided in numbers, certified, printed; the candidate's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages.test_results import as_owner, text
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
READERS = {
    "guest": 302,
    "candidate": 403,
    "prefecture-clerk": 200,
    "records-head": 200,
    "school-clerk@32": 200,
    "records-clerk": 200,
    "county-clerk": 403,
}
RECEIVERS = {"guest": 302, "candidate": 403, "prefecture-clerk": 200, "records-head": 403, "county-clerk": 403}
ROSTERS = {"guest": 302, "candidate": 403, "records-clerk": 200, "province-head": 200, "prefecture-clerk": 403}


def an_application_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.graduation import an_application

    return {"application_id": an_application(at).pk}


def a_finisher_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.graduation import a_finisher

    return {"candidate_id": a_finisher(at)[0].pk}


def an_applicant_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.graduation import a_finisher

    candidate, plan = a_finisher(at)
    return {"candidate_id": candidate.pk, "plan_id": plan.pk}


def a_roster_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.graduation import a_roster

    return {"roster_id": a_roster(at).pk}


def a_certificate_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.graduation import a_certificate

    return {"certificate_id": a_certificate(at).pk}


ONE = {"kwargs": an_application_kwargs}
ROUTES: dict[str, dict[str, Any]] = {
    "graduation:applications": READERS,
    "graduation:start": RECEIVERS,
    "graduation:check": {"kwargs": a_finisher_kwargs, **READERS, "prefecture-clerk@3202": 404},
    "graduation:apply": {"kwargs": an_applicant_kwargs, **RECEIVERS, "prefecture-clerk@3202": 404},
    "graduation:decide-chosen": {
        "guest": 302,
        "candidate": 403,
        "prefecture-clerk": 422,
        "records-head": 422,
        "province-head": 403,
    },
    "graduation:decide": {**READERS, "records-clerk": 403},
    "graduation:decide-one": {
        **ONE,
        "guest": 302,
        "candidate": 403,
        "prefecture-clerk": 200,
        "prefecture-clerk@3202": 404,
        "records-head": 404,
        "records-clerk": 403,
    },
    "graduation:application": {**ONE, **READERS, "prefecture-clerk@3202": 404},
    "graduation:postpone": {**ONE, **RECEIVERS},
    "graduation:return": {**ONE, **RECEIVERS, "records-head": 200},
    "graduation:form-pdf": {**ONE, **RECEIVERS, "records-head": 200, "prefecture-clerk@3202": 404},
    "graduation:hand-out": {"kwargs": a_certificate_kwargs, **RECEIVERS},
    "graduation:certificate-pdf": {
        "kwargs": a_certificate_kwargs,
        "guest": 302,
        "candidate": 403,
        "records-clerk": 200,
        "records-clerk@33": 404,
        "prefecture-clerk": 403,
    },
    "graduation:rosters": ROSTERS,
    "graduation:make": {**ROSTERS, "province-head": 403},
    "graduation:roster": {"kwargs": a_roster_kwargs, **ROSTERS},
    "graduation:roster-pdf": {"kwargs": a_roster_kwargs, **ROSTERS},
    "graduation:share-pdf": {"kwargs": lambda at: {**a_roster_kwargs(at), "share": "province"}, **ROSTERS},
    "graduation:certificates-pdf": {
        "kwargs": lambda at: {**a_roster_kwargs(at), "part": 1},
        **ROSTERS,
        "province-head": 403,
        "records-clerk@33": 404,
    },
    "graduation:mine": {"guest": 302, "candidate": 404, "records-head": 403},
}


def picture_of(page: Any) -> Any:
    """A page as a scanner of 200 points an inch sees it."""
    import numpy as np

    drawn = page.get_pixmap(dpi=200, colorspace="gray")
    return np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.width)


def papers(**without: str) -> dict[str, str]:
    shown = {
        "batch_on": "2026-12-30",
        "admission_card": "on",
        "identity_document": "on",
        "appraisal_passed": "on",
        "prior_certificate": "103191201906000001",
        "prior_verified": "on",
    }
    return {**shown, **without}


def test_clerk_finds_the_candidate_sees_the_audit_and_takes_the_papers(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.graduation import a_finisher

    candidate, plan = a_finisher(at)
    clerk = signed_in(Post.PREFECTURE_CLERK)
    page = text(clerk.post(reverse("graduation:start"), {"admission_number": candidate.admission_number}, follow=True))
    assert "✓ 完成计划" in page
    assert page.count("✓ 符合") == 7
    apply = reverse("graduation:apply", args=[candidate.pk, plan.pk])
    assert apply in page
    answer = clerk.post(apply, papers(identity_document="", prior_verified=""))
    assert answer.status_code == 409
    page = text(answer)
    assert "没有出示有效居民身份证" in page
    assert "须有经核验的专科（或以上）学历证书" in page
    page = text(clerk.post(apply, papers(), follow=True))
    assert "已受理" in page
    assert "这一专业的毕业申请已经受理" in text(clerk.get(reverse("graduation:check", args=[candidate.pk])))


def test_clerk_reads_what_is_missing_and_cannot_take_the_papers(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.candidates import a_candidate

    candidate = a_candidate(at)
    page = text(signed_in(Post.PREFECTURE_CLERK).get(reverse("graduation:check", args=[candidate.pk])))
    assert "✕ 尚未完成" in page
    assert "计划规定的课程还有未合格的" in page
    assert "考籍 第十八条" in page
    assert "/staff/graduation/apply/" not in page


def test_clerk_of_elsewhere_does_not_find_the_candidate(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.candidates import a_candidate

    number = a_candidate(at).admission_number
    stranger = signed_in(Post.PREFECTURE_CLERK, "3202")
    answer = stranger.post(reverse("graduation:start"), {"admission_number": number})
    assert answer.status_code == 422
    assert "没有这个准考证号" in text(answer)


def test_bodies_decide_selected_rows_until_the_roster_is_made(signed_in: Callable[..., Client], at: datetime) -> None:
    import pymupdf

    from tests.factories.graduation import an_application
    from zikao.stages.graduation.models import Application, Roster

    first, second = an_application(at), an_application(at)
    decide = reverse("graduation:decide")
    for post, agency in ((Post.PREFECTURE_CLERK, "3201"), (Post.RECORDS_HEAD, "32"), (Post.SCHOOL_CLERK, "32")):
        body = signed_in(post, agency)
        assert text(body.get(decide)).count("✓ 符合") == 2
        assert "待审核、审定的毕业申请" in text(body.get(reverse("portals:staff-home")))
        assert body.post(decide, {}).status_code == 422
        page = text(body.post(decide, {"application": [first.pk, second.pk]}, follow=True))
        assert "通过 2 份申请" in page
        assert "没有等待您办理的毕业申请" in text(body.get(decide))
    clerk = signed_in(Post.RECORDS_CLERK)
    page = text(clerk.post(reverse("graduation:make"), {"batch_on": "2026-12-30"}, follow=True))
    assert "名册已生成，共 2 人" in page
    assert set(Application.objects.values_list("state", flat=True)) == {"certified"}
    printed = clerk.get(reverse("graduation:roster-pdf", args=[Roster.objects.get().pk]))
    pages = pymupdf.open(stream=printed.content)
    assert len(pages) == 3
    keepers = ("省级教育考试机构 存", "地级教育考试机构 存", "主考学校 存")
    for sheet, keeper in zip(pages, keepers, strict=True):
        assert keeper.replace(" ", "") in sheet.get_text().replace(" ", "")
        assert first.candidate.admission_number in sheet.get_text()


def test_each_keeper_gets_a_copy_of_its_own_graduates(signed_in: Callable[..., Client], at: datetime) -> None:
    import pymupdf

    from tests.factories.graduation import a_roster

    roster = a_roster(at, people=2)
    clerk = signed_in(Post.RECORDS_CLERK)
    page = text(clerk.get(reverse("graduation:roster", args=[roster.pk])))
    school = roster.certificates.first().application.plan.examining_school
    for key, keeper in (("area-3201", "3201市教育招生考试院"), (f"school-{school.code}", school.name)):
        url = reverse("graduation:share-pdf", args=[roster.pk, key])
        assert url in page
        printed = pymupdf.open(stream=clerk.get(url).content)
        assert len(printed) == 1
        assert keeper in printed[0].get_text().replace(" ", "")
    assert clerk.get(reverse("graduation:share-pdf", args=[roster.pk, "area-3202"])).status_code == 404
    diplomas = pymupdf.open(stream=clerk.get(reverse("graduation:certificates-pdf", args=[roster.pk, 1])).content)
    numbers = sorted(each.number for each in roster.certificates.all())
    assert [number in sheet.get_text() for number, sheet in zip(numbers, diplomas, strict=True)] == [True, True]
    assert clerk.get(reverse("graduation:certificates-pdf", args=[roster.pk, 2])).status_code == 404


def test_who_took_it_in_sees_that_another_must_review(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.graduation import a_finisher

    candidate, plan = a_finisher(at)
    clerk = signed_in(Post.PREFECTURE_CLERK)
    clerk.post(reverse("graduation:apply", args=[candidate.pk, plan.pk]), papers())
    assert "由您受理，须另一人审核" in text(clerk.get(reverse("graduation:decide")))


def test_application_page_offers_what_the_state_allows(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.graduation import a_certificate
    from zikao.stages.graduation.models import GraduationCertificate

    certificate = a_certificate(at)
    clerk = signed_in(Post.PREFECTURE_CLERK)
    url = reverse("graduation:application", args=[certificate.application_id])
    page = text(clerk.get(url))
    assert "还没有完成电子注册" in page
    hand_out = reverse("graduation:hand-out", args=[certificate.pk])
    assert hand_out not in page
    assert clerk.post(hand_out).status_code == 409
    GraduationCertificate.objects.update(registered_at=at)
    assert hand_out in text(clerk.get(url))
    assert "已登记发证" in text(clerk.post(hand_out, follow=True))
    for words in ("受理毕业申请", "审核（审定）通过", certificate.number, "已发证"):
        assert words in text(clerk.get(url))


def test_diploma_and_form_carry_number_portrait_and_every_score(signed_in: Callable[..., Client], at: datetime) -> None:
    import pymupdf
    import zxingcpp

    from tests.factories.graduation import a_certificate
    from zikao.foundation.crypto import public_key_pem
    from zikao.stages.candidates.models import ID_NUMBER
    from zikao.stages.graduation.tokens import read_token, unpacked

    certificate = a_certificate(at)
    candidate = certificate.application.candidate
    clerk = signed_in(Post.RECORDS_CLERK)
    diploma = pymupdf.open(stream=clerk.get(reverse("graduation:certificate-pdf", args=[certificate.pk])).content)
    assert len(diploma) == 1
    assert diploma[0].rect.width > diploma[0].rect.height
    words = diploma[0].get_text()
    for expected in (certificate.number, candidate.name, ID_NUMBER.text(candidate), "准予毕业"):
        assert expected in words
    assert len(diploma[0].get_images()) >= 2
    codes = zxingcpp.read_barcodes(picture_of(diploma[0]))
    (code,) = [each for each in codes if "/verify/" in each.text]
    token = read_token(unpacked(code.text.rstrip("/").rpartition("/")[2]))
    assert token is not None
    assert (token.number, token.name) == (certificate.number, candidate.name)
    assert token.holds(public_key_pem())
    form = pymupdf.open(stream=clerk.get(reverse("graduation:form-pdf", args=[certificate.application_id])).content)
    words = "".join(page.get_text() for page in form)
    for row in certificate.application.plan.courses.select_related("course"):
        assert row.course.code in words


def test_candidate_reads_how_far_it_is_and_where_the_application_stands(at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.graduation import a_finisher, an_application

    beginner = a_candidate(at)
    assert "还差" in text(as_owner(beginner).get(reverse("graduation:mine")))
    candidate, _ = a_finisher(at)
    owner = as_owner(candidate)
    page = text(owner.get(reverse("graduation:mine")))
    assert "可以申请毕业" in page
    assert "2026年12月30日" in page
    assert "可以带材料到地市教育考试机构申请毕业" in text(owner.get(reverse("portals:candidate-home")))
    an_application(at, candidate)
    page = text(owner.get(reverse("graduation:mine")))
    assert "已受理" in page
    assert "毕业信息" in text(owner.get(reverse("records:mine")))
