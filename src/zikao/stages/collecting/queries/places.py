"""Sessions at their places: who is there, where somebody could sign in, what a page says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Finding, parameter
from zikao.stages.collecting.models import Presence, Session, Worker
from zikao.stages.collecting.queries.gate import AtWork, at_work
from zikao.stages.collecting.queries.rounds import in_post, running_sessions
from zikao.stages.collecting.states import RoundState, Work, WorkerState

UNCOUNTED = 100_000
"""As many as a page ever counts."""


@dataclass(frozen=True)
class Place:
    """What a page of work with scores says above its work: where the person stands, and where they could sign in."""

    stands: AtWork
    findings: tuple[Finding, ...]
    session: Session | None
    unsigned: Worker | None
    open_places: tuple[Session, ...]

    @property
    def granted(self) -> bool:
        """Whether the work may go on."""
        return self.stands.decision.granted


def sessions(actor: Actor) -> QuerySet[Session]:
    """Every session, running or ended, with how many signed in over its time."""
    return scoped(Session.objects.select_related("round__sitting"), actor)


def session_by_id(actor: Actor, session_id: int) -> Session:
    """One session. Raises NotFound."""
    return access(Session.objects.select_related("round__sitting"), actor, pk=session_id)


def present_in(session: Session) -> QuerySet[Presence]:
    """Who is signed in now."""
    return session.presences.filter(left_at=None).select_related("worker")


def counted_in(session: Session, on: date) -> QuerySet[Presence]:
    """Who is signed in and counts: may work still, and stands in a post."""
    return present_in(session).filter(in_post("account_id", on), worker__state=WorkerState.PLEDGED)


def needed_on(on: date, agency_code: str) -> int:
    """How many must be there at the same time."""
    return int(parameter("collection-people-present").on(on, province=agency_code[:2] or None))


def work_given_to(actor: Actor) -> QuerySet[Worker]:
    """The person as a pledged worker of rounds that are confirmed: without it no place is open to them."""
    return Worker.objects.filter(
        account_id=actor.account_id or 0, state=WorkerState.PLEDGED, round__state=RoundState.CONFIRMED
    )


def places_open_to(actor: Actor, on: date, work: Work | None = None) -> QuerySet[Session]:
    """Running sessions of rounds in which the person may work, and is not signed in; each with who is `there`."""
    own = Worker.objects.filter(
        round_id=OuterRef("round_id"), account_id=actor.account_id or 0, state=WorkerState.PLEDGED
    )
    rows = running_sessions(actor).filter(Exists(own), round__state=RoundState.CONFIRMED)
    rows = rows.exclude(Exists(Presence.objects.filter(session_id=OuterRef("pk"), account_id=actor.account_id or 0,
                                                       left_at=None)))  # fmt: skip
    rows = rows.annotate(there=Count("presences", filter=Q(presences__left_at=None)))
    return rows.filter(work=work) if work is not None else rows


def signed_in_at(actor: Actor) -> Session | None:
    """The running session at which the person is signed in."""
    here = Presence.objects.filter(session_id=OuterRef("pk"), account_id=actor.account_id or 0, left_at=None)
    return Session.objects.select_related("round__sitting").filter(Exists(here), ended_at=None).first()


def place_for(work: Work, actor: Actor, at: datetime, *, sitting_id: int | None = None) -> Place:
    """What a page of that work says of the place."""
    stands = at_work(work, actor, at, sitting_id=sitting_id, most=UNCOUNTED)
    session = Session.objects.filter(pk=stands.session_id).first() if stands.session_id else None
    if stands.decision.granted:
        return Place(stands, (), session, None, ())
    unsigned = stands.worker_id is not None and stands.worker_state == WorkerState.FILED
    return Place(
        stands,
        tuple(stands.decision.refusals),
        session,
        Worker.objects.filter(pk=stands.worker_id or 0).first() if unsigned else None,
        () if session else tuple(places_open_to(actor, local_day(at), work)[:20]),
    )
