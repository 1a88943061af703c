"""Learning accounts at the centre: the person's numbers in all provinces, what was gathered, suspensions, reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import subject_page
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    form_page,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.foundation.provinces import PROVINCES, province_name
from zikao.national import commands, policies
from zikao.national.forms.accounts import FindAccountForm, MergingForm, ReviewForm, review_arguments
from zikao.national.models import AccountReview, LearningAccount, NationalSuspension
from zikao.national.queries import accounts as queries
from zikao.national.states import AccountState, ReviewState
from zikao.stages.candidates.queries import normal_id_number

TONES: Mapping[str, Any] = {"active": "done", "merged": "plain"}
REVIEW_TONES: Mapping[str, Any] = {"proposed": "due", "done": "done", "refused": "danger"}
tell(
    **{
        "national.base-information-gathered": "归集注册信息",
        "national.passes-gathered": "归集合格课程门数",
        "national.suspension-taken": "登记停考并告知各省",
        "national.suspension-lifted": "解除停考并告知各省",
        "national.merging-proposed": "提出合并账户",
        "national.unlinking-proposed": "提出拆出准考证号",
    }
)
subject_page("national.accountreview", lambda pk: reverse("national:review", args=[pk]))


@staff_page(posts=policies.READERS)
def account_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every account."""
    table = Table(
        queries.accounts(),
        (
            Column("number", "学习账号", "code", sortable=True),
            Column("name", "姓名", personal=True),
            Column("held", "准考证号", "number"),
            Column("passed", "合格课程", "number"),
            Column("opened_at", "建立时间", "datetime", sortable=True),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, AccountState, TONES)),
        ),
        filters=(
            Filter("number", "学习账号", lookup="number__startswith"),
            Filter("province", "有考籍的省份", "choice", tuple(PROVINCES.items()), lambda rows, code: rows.filter(
                pk__in=rows.filter(numbers__province=code).values("pk"))),
            Filter("state", "状态", "choice", AccountState.choices),
        ),
        link=lambda row: reverse("national:account", args=[row.number]),
        order="number",
        empty="还没有归集考生信息。各省注册考生之后自动报送。",
    )  # fmt: skip
    acts = [Action("按身份证件号码查找", "national:find-account"), Action("归集情况", "national:gathered")]
    return table_page(request, title="学习账户", table=table, actions=acts)


@staff_page(posts=policies.READERS)
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The account of a person, by the whole ID number."""
    form = FindAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = queries.account_of_person(normal_id_number(form.cleaned_data["id_number"]))
        if found is not None:
            return HttpResponseRedirect(reverse("national:account", args=[found.number]))
        form.add_error("id_number", "没有这个号码的学习账户。请核对号码；刚注册的，等省里报送之后再查。")
    back = Link("学习账户", reverse("national:accounts"))
    return form_page(
        request, title="按身份证件号码查找账户", form=form, what="号码不会出现在网址和日志中。", clause="EA-47",
        button="查找", back=back, status=422 if form.errors else 200,
    )  # fmt: skip


@staff_page(posts=policies.READERS)
def account(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One account: the person, the numbers by province, suspensions, reviews."""
    found = queries.account(number)
    return object_page(
        request,
        kicker="学习账户",
        title=found.number,
        pill=Pill.of(found.state, AccountState, TONES),
        back=Link("学习账户", reverse("national:accounts")),
        facts={
            "本人": _person(found),
            "准考证号": _numbers(found),
            "停考": _suspensions(found),
            "审核": _reviews(found),
        },
        steps=steps_of(AccountState, found.state, path=[AccountState.ACTIVE], reached={"active": found.opened_at}),
        actions=_actions(found),
        history=f"national.learningaccount:{found.pk}",
    )


def _person(found: LearningAccount) -> list[Fact]:
    into = found.merged_into
    return [
        Fact("学习账号", found.number, "code", clause="EA-15"),
        Fact("姓名", found.name),
        Fact("身份证件号码", queries.masked_number(found), "code"),
        Fact("建立时间", found.opened_at, "datetime"),
        *([Fact("并入", into.number, "link", href=reverse("national:account", args=[into.number]))] if into else []),
    ]


def _numbers(found: LearningAccount) -> list[Fact]:
    return [
        Fact(
            province_name(each.province),
            each.admission_number,
            "code",
            note="；".join(
                filter(None, (f"{each.major_code}，{each.first_sitting} 起，合格 {each.passes} 门", each.note))
            ),
        )
        for each in queries.numbers_of(found)
    ] or [Fact("准考证号", "没有")]


def _suspensions(found: LearningAccount) -> list[Fact]:
    return [
        Fact(f"{province_name(each.province)} {each.reference}", f"{each.since_on} 至 {each.until_on} 前一日",
             clause="EA-12.3", note=f"提前解除：{each.lifted_by}" if each.lifted_by else "")
        for each in queries.suspensions_of(found)
    ]  # fmt: skip


def _reviews(found: LearningAccount) -> list[Fact]:
    return [
        Fact(str(each.get_kind_display()), str(each.get_state_display()), "link",
             href=reverse("national:review", args=[each.pk]))
        for each in found.reviews.all()
    ]  # fmt: skip


def _actions(found: LearningAccount) -> list[Action]:
    here = {"number": found.number}
    active, why = found.state == AccountState.ACTIVE, "账户已经并入其他账户。"
    several = queries.numbers_of(found).count() > 1
    takes_out = [
        Action(
            f"拆出 {each}",
            "national:unlink",
            {**here, "link_id": each.pk},
            "这个号码是别人的，拆出另立账户。",
            clause="EA-15",
        )
        for each in queries.numbers_of(found)
        if several
    ]
    return [
        Action("并入另一账户", "national:merge", here, "同一人用不同证件的两个账户合为一个，须经复核。", clause="EA-15")
        .open_if(active, why, "EA-15"),
        *takes_out,
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def review(request: HttpRequest, actor: Actor, review_id: int) -> HttpResponse:
    """One review."""
    found = queries.review(review_id)
    approval = reverse("approvals:approval", args=[found.approval_id]) if found.approval_id else ""
    return object_page(
        request,
        kicker="学习账户审核",
        title=f"{found.get_kind_display()}",
        pill=Pill.of(found.state, ReviewState, REVIEW_TONES),
        back=Link("学习账户", reverse("national:account", args=[found.account.number])),
        facts=_review_facts(found, approval),
        steps=steps_of(ReviewState, found.state, path=_review_path(found), reached={"proposed": found.proposed_at}),
        history=f"national.accountreview:{found.pk}",
    )


def _review_path(found: AccountReview) -> list[str]:
    return ["proposed", "refused" if found.state == ReviewState.REFUSED else "done"]


def _review_facts(found: AccountReview, approval: str) -> list[Fact]:
    return [
        Fact("账户", found.account.number, "code", clause="EA-15"),
        *([Fact("并入的账户", found.other.number, "code")] if found.other else []),
        *([Fact("拆出的号码", str(found.link), "code")] if found.link else []),
        Fact("理由", found.reason),
        Fact("审批", "查看签批", "link", href=approval),
    ]


@staff_page(posts=policies.READERS)
def gathered(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What each province sent, batch by batch, and whether it adds up."""
    table = Table(
        queries.gathered(),
        (
            Column("province", "省份", value=lambda row: province_name(row.province)),
            Column("batch", "批号", "number"),
            Column("kind", "内容", value=lambda row: {"passes": "合格课程"}.get(row.kind, "注册信息")),
            Column("count", "人数", "number"),
            Column("opened", "新建账户", "number"),
            Column("linked", "新并入号码", "number"),
            Column("renewed", "更新", "number"),
            Column("received_at", "收到时间", "datetime", sortable=True),
        ),
        filters=(Filter("province", "省份", "choice", tuple(PROVINCES.items())),),
        order="-received_at",
        empty="各省还没有报送。",
    )
    counts = [(province_name(each.province), each) for each in queries.counts_by_province()]
    return table_page(
        request, title="基础信息归集", table=table, intro="各省的注册信息和合格门数自动报送，并入学习账户。",
        back=Link("学习账户", reverse("national:accounts")), extra_template="national/_gathered.html",
        context={"counts": counts},
    )  # fmt: skip


def _running(row: NationalSuspension) -> Pill:
    if row.until_on > clock.today():
        return Pill("停考期内", "danger")
    return Pill("已解除" if row.lifted_by else "已期满")


@staff_page(posts=policies.READERS)
def suspensions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Suspensions known to the nation."""
    table = Table(
        queries.suspensions(),
        (
            Column("reference", "决定文号"),
            Column("province", "作出省份", value=lambda row: province_name(row.province)),
            Column("since_on", "起", "date", sortable=True),
            Column("until_on", "止（不含）", "date", sortable=True),
            Column("told", "告知省份", "number"),
            Column("state", "状态", "pill", value=_running),
        ),
        filters=(Filter("reference", "文号", lookup="reference__contains"),
                 Filter("province", "作出省份", "choice", tuple(PROVINCES.items()))),
        order="-until_on",
        empty="没有停考人员。",
    )  # fmt: skip
    return table_page(request, title="全国停考名单", table=table, intro="一省作出，各省即知：报名、报考时都查。")


merge = action(
    commands.propose_merging, MergingForm, title="提出合并账户", clause="EA-15", button="提出",
    what="另一个账户的准考证号并入这个账户；全国考务管理复核签字之后办理。", done="已提出，等待复核。",
    back="national:account", arguments=review_arguments,
)  # fmt: skip
unlink = action(
    commands.propose_unlinking, ReviewForm, title="提出拆出准考证号", clause="EA-15", button="提出", danger=True,
    what="这个号码错误地并入了别人的账户：复核之后拆出，另立账户，并告知该省更正身份信息。", done="已提出，等待复核。",
    back="national:account", arguments=review_arguments,
)  # fmt: skip
