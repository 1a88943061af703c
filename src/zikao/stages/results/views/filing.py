"""Change lists on their way into the archive, and the window in which three segments let one be written."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Step,
    Table,
    TrustItem,
    Waiting,
    action,
    history_of,
    object_page,
    staff_page,
    steps_of,
    table_page,
    trust_item,
    waits_for,
)
from zikao.foundation.secrecy.classes import distance
from zikao.stages.results import commands, policies, queries, rules
from zikao.stages.results.models import ChangeList
from zikao.stages.results.queries.filing import WindowView
from zikao.stages.results.states import ListKind, ListState

TONES = {"staged": "due", "approved": "info", "filed": "done", "withdrawn": "plain"}
PATH = (ListState.STAGED, ListState.APPROVED, ListState.FILED)
SHOWN = 200


def pill_of(held: ChangeList) -> Pill:
    """A list's state."""
    return Pill.of(held.state, ListState, TONES)  # type: ignore[arg-type]


LIST_FILTERS = (
    Filter("state", "状态", "choice", ListState.choices),
    Filter("kind", "种类", "choice", ListKind.choices),
)


@staff_page(posts=policies.READERS)
def change_lists(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every list of scores that was handed in to be filed."""
    table = Table(
        queries.change_lists(actor),
        (
            Column("id", "编号", "number"),
            Column("title", "内容"),
            Column("kind", "种类", value=lambda row: row.get_kind_display()),
            Column("count", "条数", "number"),
            Column("staged_at", "形成时间", "datetime", sortable=True),
            Column("filed_at", "归档时间", "datetime"),
            Column("state", "状态", "pill", value=pill_of),
        ),
        filters=LIST_FILTERS,
        link=lambda row: reverse("results:change-list", args=[row.pk]),
        order="-staged_at",
        empty="还没有待归档的成绩清单。",
    )
    acts = [
        Action("我的密码段", "results:segment", posts=policies.CUSTODIANS | policies.WITNESSES),
        Action("成绩更正", "results:corrections", posts=policies.READERS),
    ]
    return table_page(
        request,
        title="成绩归档",
        intro="成绩只能在三名掌管人各自出示密码段开启的窗口内，按审核签字的清单写入，写入后不能修改。",
        table=table,
        actions=acts,
        back=Link("成绩", reverse("results:list")),
    )


@staff_page(posts=policies.READERS)
def change_list(request: HttpRequest, actor: Actor, list_id: int) -> HttpResponse:
    """One list: what is authorised, who has presented, how long is left."""
    held = queries.change_list(actor, list_id)
    view = queries.window_view("scores", held.pk)
    lines = history_of(f"results.changelist:{held.pk}")
    if view is not None:
        lines = sorted([*lines, *history_of(f"results.filingwindow:{view.window.pk}")], key=lambda line: line.at)[::-1]
    facts = {"清单": _facts(held), "三段密码": custodian_facts(view), "归档": _filed_facts(held, view)}
    return object_page(
        request,
        kicker=held.get_kind_display(),
        title=held.title,
        pill=pill_of(held),
        back=Link("成绩归档", reverse("results:archive")),
        facts={name: some for name, some in facts.items() if some},
        steps=_steps(held),
        actions=_actions(held, view, actor),
        history=lines,
        extra_template="results/_rows.html",
        context=_rows(held, actor),
    )


def _rows(held: ChangeList, actor: Actor) -> dict[str, object]:
    if why := _kept_apart(held, actor):
        return {"kept_apart": why}
    return {"rows": queries.rows_of_list(held)[:SHOWN], "more": max(0, held.count - SHOWN)}


def _kept_apart(held: ChangeList, actor: Actor) -> str:
    """Why the actor does not see the rows: an interest in a sitting whose scores are not filed yet (EA-11.1)."""
    if held.kind != ListKind.COLLECTION or held.state == ListState.FILED:
        return ""
    code = held.subject.removeprefix("sitting:")
    found = distance(code, "未公布的成绩", by=actor, at=clock.now())
    return "" if found.granted else found.refusals[0].message


def _facts(held: ChangeList) -> list[Fact]:
    return [
        Fact("条数", held.count, "number"),
        Fact("清单摘要（SHA-256）", bytes(held.digest).hex(), "code", clause="SR-A1.9", note="数据库计算并核对"),
        Fact("清单摘要（SM3）", bytes(held.root).hex(), "code", clause="SR-A1.14", note="写入账本"),
        Fact("形成时间", held.staged_at, "datetime"),
        Fact(
            "审核签字时间",
            held.approved_at or "还没有签字",
            "datetime" if held.approved_at else "text",
            clause="SR-A1.6",
        ),
    ]


def custodian_facts(view: WindowView | None) -> list[Fact]:
    """Who has presented, and the time that is left, by the database's clock."""
    if view is None:
        return []
    facts = [
        Fact(
            each.post.label,
            f"{each.presented_at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M:%S} 已出示" if each.presented_at
            else "还没有出示" if each.account_id else "还没有领取密码段",
            clause="SR-A1.10a",
        )
        for each in view.custodians
    ]  # fmt: skip
    return [*facts, Fact("窗口", _window_state(view), "pill", note=_left(view))]


def _window_state(view: WindowView) -> Pill:
    if view.is_open:
        return Pill("已开启，可以写入", "due")
    if view.window.closing == "filed":
        return Pill("已写入并关闭", "done")
    if view.window.closed_at is not None or view.is_over:
        return Pill("已关闭，没有写入", "plain")
    return Pill(f"等待三人到场（{view.present}/3）", "info")


def _left(view: WindowView) -> str:
    if view.left is None:
        return ""
    minutes, seconds = divmod(int(view.left.total_seconds()), 60)
    return f"剩余 {minutes} 分 {seconds:02d} 秒，到时由数据库自动关闭"


def _filed_facts(held: ChangeList, view: WindowView | None) -> list[Fact]:
    if held.state != ListState.FILED or view is None:
        return []
    window = view.window
    names = {"before": "变更前备份", "after": "变更后备份"}
    return [
        Fact("归档序号", window.number, "number"),
        Fact("链首摘要", bytes(window.head or b"").hex(), "code", clause="SR-A1.10b"),
        *(
            Fact(names[each.moment], f"第 {each.id} 号，已读回并核对一致", clause="SR-A1.11",
                 note="另存双钥封存件" if each.sealed else "保管方公钥未登记，没有双钥封存件")
            for each in queries.backups_of(window.pk)
        ),
    ]  # fmt: skip


def _steps(held: ChangeList) -> tuple[Step, ...]:
    times = (
        (ListState.STAGED, held.staged_at),
        (ListState.APPROVED, held.approved_at),
        (ListState.FILED, held.filed_at),
    )
    return steps_of(ListState, held.state, path=PATH, reached={state.value: at for state, at in times if at})


def _actions(held: ChangeList, view: WindowView | None, actor: Actor) -> list[Action]:
    here, state = {"list_id": held.pk}, held.state
    own = rules.APPROVAL(on=clock.today(), collected_by=held.staged_by, approver=actor.account_id)
    elsewhere = held.kind in (ListKind.COLLECTION, ListKind.CORRECTION)
    signing = "考次成绩在成绩公布页面签字，成绩更正由审批逐级签字。"
    acts = [
        Action("审核签字", "results:approve-list", here, "确认这份清单无误，并申请归档窗口。", clause="SR-A1.6")
        .given(own)
        .open_if(state == ListState.STAGED, "这份清单已经签字或撤回。", "SR-A1.6")
        .open_if(not elsewhere, signing, "SR-A1.6"),
        Action("重新申请窗口", "results:request-window", here, "上一个窗口没有写入就关闭了。", clause="SR-A1.9")
        .open_if(view is None or view.window.closed_at is not None, "这份清单已经有一个窗口。", "SR-A1.9")
        .open_if(state == ListState.APPROVED, "只有已签字、未归档的清单需要窗口。", "SR-A1.9"),
        Action("撤回清单", "results:withdraw-list", here, "签字以前，提交人可以撤回。", clause="SR-A1.6", danger=True)
        .open_if(state == ListState.STAGED and not elsewhere, "签字以后不能撤回。", "SR-A1.6")
        .open_if(held.staged_by == actor.account_id, "只有提交这份清单的人可以撤回。", "SR-A1.6"),
    ]
    return [*window_actions(view, actor), *acts] if view is not None else acts


def window_actions(view: WindowView, actor: Actor) -> list[Action]:
    """What can be done with a window now."""
    here = {"window_id": view.window.pk}
    posts = frozenset(each.post for each in view.custodians)
    write = "results:file-list" if view.window.kind == "scores" else "results:install-segment"
    return [
        Action("出示我的密码段", "results:present", here, "只授权这一份清单，对别的窗口无效。", clause="SR-A1.10a",
               posts=posts)
        .open_if(not view.has_presented(actor.post), "您已经出示。", "SR-A1.10a")
        .open_if(view.is_waiting, "窗口已经开启或者关闭。", "SR-A1.10a"),
        Action("写入成绩档案" if view.window.kind == "scores" else "启用新密码段", write, here,
               "写入前后各备份一次并核对，写完窗口即关闭。", clause="SR-A1.11")
        .open_if(view.is_open, "三人到齐、窗口开启之后才能写入。", "SR-A1.9"),
        Action("关闭窗口", "results:close-window", here, "有疑问时，任何一名掌管人都可以单独关闭。", clause="SR-A1.9",
               danger=True)
        .open_if(view.window.closed_at is None, "窗口已经关闭。", "SR-A1.9"),
    ]  # fmt: skip


approve_list = action(
    commands.approve_list, title="审核签字",
    what="您确认这份清单与依据材料一致。签字后申请窗口，由三名掌管人到场开启。",
    clause="SR-A1.6", button="确认无误，签字", back="results:change-list", done="已签字，等待三名掌管人出示密码段。",
)  # fmt: skip
withdraw_list = action(
    commands.withdraw_list, title="撤回清单", what="撤回之后，这份清单不再归档；需要时重新提交。", clause="SR-A1.6",
    button="撤回", danger=True, back="results:change-list", done="已撤回。",
)  # fmt: skip
request_window = action(
    commands.request_window, title="重新申请窗口",
    what="三名掌管人须在规定时间内到场，重新出示密码段。", clause="SR-A1.9",
    button="申请", back="results:change-list", done="已申请，等待三名掌管人出示密码段。",
)  # fmt: skip
file_list = action(
    commands.file_list, title="写入成绩档案",
    what="先备份成绩档案库，写入清单，再备份一次；两份备份都读回核对。写完窗口即关闭。",
    clause="SR-A1.11", button="写入", done="已写入成绩档案，窗口已经关闭。",
    back=lambda receipt, **url: reverse("results:change-list", args=[receipt.value.pk]),
)  # fmt: skip
close_window = action(
    commands.close_window, title="关闭窗口", what="关闭之后，这个窗口再也不能写入；清单仍在，可以重新申请窗口。",
    clause="SR-A1.9", button="关闭", danger=True, done="窗口已经关闭。",
    back=lambda receipt, **url: window_url(receipt.value.kind, receipt.value.list_id),
)  # fmt: skip


def window_url(kind: str, list_id: int) -> str:
    """The page of what a window is for."""
    return reverse("results:change-list", args=[list_id]) if kind == "scores" else reverse("results:segment")


def _waiting(actor: Actor, state: ListState) -> Waiting:
    rows = list(queries.waiting_lists(actor, state)[:100])
    items = tuple(Item(row.title, reverse("results:change-list", args=[row.pk]), row.staged_at) for row in rows[:5])
    url = f"{reverse('results:archive')}?state={state.value}"
    return Waiting(len(rows), url, rows[0].staged_at if rows else None, items=items)


@waits_for(frozenset({Post.RECORDS_HEAD, Post.PROVINCE_HEAD}), "待审核签字的成绩清单", "SR-A1.6", stage="results")
def lists_to_sign(actor: Actor) -> Waiting:
    """Lists that another person must sign."""
    return _waiting(actor, ListState.STAGED)


@waits_for(policies.CUSTODIANS, "待出示密码段的归档", "SR-A1.10a", stage="results")
def lists_to_open(actor: Actor) -> Waiting:
    """Signed lists that wait for the custodians."""
    return _waiting(actor, ListState.APPROVED)


@trust_item("archive", order=40, title="成绩档案库")
def archive_windows(actor: Actor, at: datetime) -> TrustItem:
    """Open windows, missing segments, filings without their two backups."""
    url, live = reverse("results:archive"), queries.live_windows()
    missing = queries.windows_without_backup()
    if missing:
        told = f"有 {missing} 份归档前后的备份缺失，请立即核验。"
        return TrustItem("成绩档案库", "broken", told, url=url, clause="SR-A1.11")
    untaken = [post.label for post in queries.THREE if queries.holder_of(post) is None]
    if untaken:
        return TrustItem("成绩档案库", "due", f"还没有领取密码段：{'、'.join(untaken)}。", url=url, clause="SR-A1.10a")
    opened = [view for view in live if view.is_open]
    if opened:
        told = f"{len(opened)} 个窗口开启中，{_left(opened[0])}。"
        return TrustItem("成绩档案库", "due", told, since=opened[0].window.opened_at, url=url, clause="SR-A1.9")
    waiting = f"，{len(live)} 份清单等待三人到场" if live else ""
    return TrustItem("成绩档案库", "ok", f"没有开启的窗口，成绩不可写入{waiting}。", url=url, clause="SR-A1.9")
