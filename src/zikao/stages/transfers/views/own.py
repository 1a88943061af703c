"""What a candidate reads of their transfer: where it is, in plain words, and what to do now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Pill, Task, candidate_page, candidate_task, steps_of
from zikao.foundation.provinces import province_name
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.queries import access_candidate
from zikao.stages.transfers import queries
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import CLOSED, IN_PATH, OUT_PATH, Direction, TransferState
from zikao.stages.transfers.views.moves import state_of_move
from zikao.stages.transfers.views.staff import TONES

Told = tuple[str, str]
TOLD: dict[tuple[str, str], Told] = {
    ("out", "applied"): (
        "申请已经受理。",
        "请本人带有效居民身份证、本省准考证和{place}准考证到受理窗口，核对要转出的成绩，在转出登记表上签字。",
    ),
    ("out", "confirmed"): (
        "您已经签字确认。",
        "不用再来。电子档案在集中交换的月份（{months}）上传，上传后这里会显示。",
    ),
    ("out", "uploaded"): (
        "电子档案已经送上转考平台。",
        "请留意{place}的通知，按期到{place}办理转入确认；没有按期确认的，视同放弃转考。办完以前，您仍在本省在籍。",
    ),
    ("out", "completed"): ("转考完成，您的考籍已经转到{place}。", "今后请在{place}报考、毕业。"),
    ("out", "refused"): (
        "没有转成，您仍在本省在籍：{reason}",
        "请按上面的理由补正后重新申请；有疑问，请联系受理窗口。",
    ),
    ("out", "withdrawn"): ("申请已经撤回，您仍在本省在籍。", "需要时可以重新申请。"),
    ("in", "received"): ("已经收到{place}转来的电子档案，正在审核。", "请等待审核，结果会显示在这里。"),
    ("in", "reviewed"): (
        "档案已经审核，每门课程怎样转入列在下面。",
        "请本人带有效居民身份证和本省准考证到受理窗口，核对课程，在转入登记表上签字。没有按期确认的，视同放弃转考。",
    ),
    ("in", "signed"): (
        "您已经签字，转入的成绩等待成绩归档。",
        "不用再来。三名掌管人到场写入成绩档案之后，转入才完成。",
    ),
    ("in", "completed"): ("转入完成，转入的成绩已经记入您在本省的考籍。", "在本省毕业，还须在本省考过规定的门数。"),
    ("in", "refused"): ("档案退回了{place}：{reason}", "请联系{place}的受理窗口补正后重新转考。"),
}


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My transfers, and how one transfers."""
    person = access_candidate(actor, actor.candidate_id or 0)
    found = [_shown(row) for row in queries.own_transfers(actor)]
    months = _months()
    return render(
        request,
        "transfers/mine.html",
        {
            "person": person,
            "transfers": found,
            "months": months,
            "moves": [(row, state_of_move(row)) for row in queries.own_moves(actor)],
        },
    )


def _months() -> str:
    return "、".join(f"{month} 月" for month in parameter("transfer-months").on(clock.today()))


def _shown(row: Transfer) -> dict[str, object]:
    state, now = _told(row)
    path = OUT_PATH if row.direction == Direction.OUT else IN_PATH
    return {
        "row": row,
        "title": f"{'转到' if row.direction == Direction.OUT else '转自'}{province_name(row.counterpart)}",
        "pill": Pill.of(row.state, TransferState, TONES),
        "steps": steps_of(TransferState, row.state, path=path),
        "told": state,
        "now": now,
        "courses": list(queries.courses_of(row)),
    }


def _told(row: Transfer) -> Told:
    words = {"place": province_name(row.counterpart), "months": _months(), "reason": row.refusal_reason}
    state, now = TOLD[row.direction, row.state]
    return state.format(**words), now.format(**words)


@candidate_task("转考", order=70, clause="SR-15")
def transfer_task(actor: Actor) -> Task | None:
    """The transfer that is under way."""
    row = queries.own_transfers(actor).exclude(state__in=CLOSED).first()
    if row is None:
        return None
    mine_to_do = row.state in {TransferState.APPLIED, TransferState.REVIEWED}
    return Task("todo" if mine_to_do else "doing", reverse("transfers:mine"), _told(row)[0])
