"""Moves between prefectures of the province: applied for, accepted or refused."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
)
from zikao.stages.agencies.models import Agency
from zikao.stages.transfers import commands, forms, policies, queries
from zikao.stages.transfers.models import Move
from zikao.stages.transfers.states import MoveState

TONES = {"applied": "due", "accepted": "done", "refused": "danger"}
tell(**{"transfers.move-applied": "受理省内转考", "transfers.move-decided": "答复省内转考"})


def state_of_move(row: Move) -> Pill:
    """Its state as a pill."""
    return Pill.of(row.state, MoveState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.READERS)
def move_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Moves between prefectures, and whether the province asks for them."""
    table = Table(
        queries.moves(actor),
        (
            Column("applied_at", "受理时间", "datetime", sortable=True),
            Column("candidate.name", "考生", personal=True),
            Column("candidate.admission_number", "准考证号", "code", personal=True),
            Column("from_area", "转出地（市）", "code"),
            Column("to_area", "转入地（市）", "code"),
            Column("state", "状态", "pill", value=state_of_move),
        ),
        filters=(
            Filter("number", "准考证号", lookup="candidate__admission_number"),
            Filter("state", "状态", kind="choice", choices=MoveState.choices),
        ),
        link=lambda row: reverse("transfers:move", args=[row.pk]),
        order="-applied_at",
        empty="没有省内转考。",
    )
    asked = queries.moves_asked_for(clock.today(), settings.ZIKAO_NODE_CODE)
    intro = "本省规定：跨地（市）参加考试须办理省内转考手续。" if asked.granted else asked.refusals[0].message
    applying = Action("受理省内转考", "transfers:apply-to-move", posts=policies.CLERKS).given(asked)
    return table_page(request, title="省内转考", intro=intro, table=table, actions=[applying])


@staff_page(posts=policies.READERS)
def move_page(request: HttpRequest, actor: Actor, move_id: int) -> HttpResponse:
    """One move."""
    found = queries.move(actor, move_id)
    names = dict(Agency.objects.filter(code__in=[found.from_area, found.to_area]).values_list("code", "name"))
    path = ["applied", "refused" if found.state == MoveState.REFUSED else "accepted"]
    deciding = Action(
        "答复",
        "transfers:decide-move",
        {"move_id": found.pk},
        "同意之后，考生可以报考转入地（市）的考点；不同意的说明理由。",
        clause="SR-16",
        posts=policies.MOVE_DECIDERS,
    )
    return object_page(
        request,
        kicker="省内转考",
        title=found.candidate.name,
        pill=state_of_move(found),
        facts=[
            Fact("准考证号", found.candidate.admission_number, "code"),
            Fact("转出地（市）", f"{found.from_area} {names.get(found.from_area, '')}"),
            Fact("转入地（市）", f"{found.to_area} {names.get(found.to_area, '')}", clause="SR-16"),
            Fact("理由", found.reason),
            Fact("答复", found.answer or "—"),
        ],
        steps=steps_of(MoveState, found.state, path=path),
        actions=[deciding.open_if(found.state == MoveState.APPLIED, f"{found.get_state_display()}。", "SR-16")],
        history=f"transfers.move:{found.pk}",
        back=Link("省内转考", reverse("transfers:moves")),
    )


apply_to_move = action(
    commands.apply_to_move,
    forms.MoveForm,
    title="受理省内转考",
    what="考生要到报名地以外的地（市）参加考试的，在这里受理；同意之后才能报考那里的考点。",
    clause="SR-16",
    button="受理",
    done="已受理，等待答复。",
    back=lambda receipt, **kwargs: reverse("transfers:moves"),
    form_options=lambda actor: {"actor": actor},
)
decide_move = action(
    commands.decide_move,
    forms.MoveAnswerForm,
    title="答复省内转考",
    what="同意之后，考生可以报考转入地（市）的考点。",
    clause="SR-16",
    button="答复",
    done="已答复。",
    arguments=lambda data: {"accepted": data["accepted"] == "yes", "answer": data["answer"]},
    back="transfers:move",
)
