"""Lists in files: wishes of many candidates, and fees paid together. First looked at row by row, then confirmed.

What was looked at comes back signed with the confirmation, so that exactly it is written; nothing is kept meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput, NotFound, ZikaoError
from zikao.foundation.pages import Action, Link, form_page, staff_page
from zikao.foundation.pages.acting import REPEATED, receipt_tag
from zikao.foundation.pages.forms import speak_plainly
from zikao.foundation.sheets import Fault
from zikao.stages.entries import commands, policies, queries
from zikao.stages.entries.forms import ENTRY_SAMPLES, PAYMENT_SAMPLES, ListForm, read_payments, read_wishes
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.rules import FEE, yuan
from zikao.stages.entries.states import EntryRow, PaymentRow, WindowState

SHOWN = 500
LOOKED_AT_SECONDS = 2 * 60 * 60
SAMPLES = {"entries": ENTRY_SAMPLES, "payments": PAYMENT_SAMPLES}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Looked:
    """What a look at a list found: the rows that can be written, in numbers and signed, and what is wrong elsewhere."""

    counts: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    faults: Sequence[Fault]
    button: str


@dataclass(frozen=True)
class Kind:
    """A kind of list: how the page calls it, how it is looked at, and how its rows are written."""

    name: str
    title: str
    what: str
    undone: str
    look: Callable[[bytes, EntryWindow, Actor], Looked]
    write: Callable[[list[list[Any]], EntryWindow, Actor, str], tuple[Any, str]]


def _look_at_wishes(data: bytes, window: EntryWindow, actor: Actor) -> Looked:
    now = clock.now()
    policies.check_window_open(window)
    commands.may_enter_lists(window, actor, now).require()
    listed, faults = read_wishes(data)
    wished, missing = queries.wishes_found(listed, window, actor)
    refused = queries.wishes_refused(wished, window, actor, now)
    bad = {fault.line for fault in refused}
    rows = [each.row for each in wished if each.line not in bad]
    fen = FEE(on=clock.today(), province=settings.ZIKAO_NODE_CODE) * len(rows)
    counts = [
        ("可以报考", f"{len({row.candidate_id for row in rows})} 人，{len(rows)} 科次"),
        ("应缴考试费", f"{yuan(fen)} 元"),
    ]
    lines = {(each.row.candidate_id, each.row.paper_id): each.line for each in wished}
    signed = [
        [row.candidate_id, row.paper_id, row.area_code, row.pledged, lines[row.candidate_id, row.paper_id]]
        for row in rows
    ]
    return Looked(counts, signed, [*faults, *missing, *refused], f"报考这 {len(rows)} 科次")


def _enter(rows: list[list[Any]], window: EntryWindow, actor: Actor, key: str) -> tuple[Any, str]:
    wishes = [EntryRow(*row[:4]) for row in rows]
    done = commands.enter_many(rows=wishes, sitting_code=window.sitting.code, key=key, by=actor, at=clock.now())
    if done.repeated:
        return done, REPEATED
    lines = {(row[0], row[1]): row[4] for row in rows}
    changed = sorted(lines[each.candidate_id, each.paper_id] for each in done.value.refused)
    said = f"已报考 {done.value.entered} 科次。"
    if changed:
        named = "、".join(map(str, changed[:50]))
        said += f"第 {named} 行（共 {len(changed)} 行）在核对之后有了变化，没有报考，请重新上传这些行核对。"
    return done, said


def _look_at_payments(data: bytes, window: EntryWindow, actor: Actor) -> Looked:
    policies.check_window_open(window)
    listed, faults = read_payments(data)
    rows, missing = queries.payments_found(listed, actor)
    refused, before = queries.payments_refused(rows, window.sitting_id, clock.now())
    lines = {each.order: each.line for each in listed}
    faults = [*faults, *missing, *(Fault(lines[number], column, said) for number, column, said in refused)]
    new = [row for row in rows if row.order_number not in before]
    counts = [("可以记账", f"{len(new)} 笔"), ("合计", f"{yuan(sum(row.amount_fen for row in new))} 元")]
    if before:
        counts.append(("以前记过", f"{len(before)} 笔，不再重复记"))
    signed = [] if faults else [[row.candidate_id, row.order_number, row.amount_fen] for row in new]
    return Looked(counts, signed, faults, f"登记这 {len(new)} 笔缴费")


def _record(rows: list[list[Any]], window: EntryWindow, actor: Actor, key: str) -> tuple[Any, str]:
    payments = [PaymentRow(*row) for row in rows]
    done = commands.record_payments(payments=payments, sitting_code=window.sitting.code, by=actor, at=clock.now())
    fen = sum(row.amount_fen for row in payments)
    return done, f"已记账 {len(payments)} 笔、{yuan(fen)} 元，{done.value} 科次转为已缴费。"


ENTRIES = Kind(
    "entries",
    "集体报考",
    "助学机构、单位报来的报考名单，按窗口报考的同样规定逐行核对。先列出每一处不符合的；核对后再确认，只报考可以报考的行。",
    "这些行不报考，其余的可以先报考",
    _look_at_wishes,
    _enter,
)
PAYMENTS = Kind(
    "payments",
    "登记缴费清单",
    "窗口收取或集体汇缴的考试费，一名考生一行，金额等于其待缴合计。先逐行核对，再确认记账；有一行不符，全部不记账。",
    "全部没有记账",
    _look_at_payments,
    _record,
)


@staff_page(posts=policies.COUNTER)
def enter_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """A list of wishes: looked at; after the confirmation, entered."""
    return _answer(request, actor, ENTRIES, sitting_code)


@staff_page(posts=policies.COUNTER)
def pay_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """A list of fees paid: looked at; after the confirmation, recorded."""
    return _answer(request, actor, PAYMENTS, sitting_code)


@staff_page(posts=policies.COUNTER)
def sample(request: HttpRequest, actor: Actor, kind: str, ending: str) -> HttpResponse:
    """The sample of a list, as CSV or XLSX."""
    file = SAMPLES.get(kind, {}).get(ending)
    if file is None:
        raise NotFound("sample-not-found", message="没有这一样例。")
    headers = {"Content-Disposition": f'attachment; filename="{kind}-sample.{ending}"'}
    return HttpResponse(file, content_type=MEDIA[ending], headers=headers)


def list_actions(found: EntryWindow, actor: Actor) -> list[Action]:
    """What the counter does with files: wishes in a list, fees in a list."""
    here, is_open = {"sitting_code": found.sitting.code}, found.state == WindowState.OPEN
    return [
        Action("集体报考", "entries:enter-list", here, "上传报考名单（XLSX、CSV），逐行核对后一并报考。",
               clause="EA-13.2")
        .open_if(is_open, "名册已经封存。", "EA-13.2").given(commands.may_enter_lists(found, actor, clock.now())),
        Action("登记缴费清单", "entries:pay-list", here, "上传窗口收费或集体汇缴的清单，逐行核对后一并记账。",
               clause="EA-13.2").open_if(is_open, "名册已经封存。", "EA-13.2"),
    ]  # fmt: skip


def _answer(request: HttpRequest, actor: Actor, kind: Kind, sitting_code: str) -> HttpResponse:
    window, salt = queries.window_of(sitting_code), f"{kind.name}:{sitting_code}:{actor.account_id}"
    if request.method != "POST":
        return _page(request, kind, window, ListForm())
    try:
        if token := request.POST.get("looked_at", ""):
            return _written(request, actor, kind, window, _rows_of(token, salt))
        form = speak_plainly(ListForm(request.POST, request.FILES))
        if not form.is_valid():
            return _page(request, kind, window, form, status=422)
        looked = kind.look(form.cleaned_data["rows"].read(), window, actor)
    except ZikaoError as error:
        return _page(request, kind, window, ListForm(), status=error.http_status, error=error)
    token = signing.dumps(looked.rows, salt=salt, compress=True) if looked.rows else ""
    return _page(
        request, kind, window, ListForm(), status=422 if looked.faults else 200,
        looked=looked, looked_at=token, key=uuid.uuid4().hex,
    )  # fmt: skip


def _rows_of(token: str, salt: str) -> list[list[Any]]:
    try:
        rows: list[list[Any]] = signing.loads(token, salt=salt, max_age=LOOKED_AT_SECONDS)
    except signing.BadSignature as error:
        text = "核对结果已经过时，或不是本页面给出的；什么也没有登记。"
        raise BadInput("looked-at-stale", message=text, remedy="请重新上传清单核对，再确认。") from error
    return rows


def _written(
    request: HttpRequest, actor: Actor, kind: Kind, window: EntryWindow, rows: list[list[Any]]
) -> HttpResponse:
    key = request.POST.get("idempotency_key") or uuid.uuid4().hex
    receipt, said = kind.write(rows, window, actor, key)
    messages.success(request, said, extra_tags=receipt_tag(receipt))
    return HttpResponseRedirect(reverse("entries:window", args=[window.sitting.code]))


def _page(
    request: HttpRequest, kind: Kind, window: EntryWindow, form: ListForm, *, status: int = 200, error: Any = None,
    looked: Looked | None = None, looked_at: str = "", key: str = "",
) -> HttpResponse:  # fmt: skip
    faults = sorted(looked.faults, key=lambda each: (each.line, each.column)) if looked else []
    context = {
        "kind": kind,
        "looked": looked,
        "looked_at": looked_at,
        "confirm_key": key,
        "problems": faults[:SHOWN],
        "more": max(0, len(faults) - SHOWN),
        "bad_lines": len({fault.line for fault in faults}),
    }
    return form_page(
        request, kicker=f"{window.sitting}考试报考", title=kind.title, form=form, what=kind.what, clause="EA-13.2",
        button="核对清单", error=error, back=Link("报考", reverse("entries:window", args=[window.sitting.code])),
        extra_template="entries/_listed.html", context=context, status=status,
    )  # fmt: skip
