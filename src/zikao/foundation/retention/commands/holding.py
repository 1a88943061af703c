"""Destruction held back for a set of cases, and let go again by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command, scoped, snapshot
from zikao.foundation.errors import BadInput, NotFound, NotPermitted, WrongState
from zikao.foundation.retention import policies, queries
from zikao.foundation.retention.models import HeldThing, Hold, Holding


@command(writes="retention.hold-placed", clauses=("EA-44",), posts=policies.HOLDERS)
def place_hold(
    *, title: str, reason: str, cases: Sequence[str], holding_ids: Sequence[int], by: Actor, at: datetime
) -> Outcome[Hold]:
    """Keep things longer because of cases: a review, a lawsuit, an inspection.

    Source:  EA-44
    Writes:  retention.hold-placed
    Raises:  NotPermitted, NotFound, BadInput
    """
    things = list(scoped(Holding.objects.filter(pk__in=holding_ids), by))
    if not holding_ids or len(things) != len(set(holding_ids)):
        raise BadInput("hold-of-nothing", field_errors={"holding_ids": "请选择要暂缓销毁的内容。"})
    hold = Hold.objects.create(
        title=title,
        reason=reason,
        cases=sorted(set(cases)),
        placed_at=at,
        placed_by=by.account_id,
        agency_code=by.agency_code,
    )
    HeldThing.objects.bulk_create(HeldThing(hold=hold, holding=thing) for thing in things)
    return Outcome(hold, facts={"cases": hold.cases, "holdings": sorted(thing.pk for thing in things)})


@command(writes="retention.hold-released", clauses=("EA-44",), posts=policies.HOLDERS)
def release_hold(*, hold_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Hold]:
    """Let things go again; by another person than who held them.

    Source:  EA-44
    Writes:  retention.hold-released
    Raises:  NotPermitted (one's own hold), NotFound, WrongState
    """
    hold = Hold.objects.select_for_update().filter(pk=queries.hold(by, hold_id).pk).first()
    if hold is None:
        raise NotFound("hold-not-found")
    if hold.released_at is not None:
        raise WrongState("hold-released", message="这项暂缓已经解除。")
    if hold.placed_by == by.account_id:
        raise NotPermitted(
            "own-hold", message="不能解除自己提出的暂缓。", remedy="请由另一位负责人或审计管理员解除。", clause="EA-44"
        )
    before = snapshot(hold)
    hold.released_at, hold.released_by, hold.release_reason = at, by.account_id, reason
    hold.save(update_fields=["released_at", "released_by", "release_reason"])
    return Outcome(hold, before=before)
