"""The hours in which scores are collected: a filmed, isolated place where each signs in themselves (SR-A1.5)."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.foundation.regulation import all_of
from zikao.foundation.retention.models import Holding
from zikao.stages.results import policies, queries, rules
from zikao.stages.results.commands.rounds import locked_round
from zikao.stages.results.models import CollectionRound, CollectionSession, Presence

VIDEO = "collection-video"


@command(writes="results.session-begun", clauses=("SR-A1.5",), posts=policies.COLLECTORS)
def begin_session(
    *, round_id: int, place: str, camera: str, isolated: bool, only_needed: bool, by: Actor, at: datetime
) -> Outcome[CollectionSession]:
    """Begin to collect at a place that is filmed and cut off from outside; who begins is signed in.

    Source:  SR-A1.5
    Writes:  results.session-begun
    Raises:  NotPermitted, NotFound, Refused, Conflict, BadInput
    """
    held = locked_round(by, round_id)
    if not place.strip():
        raise BadInput("place-missing", field_errors={"place": "请填写采集场所。"})
    all_of(
        queries.set_time(held, at),
        queries.may_work(queries.worker_of(held, by.account_id), local_day(at)),
        rules.SAFE_PLACE(on=local_day(at), isolated=isolated, only_needed=only_needed, filmed=bool(camera.strip())),
    ).require()
    if held.sessions.filter(ended_at=None).exists():
        raise Conflict("session-running", message="已经有一场采集正在进行。", remedy="请在那一场签到，或者先结束它。")
    session = CollectionSession.objects.create(
        round=held,
        number=held.sessions.count() + 1,
        place=place.strip(),
        isolated=isolated and only_needed,
        camera=camera.strip(),
        begun_at=at,
        begun_by=by.account_id,
        agency_code=held.agency_code,
    )
    _sign_in(session, held, by, at)
    return Outcome(session, facts={"round": held.pk, "number": session.number, "place": session.place})


@command(writes="results.session-joined", clauses=("SR-A1.5", "SR-A1.4"), posts=policies.WORKERS)
def join_session(*, session_id: int, by: Actor, at: datetime) -> Outcome[CollectionSession]:
    """Sign in at a running session: the person themselves, who may work.

    Source:  SR-A1.5, SR-A1.4
    Writes:  results.session-joined
    Raises:  NotPermitted, NotFound, WrongState, Refused, Conflict
    """
    session = locked_session(by, session_id)
    queries.may_work(queries.worker_of(session.round, by.account_id), local_day(at)).require()
    _sign_in(session, session.round, by, at)
    return Outcome(session, facts={"account": by.account_id, "present": queries.present_in(session).count()})


@command(writes="results.session-left", clauses=("SR-A1.5",), posts=policies.WORKERS)
def leave_session(*, session_id: int, by: Actor, at: datetime) -> Outcome[CollectionSession]:
    """Sign out: with fewer than three left nothing is collected.

    Source:  SR-A1.5
    Writes:  results.session-left
    Raises:  NotPermitted, NotFound, WrongState
    """
    session = locked_session(by, session_id)
    here = queries.present_in(session).filter(account_id=by.account_id or 0)
    if not here.update(left_at=at):
        raise WrongState("not-present", message="您没有在这一场签到。")
    return Outcome(session, facts={"account": by.account_id, "present": queries.present_in(session).count()})


@command(writes="results.session-ended", clauses=("SR-A1.5", "SR-A1.7"), posts=policies.COLLECTORS)
def end_session(
    *, session_id: int, video: str, pieces: int, place: str, keeper: str, by: Actor, at: datetime
) -> Outcome[CollectionSession]:
    """End a session: everybody is signed out, and its video is registered as a thing that is kept for its time.

    Source:  SR-A1.5
    Writes:  results.session-ended
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    session = locked_session(by, session_id)
    given = {"video": video.strip(), "place": place.strip(), "keeper": keeper.strip()}
    if missing := {name: "请填写。" for name, value in given.items() if not value}:
        raise BadInput("video-missing", field_errors=missing, clause="SR-A1.5")
    if pieces < 1:
        raise BadInput("video-empty", field_errors={"pieces": "数量至少是1。"}, clause="SR-A1.5")
    before = snapshot(session)
    kept = Holding.objects.create(
        kind=VIDEO,
        matter=session.round.sitting.code,
        title=f"成绩采集录像 {session.round_id}-{session.number}",
        place=given["place"],
        keeper=given["keeper"],
        quantity=pieces,
        unit="段",
        registered_at=at,
        registered_by=by.account_id,
        agency_code=session.agency_code,
    )
    session.ended_at, session.video, session.holding_id = at, given["video"], kept.pk
    session.save(update_fields=["ended_at", "video", "holding_id"])
    present = queries.present_in(session).update(left_at=at)
    return Outcome(session, before=before, facts={"present": present, "holding": kept.pk, "video": session.video})


def locked_session(by: Actor, session_id: int) -> CollectionSession:
    """The running session, locked until the command ends. Raises NotFound, WrongState."""
    rows = CollectionSession.objects.select_for_update(of=("self",)).select_related("round__sitting")
    session = access(rows, by, pk=session_id)
    if session.ended_at is not None:
        raise WrongState("session-ended", message="这一场采集已经结束。", clause="SR-A1.5")
    return session


def _sign_in(session: CollectionSession, held: CollectionRound, by: Actor, at: datetime) -> None:
    worker = held.workers.get(account_id=by.account_id or 0)
    if Presence.objects.filter(account_id=worker.account_id, left_at=None).exists():
        raise Conflict("already-present", message="您已经在一场采集中签到。")
    Presence.objects.create(session=session, worker=worker, account_id=worker.account_id, joined_at=at)
