"""The hours in which scores are collected and processed: a filmed, isolated place where each signs in (SR-A1.5)."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.foundation.regulation import all_of
from zikao.foundation.retention.commands import start_clock
from zikao.foundation.retention.models import Holding
from zikao.stages.collecting import policies, queries, rules
from zikao.stages.collecting.commands.rounds import locked_round
from zikao.stages.collecting.models import Presence, Round, Session
from zikao.stages.collecting.states import Work

SITTING_VIDEO, HAND_IN_VIDEO = "collection-video", "hand-in-video"


@command(writes="collecting.session-begun", clauses=("SR-A1.5",), posts=policies.KEEPERS)
def begin_session(
    *,
    round_id: int,
    work: Work,
    place: str,
    camera: str,
    isolated: bool,
    only_needed: bool,
    by: Actor,
    at: datetime,
) -> Outcome[Session]:
    """Begin one kind of work at a place that is filmed and cut off from outside; who begins is signed in.

    Source:  SR-A1.5
    Writes:  collecting.session-begun
    Raises:  NotPermitted, NotFound, Refused, Conflict, BadInput
    """
    held = locked_round(by, round_id)
    if not place.strip():
        raise BadInput("place-missing", field_errors={"place": "请填写场所名称。"})
    if work.purpose != held.purpose:
        raise BadInput("work-not-of-round", field_errors={"work": f"“{held}”安排中没有{work.label}。"})
    all_of(
        queries.set_time(held, at),
        queries.may_work(queries.worker_of(held, by.account_id), local_day(at)),
        rules.SAFE_PLACE(on=local_day(at), isolated=isolated, only_needed=only_needed, filmed=bool(camera.strip())),
    ).require()
    _check_free(held, work, place.strip())
    session = Session.objects.create(
        round=held,
        work=work,
        number=held.sessions.count() + 1,
        place=place.strip(),
        isolated=isolated and only_needed,
        camera=camera.strip(),
        begun_at=at,
        begun_by=by.account_id,
        agency_code=held.agency_code,
    )
    _sign_in(session, held, by, at)
    facts = {"round": held.pk, "work": work.value, "number": session.number, "place": session.place}
    return Outcome(session, facts=facts)


def _check_free(held: Round, work: Work, place: str) -> None:
    running = Session.objects.filter(agency_code=held.agency_code, ended_at=None)
    if running.filter(place=place).exists():
        raise Conflict(
            "place-in-session", message=f"“{place}”正在进行一场工作。", remedy="请在那一场签到，或者先结束它。"
        )
    if work != Work.MARKING and running.filter(round=held, work=work).exists():
        raise Conflict(
            "session-running",
            message=f"{work.label}已经有一场正在进行。",
            remedy="请在那一场签到，或者先结束它；只有网上评卷可以同时设多个场所。",
        )


@command(writes="collecting.session-joined", clauses=("SR-A1.5", "SR-A1.4"), posts=policies.WORKERS)
def join_session(*, session_id: int, by: Actor, at: datetime) -> Outcome[Session]:
    """Sign in at a running session in the set time: the person themselves, who may work.

    Source:  SR-A1.5, SR-A1.4
    Writes:  collecting.session-joined
    Raises:  NotPermitted, NotFound, WrongState, Refused, Conflict
    """
    session = locked_session(by, session_id)
    all_of(
        queries.set_time(session.round, at),
        queries.may_work(queries.worker_of(session.round, by.account_id), local_day(at)),
    ).require()
    _sign_in(session, session.round, by, at)
    return Outcome(session, facts={"account": by.account_id, "present": queries.present_in(session).count()})


@command(writes="collecting.session-left", clauses=("SR-A1.5",), posts=policies.WORKERS)
def leave_session(*, session_id: int, by: Actor, at: datetime) -> Outcome[Session]:
    """Sign out: with fewer left than are needed nothing is collected or processed.

    Source:  SR-A1.5
    Writes:  collecting.session-left
    Raises:  NotPermitted, NotFound, WrongState
    """
    session = locked_session(by, session_id)
    here = queries.present_in(session).filter(account_id=by.account_id or 0)
    if not here.update(left_at=at):
        raise WrongState("not-present", message="您没有在这一场签到。")
    return Outcome(session, facts={"account": by.account_id, "present": queries.present_in(session).count()})


@command(writes="collecting.session-ended", clauses=("SR-A1.5", "SR-A1.7"), posts=policies.KEEPERS)
def end_session(
    *, session_id: int, video: str, pieces: int, place: str, keeper: str, by: Actor, at: datetime
) -> Outcome[Session]:
    """End a session: everybody is signed out, and its video is registered as a thing that is kept for its time.

    Source:  SR-A1.5
    Writes:  collecting.session-ended
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    session = locked_session(by, session_id)
    given = {"video": video.strip(), "place": place.strip(), "keeper": keeper.strip()}
    if missing := {name: "请填写。" for name, value in given.items() if not value}:
        raise BadInput("video-missing", field_errors=missing, clause="SR-A1.5")
    if pieces < 1:
        raise BadInput("video-empty", field_errors={"pieces": "数量至少是1。"}, clause="SR-A1.5")
    before = snapshot(session)
    present = queries.present_in(session).update(left_at=at)
    kept = _kept(session, given["place"], given["keeper"], pieces, by, at)
    session.ended_at, session.video, session.holding_id = at, given["video"], kept.pk
    session.save(update_fields=["ended_at", "video", "holding_id"])
    return Outcome(session, before=before, facts={"present": present, "holding": kept.pk, "video": session.video})


def _kept(session: Session, place: str, keeper: str, pieces: int, by: Actor, at: datetime) -> Holding:
    """The video of a sitting's session counts from the publication; of handing in, from the session's end."""
    sitting = session.round.sitting
    matter = sitting.code if sitting else f"collecting.session:{session.pk}"
    if sitting is None:
        start_clock(matter=matter, event="session", on=local_day(at))
    return Holding.objects.create(
        kind=SITTING_VIDEO if sitting else HAND_IN_VIDEO,
        matter=matter,
        title=f"{session.get_work_display()}录像 {session.round_id}-{session.number}",
        place=place,
        keeper=keeper,
        quantity=pieces,
        unit="段",
        registered_at=at,
        registered_by=by.account_id,
        agency_code=session.agency_code,
    )


def locked_session(by: Actor, session_id: int) -> Session:
    """The running session, locked until the command ends. Raises NotFound, WrongState."""
    rows = Session.objects.select_for_update(of=("self",)).select_related("round__sitting")
    session = access(rows, by, pk=session_id)
    if session.ended_at is not None:
        raise WrongState("session-ended", message="这一场工作已经结束。", clause="SR-A1.5")
    return session


def _sign_in(session: Session, held: Round, by: Actor, at: datetime) -> None:
    worker = held.workers.get(account_id=by.account_id or 0)
    elsewhere = queries.signed_in_at(by)
    if elsewhere is not None:
        raise Conflict(
            "already-present",
            message=f"您已经在“{elsewhere}”签到。",
            remedy="一人不能同时在两处；请先在那里登记离开。",
            clause="SR-A1.5",
        )
    Presence.objects.create(session=session, worker=worker, account_id=worker.account_id, joined_at=at)
