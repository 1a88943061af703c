"""Long work: ordered, watched, left and found again, ended with counts that add up."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories.accounts import a_member_of_staff, sign_in
from tests.factories.actors import COUNTY
from tests.factories.programmes import SITTING
from tests.factories.seating import drawn, issued
from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.actors import Post
from zikao.foundation.errors import ZikaoError
from zikao.foundation.jobs import queries
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.states import WorkState
from zikao.foundation.jobs.working import WRITE_EVERY, Progress
from zikao.foundation.ledger.models import Line
from zikao.stages.seating import commands, tasks

pytestmark = pytest.mark.django_db

NAME = "county-clerk.320102"


def the_clerk(at: datetime) -> Account:
    return Account.objects.filter(username=NAME).first() or a_member_of_staff(at, Post.COUNTY_CLERK)


def a_work(at: datetime, account: Account | None = None, **more: Any) -> Work:
    """Work that stands in the middle: of the county clerk, unless told otherwise."""
    given = {"state": WorkState.RUNNING, "total": 200, "done": 50, "started_at": at, "agency_code": COUNTY} | more
    owner = account or the_clerk(at)
    return Work.objects.create(
        kind="seating.notices",
        title="2026-10 考试通知单",
        account_id=owner.pk,
        post="county-clerk",
        queued_at=at,
        **given,
    )


def of_another(at: datetime) -> dict[str, Any]:
    """Work that a marker asked for: nobody in the table may see it."""
    marker = a_member_of_staff(at, Post.MARKER, "32")
    return {"work_id": a_work(at, marker).pk}


OTHERS = {"kwargs": of_another, "guest": 302, "candidate": 403, "county-clerk": 404, "system-admin@32": 404}
ROUTES = {
    "work:mine": {"guest": 302, "candidate": 403, "county-clerk": 200, "national-officer": 200},
    "work:one": OTHERS,
    "work:progress": OTHERS,
    "work:result": OTHERS,
}
SignedIn = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def clerk(at: datetime) -> Client:
    """A county clerk, signed in."""
    client = Client()
    sign_in(client, the_clerk(at))
    return client


def order(client: Client, key: str = "k1") -> Any:
    where = reverse("seating:order-notices", args=[SITTING])
    return client.post(where, {"county_code": COUNTY, "idempotency_key": key}, follow=True)


def test_a_county_clerk_orders_notices_and_downloads_them_when_they_are_done(clerk: Client, at: datetime):
    issued(at, candidates=3)
    page = text(order(clerk))
    work = Work.objects.get()
    assert "排队中" in page
    assert reverse("work:progress", args=[work.pk]) in page
    assert clerk.get(reverse("work:result", args=[work.pk])).status_code == 404
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, job.status) == ("seating.notices", {"work_id": work.pk}, "todo")
    tasks.print_notices(work.pk)
    page = text(clerk.get(reverse("work:one", args=[work.pk])))
    assert "已完成" in page
    assert "3 = 3" in page
    assert "hx-get" not in page[page.index('id="work-progress"') :].split("</section>")[0]
    answer = clerk.get(reverse("work:result", args=[work.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.namelist() == ["notices-00001-00003.pdf"]
        assert pack.read("notices-00001-00003.pdf").startswith(b"%PDF")
    assert "notices-2026-10-320102.zip" in answer["Content-Disposition"]


def test_two_clicks_order_once(clerk: Client, at: datetime):
    issued(at, candidates=1)
    order(clerk)
    order(clerk)
    assert (Work.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)


@pytest.mark.parametrize("county", ["320104", "330102"])
def test_a_clerk_orders_nothing_for_a_county_that_is_not_offered(county: str, clerk: Client, at: datetime):
    issued(at, candidates=1)
    by = actor_of(the_clerk(at), at)
    assert by is not None
    with pytest.raises(ZikaoError):
        commands.order_notices(sitting_code=SITTING, county_code=county, key="k", by=by, at=at)
    assert not Work.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_nothing_is_ordered_before_the_notices_are_out(clerk: Client, at: datetime):
    drawn(at, candidates=1)
    answer = clerk.post(reverse("seating:order-notices", args=[SITTING]), {"county_code": COUNTY})
    assert answer.status_code == 422
    assert not Work.objects.exists()


def test_work_done_twice_has_one_end(clerk: Client, at: datetime):
    issued(at, candidates=2)
    order(clerk)
    work = Work.objects.get()
    tasks.print_notices(work.pk)
    first = Work.objects.get()
    tasks.print_notices(work.pk)
    # as the second of two workers saw it
    Work.objects.filter(pk=work.pk).update(state=WorkState.RUNNING, ended_at=None)
    tasks.print_notices(work.pk)
    assert Line.objects.filter(command="jobs.work-done").count() == 1
    assert Work.objects.get().result == first.result


def test_work_that_cannot_be_done_says_why(clerk: Client, at: datetime, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: Any, **more: Any) -> Any:
        raise RuntimeError("no paper")

    issued(at, candidates=2)
    order(clerk)
    work = Work.objects.get()
    monkeypatch.setattr(tasks, "render_batch", broken)
    with pytest.raises(RuntimeError):
        tasks.print_notices(work.pk)
    page = text(clerk.get(reverse("work:one", args=[work.pk])))
    assert "未完成的原因" in page
    assert "把任务编号告诉系统管理员" in page
    assert Line.objects.get(command="jobs.work-failed").facts["code"] == "unexpected"


def test_the_bar_shows_counts_and_time_left_and_asks_again(clerk: Client, at: datetime, monkeypatch):
    work = a_work(at)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(seconds=30))
    answer = clerk.get(reverse("work:progress", args=[work.pk]))
    page = text(answer)
    assert "50 / 200" in page
    assert "1 分 30 秒" in page
    assert "every 1s" in page
    assert "HX-Refresh" not in answer
    Work.objects.filter(pk=work.pk).update(state="failed", trouble="没有纸", ended_at=at)
    answer = clerk.get(reverse("work:progress", args=[work.pk]))
    assert "every 1s" not in text(answer)
    assert answer["HX-Refresh"] == "true"


def test_work_is_found_again_in_the_list_with_how_far_it_is(clerk: Client, at: datetime):
    work = a_work(at)
    page = text(clerk.get(reverse("work:mine")))
    assert work.title in page
    assert reverse("work:one", args=[work.pk]) in page
    assert "进行中" in page


def test_progress_is_written_every_fifty_and_never_beyond_the_whole(clerk: Client, at: datetime):
    work = a_work(at, done=0, total=70)
    progress = Progress(work)
    seen = []
    for _ in range(2 * WRITE_EVERY):
        progress.add()
        seen.append(Work.objects.get(pk=work.pk).done)
    assert sorted(set(seen)) == [0, 50, 70]
    assert seen[WRITE_EVERY - 2 : WRITE_EVERY] == [0, 50]


def test_time_left_is_unknown_before_the_first_and_after_the_last(at: datetime):
    assert queries.time_left(Work(state="running", total=10, done=0, started_at=at), at) is None
    assert queries.time_left(Work(state="done", total=10, done=10, started_at=at), at) is None
