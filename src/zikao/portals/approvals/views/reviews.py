"""The periodic review of approvals with the discipline inspection: what is due, what was reviewed, the list for it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import commands, policies, queries
from zikao.foundation.approvals.models import JointReview
from zikao.foundation.documents import render
from zikao.foundation.errors import BadInput, NotFound
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Link,
    Step,
    Table,
    Waiting,
    action,
    object_page,
    staff_page,
    table_page,
    waits_for,
)
from zikao.foundation.regulation import parameter
from zikao.portals.approvals import forms
from zikao.portals.approvals.review_list import list_of

READERS = policies.REVIEWERS | {Post.AUDITOR, Post.EXAM_AFFAIRS_HEAD}


@staff_page(posts=READERS)
def review_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The joint reviews, and when the next is due."""
    table = Table(
        queries.reviews(actor),
        (
            Column("since_on", "起", "date"),
            Column("until_on", "止", "date"),
            Column("listed", "审批件数", "number"),
            Column("inspectors", "纪检监察部门参加人员"),
            Column("recorded_at", "登记时间", "datetime"),
        ),
        link=lambda review: reverse("approvals:review", args=[review.pk]),
        order="-id",
        empty="还没有会同审查的登记。",
    )
    return table_page(
        request,
        title="会同审查",
        intro=f"审批登记定期由省级教育考试机构会同省级教育纪检监察部门审查。{_due_in_words(actor)}",
        table=table,
        actions=[Action("登记一次审查", "approvals:record-review")],
        extra_template="approvals/_period.html",
        context={"period": _period(actor), "list_url": reverse("approvals:review-list")},
    )


def _due_in_words(actor: Actor) -> str:
    due = queries.review_due_on(actor, clock.now())
    if due is None:
        return "还没有审批，暂无需要审查的。"
    return f"下一次应在 {due.year}年{due.month}月{due.day}日之前" + ("，已经逾期。" if due < clock.today() else "。")


def _period(actor: Actor) -> dict[str, date]:
    """What the next review would cover: from the end of the last up to today."""
    last = queries.last_review(actor)
    since = last.until_on if last else clock.today() - timedelta(days=183)
    return {"since_on": since, "until_on": clock.today()}


@staff_page(posts=READERS)
def review_page(request: HttpRequest, actor: Actor, review_id: int) -> HttpResponse:
    """One joint review."""
    review = _one(actor, review_id)
    where = urlencode({"since_on": str(review.since_on), "until_on": str(review.until_on)})
    facts = [
        Fact("期间", f"{review.since_on} 至 {review.until_on}", note="止日不含"),
        Fact("审批件数", review.listed, "number", clause="SR-A1.8"),
        Fact("清单", "打印清单", "link", href=f"{reverse('approvals:review-list')}?{where}"),
        Fact("清单摘要", bytes(review.digest).hex(), "code", note=_same(actor, review)),
        Fact("纪检监察部门参加人员", review.inspectors),
        Fact("审查意见", review.findings),
        Fact("登记人", review.recorded_by.name if review.recorded_by else "系统自动"),
    ]
    if review.minutes:
        facts.append(Fact("审查记录", "打开查看", "link", href=reverse("approvals:review-minutes", args=[review.pk])))
    return object_page(
        request,
        kicker="会同审查",
        title=f"{review.since_on} 至 {review.until_on}",
        facts=facts,
        steps=(Step("审批办结", "past"), Step("会同审查", "past"), Step("登记", "present", review.recorded_at)),
        history=f"approvals.jointreview:{review.pk}",
        back=Link("会同审查", reverse("approvals:reviews")),
    )


def _same(actor: Actor, review: JointReview) -> str:
    listed = queries.closed_between(actor, review.since_on, review.until_on)
    same = queries.digest_of_list(listed) == bytes(review.digest)
    return "与现在的登记一致" if same else "与您现在能看到的登记不一致，请由审计管理员核查"


@staff_page(posts=READERS)
def minutes(request: HttpRequest, actor: Actor, review_id: int) -> HttpResponse:
    """The signed record of a review."""
    review = _one(actor, review_id)
    if not review.minutes:
        raise NotFound("no-minutes", message="这次审查没有附记录。")
    return _pdf(storage.get(review.minutes), f"review-{review.pk}-minutes")


@staff_page(posts=READERS)
def list_of_period(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list of the approvals closed in a period, to lay before the reviewers."""
    form = forms.PeriodForm(request.GET)
    if not form.is_valid() or form.cleaned_data["since_on"] >= form.cleaned_data["until_on"]:
        raise BadInput("bad-period", message="请填写起止日期，止期晚于起期。")
    since, until = form.cleaned_data["since_on"], form.cleaned_data["until_on"]
    data = list_of(actor, since, until, clock.now())
    return _pdf(render("approvals/review.typ", data), f"approvals-{since}-{until}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _one(actor: Actor, review_id: int) -> JointReview:
    review = queries.reviews(actor).filter(pk=review_id).first()
    if review is None:
        raise NotFound("review-not-found", message="没有找到这次审查。")
    return review


def _initial(actor: Actor, **kwargs: Any) -> dict[str, Any]:
    return dict(_period(actor))


record = action(
    commands.record_joint_review,
    forms.ReviewForm,
    title="登记会同审查",
    what="登记后，该期间办结的审批清单连同摘要固定下来，不能更改。各期首尾相接，不留空档。",
    clause="SR-A1.8",
    button="登记",
    done="会同审查已登记。",
    initial=_initial,
    back=lambda receipt, **kwargs: reverse("approvals:review", args=[receipt.value.pk]),
)


@waits_for(policies.REVIEWERS, "审批登记应会同纪检监察部门审查", "SR-A1.8", stage="approvals")
def review_due(actor: Actor) -> Waiting:
    """That the next joint review is due soon."""
    due = queries.review_due_on(actor, clock.now())
    notice = int(parameter("due-notice").on(clock.today()))
    if due is None or due > clock.today() + timedelta(days=notice):
        return Waiting(0)
    until = datetime.combine(due, time(), tzinfo=clock.LOCAL)
    return Waiting(1, reverse("approvals:reviews"), due=until)
