"""Packing, and each kind of hand-over: for one box, and for many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Receipt, scoped
from zikao.foundation.pages import Asked, Waiting, action, waits_for
from zikao.stages.agencies.models import SecureRoom
from zikao.stages.papers import commands, forms, policies, queries
from zikao.stages.papers.models import Box
from zikao.stages.papers.states import BoxState, HandOverKind
from zikao.stages.papers.views.boxes import WHAT
from zikao.stages.personnel.queries import certified_for

pack = action(
    commands.pack_papers,
    forms.PackForm,
    title="整理装箱",
    what="按编排结果为每个考场装试卷袋，按考点和单元装箱，记下封签号。一个考次的全部科目一次完成。",
    clause="EA-21.8",
    initial=lambda actor: {"sitting": getattr(queries.sitting_to_pack(), "code", "")},
    done=lambda receipt: f"已装 {receipt.value} 箱。",
    back=lambda receipt: reverse("papers:boxes"),
)


def _rooms(actor: Actor, kind: HandOverKind) -> list[SecureRoom]:
    if kind is not HandOverKind.STORE:
        return []
    today = clock.today()
    rooms = SecureRoom.objects.filter(accepted_on__lte=today, accepted_until__gt=today)
    return list(scoped(rooms, actor).order_by("agency_code", "id"))


def _options(actor: Actor, kind: HandOverKind) -> dict[str, Any]:
    held = certified_for(actor, policies.CERTIFIED_AS[kind], clock.today())
    return {"kind": kind, "rooms": _rooms(actor, kind), "takers": held}


def _of_one(kind: HandOverKind) -> Callable[..., HttpResponse]:
    def hand_over(*, box_id: int, **given: Any) -> Receipt[int]:
        """The command for one box; the form has put the box among the arguments."""
        return commands.hand_over(kind=kind, **given)

    def options(actor: Actor, *, box_id: int) -> Mapping[str, Any]:
        return {**_options(actor, kind), "box": queries.box(actor, box_id)}

    def initial(actor: Actor, *, box_id: int) -> Mapping[str, Any]:
        return {"giver": queries.box(actor, box_id).holder}

    what, clause = WHAT[kind]
    return action(
        hand_over, forms.BoxForm, title=kind.label, what=what, clause=clause, posts=policies.WHO_TAKES[kind],
        form_options=options, initial=initial, done=f"{kind.label}已登记。", back="papers:box",
    )  # fmt: skip


def _of_many(kind: HandOverKind) -> Callable[..., HttpResponse]:
    def hand_over(**given: Any) -> Receipt[int]:
        """The command for many boxes."""
        return commands.hand_over(kind=kind, **given)

    what, clause = WHAT[kind]
    return action(
        hand_over, forms.BoxesForm, title=f"成批办理：{kind.label}",
        what=f"{what}所列各箱一并登记，有一箱不符就都不登记。",
        clause=clause, posts=policies.WHO_TAKES[kind],
        form_options=lambda actor: _options(actor, kind),
        done=lambda receipt: f"{kind.label}：{receipt.value} 箱已登记。", back=lambda receipt: reverse("papers:boxes"),
    )  # fmt: skip


ONE = {kind: _of_one(kind) for kind in HandOverKind}
MANY = {kind: _of_many(kind) for kind in HandOverKind}


def _boxes_in(actor: Actor, state: BoxState) -> Asked:
    rows = scoped(Box.objects.filter(state=state), actor)
    yield rows
    first = rows.order_by("unit__starts_at").values_list("unit__starts_at", flat=True).first()
    due = first if state in {BoxState.STORED, BoxState.ISSUED} else None
    return Waiting(rows.count(), f"{reverse('papers:boxes')}?state={state}", due=due)


@waits_for({Post.PAPERS_OFFICER}, "已编排座位、待整理装箱的考次", "EA-21.8", stage="papers")
def sitting_to_pack(actor: Actor) -> Waiting:
    """A drawn sitting without boxes."""
    sitting = queries.sitting_to_pack()
    return Waiting(0 if sitting is None else 1, reverse("papers:pack"))


@waits_for({Post.PREFECTURE_CLERK}, "待入保密室的试卷箱", "EA-18.2", stage="papers")
def boxes_to_store(actor: Actor) -> Asked:
    """Boxes that are packed and not in a secure room yet."""
    return _boxes_in(actor, BoxState.PACKED)


@waits_for({Post.SITE_CHIEF}, "运送中、待签收的试卷箱", "EA-21.10", stage="papers")
def boxes_to_receive(actor: Actor) -> Asked:
    """Boxes on their way to the sites."""
    return _boxes_in(actor, BoxState.ISSUED)


@waits_for({Post.SITE_CHIEF}, "待封装的答卷箱", "EA-A4.12", stage="papers")
def boxes_to_seal(actor: Actor) -> Asked:
    """Boxes at the sites whose scripts are to be sealed."""
    return _boxes_in(actor, BoxState.AT_SITE)


@waits_for({Post.PREFECTURE_CLERK}, "待入库的答卷箱", "EA-A4.12", stage="papers")
def boxes_to_return(actor: Actor) -> Asked:
    """Sealed scripts on their way back."""
    return _boxes_in(actor, BoxState.SCRIPTS_SEALED)
