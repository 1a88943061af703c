"""Published results for agencies and schools; statements checked by anybody; what is shown compared with the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages.test_results import SITTING, as_owner, text
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def a_told_sitting(at: datetime) -> dict[str, Any]:
    from tests.factories.results import published

    return {"sitting": published(at).sitting.code}


def a_comparison(at: datetime) -> dict[str, Any]:
    from zikao.foundation.actors import node_actor
    from zikao.stages.results import commands

    differing = [{"kind": "shown", "score": 17, "candidate": 4, "part": "3201", "source": "scores"}]
    kept = commands.keep_comparison(started_at=at, sources=SOURCES, differences=differing, by=node_actor(), at=at)
    return {"comparison_id": kept.value.pk}


SOURCES = [{"name": "scores", "title": "我的成绩", "rows": 3, "shown_digest": "a" * 64, "record_digest": "b" * 64}]
READ = {
    "guest": 302, "candidate": 403, "prefecture-clerk": 200, "county-clerk": 200, "school-clerk": 200, "marker": 403,
}  # fmt: skip
COMPARED = {"guest": 302, "candidate": 403, "auditor": 200, "records-head": 200, "system-admin": 200, "marker": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "results:told-list": READ,
    "results:told": {"kwargs": a_told_sitting, **READ},
    "results:told-scores": {"kwargs": a_told_sitting, **READ},
    "results:comparisons": COMPARED,
    "results:comparison": {"kwargs": a_comparison, **COMPARED},
    "results:compare": {"guest": 302, "candidate": 403, "auditor": 200, "records-head": 200, "system-admin": 403},
    "results:check": {"guest": 200, "candidate": 200, "auditor": 200},
    "agencies:name-school-clerk": {"guest": 302, "province-clerk": 200, "county-clerk": 403, "school-clerk": 403},
}


# To agencies and schools (SR-A1.13)


def test_an_agency_reads_its_own_candidates_after_the_publication_and_nothing_before(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.results import PROVINCE_HEAD, archived
    from zikao.stages.results import commands
    from zikao.stages.results.models import Score

    archived(at)
    county = Score.objects.order_by("id").first().agency_code  # type: ignore[union-attr]
    clerk, neighbour = signed_in(Post.COUNTY_CLERK, county), signed_in(Post.COUNTY_CLERK, "320599")
    url, summary = (reverse(name, args=[SITTING]) for name in ("results:told-scores", "results:told"))
    assert clerk.get(url).status_code == clerk.get(summary).status_code == 404
    assert "还没有公布过成绩" in text(clerk.get(reverse("results:told-list")))
    commands.publish_results(sitting=SITTING, by=PROVINCE_HEAD, at=at)
    number = Score.objects.order_by("id").first().candidate.admission_number  # type: ignore[union-attr]
    assert number in text(clerk.get(url))
    assert number in text(signed_in(Post.PREFECTURE_CLERK, county[:4]).get(url))
    assert number not in text(neighbour.get(url))
    assert "没有属于本单位的成绩" in text(neighbour.get(url))
    assert "其中合格 2" in text(clerk.get(summary))
    assert "其中合格 0" in text(neighbour.get(summary))


def a_school_clerk(at: datetime, code: str) -> Client:
    """The clerk of a school, named by the province."""
    from tests.factories.accounts import sign_in
    from tests.factories.actors import head
    from tests.factories.approvals import someone
    from zikao.foundation.access.models import Account
    from zikao.stages.agencies import commands

    account = Account.objects.get(pk=someone(Post.SCHOOL_CLERK, "32", at).account_id)
    commands.name_school_clerk(school_code=code, username=account.username, by=head("32"), at=at)
    client = Client()
    sign_in(client, account)
    return client


def test_a_schools_clerk_reads_the_majors_of_the_own_school_only(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.agencies import a_school
    from tests.factories.results import published
    from zikao.stages.programmes.models import Plan, PlanSchool
    from zikao.stages.results.models import Score

    published(at)
    score = Score.objects.order_by("id").first()
    assert score is not None
    own = Plan.objects.filter(major=score.candidate.major).first()
    assert own is not None
    other = a_school(at, code="S999", name="另一所大学")
    url, number = reverse("results:told-scores", args=[SITTING]), score.candidate.admission_number
    page = text(a_school_clerk(at, own.examining_school.code).get(url))
    assert number in page
    assert own.examining_school.name in page
    assert number not in text(a_school_clerk(at, other.code).get(url))
    PlanSchool.objects.create(plan=own, agency_code=score.agency_code[:4], school=other)
    assert number in text(a_school_clerk(at, other.code).get(url))
    assert number not in text(a_school_clerk(at, own.examining_school.code).get(url))
    page = text(signed_in(Post.SCHOOL_CLERK).get(url))
    assert "还没有登记为某一所主考学校的经办" in page
    assert number not in page


def test_an_account_acts_for_one_school_and_must_hold_the_post(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.agencies import a_school
    from zikao.stages.agencies.models import SchoolClerk

    one, two = a_school(at, code="S001", name="甲大学"), a_school(at, code="S002", name="乙大学")
    for school in (one, two):
        a_school_clerk(at, school.code)
    assert set(SchoolClerk.objects.values_list("school__code", flat=True)) == {"S001", "S002"}
    url = reverse("agencies:name-school-clerk")
    answer = signed_in(Post.PROVINCE_CLERK).post(url, {"school_code": "S001", "username": "nobody"})
    assert answer.status_code == 422
    assert "没有“主考学校经办”的岗位" in text(answer)


def test_published_results_are_exported_as_the_reader_sees_them(at: datetime) -> None:
    from tests.factories.actors import county_clerk
    from tests.factories.results import published
    from zikao.foundation.exports.datasets import dataset_of
    from zikao.stages.results.models import Score

    published(at)
    score = Score.objects.order_by("id").first()
    assert score is not None
    for code, count in ((score.agency_code, 4), ("320599", 0)):
        actor = county_clerk(code)
        extract = dataset_of("results.told", actor).open(actor, {"sitting": SITTING})
        assert extract.count == len(list(extract.rows())) == count
    assert dataset_of("results.told", county_clerk("320102")).marking


# On the internet (SR-A1.14)


def test_anybody_checks_a_statement_by_its_code(signed_in: Callable[..., Client], at: datetime) -> None:
    import pymupdf

    from tests.factories.results import published
    from zikao.stages.results import queries
    from zikao.stages.results.models import Score

    published(at)
    score = Score.objects.order_by("id").first()
    assert score is not None
    candidate = score.candidate
    statement = as_owner(candidate).get(reverse("results:my-statement", args=[SITTING]))
    code = queries.check_shown([score]).code
    assert code in pymupdf.open(stream=statement.content)[0].get_text()
    asked = {"number": candidate.admission_number, "sitting": SITTING, "code": code.lower().replace("-", " ")}
    guest, url = signed_in(), reverse("results:check")
    page = text(guest.get(url, asked))
    assert "与考籍档案一致" in page
    assert "75" not in page.partition("<form")[0]
    for wrong in ({"code": "0000-0000-0000-0000"}, {"number": "999999999999"}, {"sitting": "2020-04"}):
        assert "与考籍档案不一致" in text(guest.get(url, {**asked, **wrong}))


@committed
def test_the_node_compares_from_time_to_time_and_trust_says_so(
    signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.results import published
    from zikao.foundation.jobs.models import Work
    from zikao.stages.results import tasks
    from zikao.stages.results.models import Comparison

    monkeypatch.setattr("zikao.foundation.clock.now", lambda: at)
    assert tasks.compare_from_time_to_time() is False
    published(at)
    auditor = signed_in(Post.AUDITOR)
    assert "已有成绩公布，还没有对照过" in text(auditor.get(reverse("trust:state")))
    assert tasks.compare_from_time_to_time() is True
    assert tasks.compare_from_time_to_time() is False
    tasks.compare(Work.objects.get().pk)
    made = Comparison.objects.get()
    assert (made.holds, made.difference_count) == (True, 0)
    assert {each["name"] for each in made.sources} == {"scores", "plan-progress", "pass-certificates"}
    assert all(each["shown_digest"] == each["record_digest"] for each in made.sources)
    assert "逐条一致" in text(auditor.get(reverse("trust:state")))
    assert "全部一致" in text(auditor.get(reverse("results:comparison", args=[made.pk])))
    assert tasks.compare_from_time_to_time() is False
    monkeypatch.setattr("zikao.foundation.clock.now", lambda: at + timedelta(days=2))
    assert tasks.compare_from_time_to_time() is True


def test_what_differs_is_named_on_the_page_and_trust_is_broken(signed_in: Callable[..., Client], at: datetime) -> None:
    where = a_comparison(at)
    auditor = signed_in(Post.AUDITOR)
    page = text(auditor.get(reverse("results:comparison", kwargs=where)))
    assert "成绩 17（考生 4）" in page
    assert "显示的内容在档案中没有" in page
    assert "发现 1 处不一致" in text(auditor.get(reverse("trust:state")))


def test_the_auditor_has_it_compared_at_once(signed_in: Callable[..., Client]) -> None:
    auditor, url = signed_in(Post.AUDITOR), reverse("results:compare")
    assert "已开始对照" in text(auditor.post(url, follow=True))
    assert "已有一次对照正在进行" in text(auditor.post(url, follow=True))
