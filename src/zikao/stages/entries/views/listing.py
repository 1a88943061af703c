"""Lists in files: wishes of many candidates, and fees paid together. First looked at row by row, then confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Link, Listing, Looked, list_page, sample_file, staff_page
from zikao.foundation.pages.acting import REPEATED
from zikao.foundation.sheets import Fault
from zikao.stages.entries import commands, policies, queries
from zikao.stages.entries.forms import ENTRY_SAMPLES, PAYMENT_SAMPLES, read_payments, read_wishes
from zikao.stages.entries.models import EntryWindow
from zikao.stages.entries.rules import FEE, yuan
from zikao.stages.entries.states import EntryRow, PaymentRow, WindowState

SAMPLES = {"entries": ENTRY_SAMPLES, "payments": PAYMENT_SAMPLES}
MOST_NAMED = 50


@staff_page(posts=policies.COUNTER)
def enter_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """A list of wishes: looked at; after the confirmation, entered."""
    window = queries.window_of(sitting_code)
    listing = Listing(
        name="entries",
        title="集体报考",
        what="助学机构、单位报来的报考名单，按窗口报考的同样规定逐行核对，先列出每一处不符合的；确认之后，只报考可以报考的行。",
        hint="一门课程一行；考区留空的在报名地考试；“已签承诺书”填“是”的，须留存考生本人签字的承诺书备查。样例：",
        undone="这些行不报考，其余的可以先报考",
        look=partial(_look_at_wishes, window, actor),
        write=partial(_enter, window, actor),
        **_shared("entries", window),
    )
    return list_page(request, actor, listing)


@staff_page(posts=policies.COUNTER)
def pay_list(request: HttpRequest, actor: Actor, sitting_code: str) -> HttpResponse:
    """A list of fees paid: looked at; after the confirmation, recorded."""
    window = queries.window_of(sitting_code)
    listing = Listing(
        name="payments",
        title="登记缴费清单",
        what="窗口收取或集体汇缴的考试费，一名考生一行，金额等于其待缴合计。先逐行核对，再确认记账；有一行不符，全部不记账。",
        hint="收款号全省唯一：窗口收费填票据号，集体汇缴填汇款流水号加考生序号。样例：",
        undone="全部没有记账",
        look=partial(_look_at_payments, window, actor),
        write=partial(_record, window, actor),
        **_shared("payments", window),
    )
    return list_page(request, actor, listing)


@staff_page(posts=policies.COUNTER)
def sample(request: HttpRequest, actor: Actor, kind: str, ending: str) -> HttpResponse:
    """The sample of a list, as CSV or XLSX."""
    return sample_file(SAMPLES.get(kind, {}), kind, ending)


def _shared(kind: str, window: EntryWindow) -> dict[str, Any]:
    return {
        "clause": "EA-13.2",
        "kicker": f"{window.sitting}考试报考",
        "back": Link("报考", reverse("entries:window", args=[window.sitting.code])),
        "samples": {ending.upper(): reverse("entries:list-sample", args=[kind, ending]) for ending in SAMPLES[kind]},
    }


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


def _look_at_wishes(window: EntryWindow, actor: Actor, data: bytes, answers: Mapping[str, Any]) -> Looked:
    now = clock.now()
    policies.check_window_open(window)
    commands.may_enter_lists(window, actor, now).require()
    listed, faults = read_wishes(data)
    wished, missing = queries.wishes_found(listed, window, actor)
    refused = queries.wishes_refused(wished, window, actor, now)
    bad = {fault.line for fault in refused}
    good = [each for each in wished if each.line not in bad]
    fen = FEE(on=clock.today(), province=settings.ZIKAO_NODE_CODE) * len(good)
    counts = [
        ("可以报考", f"{len({each.candidate.pk for each in good})} 人，{len(good)} 科次"),
        ("应缴考试费", f"{yuan(fen)} 元"),
    ]
    given = [
        [each.line, each.row.candidate_id, each.row.paper_id, each.row.area_code, each.row.pledged] for each in good
    ]
    return Looked(counts, [*faults, *missing, *refused], given or None, f"报考这 {len(good)} 科次")


def _enter(window: EntryWindow, actor: Actor, given: list[list[Any]], key: str) -> tuple[Any, str]:
    rows = [EntryRow(*row) for _, *row in given]
    done = commands.enter_many(rows=rows, sitting_code=window.sitting.code, key=key, by=actor, at=clock.now())
    if done.repeated:
        return done, REPEATED
    lines = {(candidate, paper): line for line, candidate, paper, *_ in given}
    changed = sorted(lines[each.candidate_id, each.paper_id] for each in done.value.refused)
    said = f"已报考 {done.value.entered} 科次。"
    if changed:
        named = "、".join(map(str, changed[:MOST_NAMED]))
        said += f"第 {named} 行（共 {len(changed)} 行）在核对之后有了变化，没有报考，请重新上传这些行核对。"
    return done, said


def _look_at_payments(window: EntryWindow, actor: Actor, data: bytes, answers: Mapping[str, Any]) -> Looked:
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
    given = [[row.candidate_id, row.order_number, row.amount_fen] for row in new]
    return Looked(counts, faults, None if faults else given or None, f"登记这 {len(new)} 笔缴费")


def _record(window: EntryWindow, actor: Actor, given: list[list[Any]], key: str) -> tuple[Any, str]:
    payments = [PaymentRow(*row) for row in given]
    done = commands.record_payments(payments=payments, sitting_code=window.sitting.code, by=actor, at=clock.now())
    fen = sum(row.amount_fen for row in payments)
    return done, f"已记账 {len(payments)} 笔、{yuan(fen)} 元，{done.value} 科次转为已缴费。"
