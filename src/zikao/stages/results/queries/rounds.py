"""How a sitting's scores are collected, by whom and where; and whether somebody may collect them now."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision, all_of, clause, parameter
from zikao.stages.agencies.models import Agency, School
from zikao.stages.programmes.models import Sitting
from zikao.stages.results import rules
from zikao.stages.results.models import CollectionRound, CollectionSession, CollectionWorker, Presence
from zikao.stages.results.states import CollectionDuty, MemberRole, RoundState, WorkerState

HANDS = (CollectionDuty.SCORES, CollectionDuty.CHECKING, CollectionDuty.MACHINES)
"""The duties that the supervisor supervises."""


def rounds(actor: Actor) -> QuerySet[CollectionRound]:
    """Every round of the actor's agency."""
    return scoped(CollectionRound.objects.select_related("sitting"), actor)


def round_by_id(actor: Actor, round_id: int) -> CollectionRound:
    """One round. Raises NotFound."""
    return access(CollectionRound.objects.select_related("sitting"), actor, pk=round_id)


def worker_by_id(actor: Actor, worker_id: int) -> CollectionWorker:
    """One worker. Raises NotFound."""
    return access(CollectionWorker.objects.select_related("round__sitting"), actor, pk=worker_id)


def session_by_id(actor: Actor, session_id: int) -> CollectionSession:
    """One session. Raises NotFound."""
    return access(CollectionSession.objects.select_related("round__sitting"), actor, pk=session_id)


def live_round(sitting: Sitting) -> CollectionRound | None:
    """The sitting's round that is drafted or confirmed."""
    live = (RoundState.DRAFTED, RoundState.CONFIRMED)
    return CollectionRound.objects.select_related("sitting").filter(sitting=sitting, state__in=live).first()


def worker_of(held: CollectionRound, account_id: int | None) -> CollectionWorker | None:
    """The account's place among the round's workers."""
    return held.workers.filter(account_id=account_id).first() if account_id is not None else None


def session_of(held: CollectionRound, account_id: int | None) -> CollectionSession | None:
    """The running session of the round in which the account is signed in."""
    if account_id is None:
        return None
    here = Presence.objects.filter(session=OuterRef("pk"), account_id=account_id, left_at=None)
    return held.sessions.filter(Exists(here), ended_at=None).first()


def present_in(session: CollectionSession) -> QuerySet[Presence]:
    """Who is signed in now."""
    return session.presences.filter(left_at=None).select_related("worker")


def confirmation(held: CollectionRound, on: date) -> Decision:
    """Whether the round's leading group and posts are complete."""
    members = list(held.members.all())
    named = {each.duty: each.account_id for each in held.responsible.all()}
    supervisor = named.get(CollectionDuty.SUPERVISION)
    unnamed = "、".join(str(duty.label) for duty in CollectionDuty if duty.value not in named)
    return all_of(
        rules.LEADING_GROUP(
            on=on,
            led_by_province=any(each.role == MemberRole.LEADER and each.school_id is None for each in members),
            province=sum(each.school_id is None for each in members),
            schools=sum(each.school_id is not None for each in members),
        ),
        rules.RESPONSIBILITY(
            on=on,
            unnamed=unnamed,
            supervisor_apart=supervisor is None or supervisor not in [named.get(duty) for duty in HANDS],
            checker_apart=CollectionDuty.CHECKING not in named
            or named[CollectionDuty.CHECKING] != named.get(CollectionDuty.SCORES),
        ),
    )


def set_time(held: CollectionRound | None, at: datetime) -> Decision:
    """Whether it is the round's set time."""
    confirmed = held is not None and held.state == RoundState.CONFIRMED
    return rules.SET_TIME(
        on=local_day(at),
        confirmed=confirmed,
        begins_at=held.begins_at if held else None,
        ends_at=held.ends_at if held else None,
        moment=at,
    )


def may_work(worker: CollectionWorker | None, on: date) -> Decision:
    """Whether the person may start to work."""
    return rules.MAY_WORK(
        on=on,
        vetted=worker is not None,
        topics=tuple(worker.topics) if worker else (),
        filed=worker is not None and worker.filed_on is not None,
        pledged=worker is not None and worker.pledge_signed_at is not None,
        recused=worker is not None and worker.state == WorkerState.RECUSED,
    )


def may_collect(sitting: Sitting, account_id: int | None, at: datetime) -> Decision:
    """Whether the account may collect the sitting's scores now: the set time, the person, the people present."""
    held, on = live_round(sitting), local_day(at)
    timely = set_time(held, at)
    if held is None or held.state != RoundState.CONFIRMED:
        return timely
    session = session_of(held, account_id)
    # an account that no longer acts, or whose owner is recused since, does not count as present
    present = present_in(session).exclude(worker__state=WorkerState.RECUSED).count() if session else 0
    return all_of(
        timely,
        may_work(worker_of(held, account_id), on),
        rules.PRESENCE(on=on, in_session=session is not None, present=present),
    )


def possible_people(actor: Actor, on: date, posts: frozenset[Post]) -> list[tuple[int, str]]:
    """Accounts of the actor's agency with a post in effect: id, and name with post."""
    rows = (
        Appointment.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=on),
            since_on__lte=on,
            agency_code=actor.agency_code,
            account__is_active=True,
            post__in=[post.value for post in posts],
        )
        .select_related("account")
        .order_by("post", "account__name", "account_id")
    )
    return list({row.account_id: f"{row.account.name}（{row.get_post_display()}）" for row in rows}.items())


def account_of(actor: Actor, account_id: int) -> Account | None:
    """An active account of staff in the actor's subtree."""
    return scoped(Account.objects.filter(pk=account_id, candidate_id=None, is_active=True), actor).first()


def schools_of(actor: Actor) -> list[tuple[str, str]]:
    """The examining schools: code and name."""
    return list(scoped(School.objects.order_by("code"), actor).values_list("code", "name"))


def unsigned_pledges(actor: Actor) -> QuerySet[CollectionWorker]:
    """The actor's own places that wait for the actor's signature."""
    rows = CollectionWorker.objects.select_related("round__sitting").exclude(round__state=RoundState.CLOSED)
    return rows.filter(account_id=actor.account_id or 0, state=WorkerState.FILED)


def unready_workers(actor: Actor) -> QuerySet[CollectionWorker]:
    """Workers who wait for training or filing."""
    rows = scoped(CollectionWorker.objects.select_related("round__sitting"), actor)
    return rows.exclude(round__state=RoundState.CLOSED).filter(state__in=[WorkerState.VETTED, WorkerState.TRAINED])


def running_sessions(actor: Actor) -> QuerySet[CollectionSession]:
    """Sessions that have not ended."""
    return scoped(CollectionSession.objects.select_related("round__sitting"), actor).filter(ended_at=None)


def pledge_document(actor: Actor, worker_id: int, on: date) -> dict[str, object]:
    """What the pledge's document is made of."""
    found = worker_by_id(actor, worker_id)
    signed = found.pledge_signed_at
    text = parameter("safety-pledge").on(local_day(signed) if signed else on, province=found.agency_code[:2])
    agency = Agency.objects.filter(code=found.agency_code[:2]).values_list("name", flat=True).first() or ""
    return {
        "agency": agency,
        "number": str(found.pk),
        "sitting": str(found.round.sitting),
        "name": found.name,
        "vetted_on": f"{found.vetted_on:%Y-%m-%d}",
        "topics": "、".join(found.topics) or "—",
        "trained_on": f"{found.trained_on:%Y-%m-%d}" if found.trained_on else "—",
        "filed_on": f"{found.filed_on:%Y-%m-%d}" if found.filed_on else "—",
        "text": text,
        "digest": found.pledge,
        "signed_at": f"{signed.astimezone(LOCAL):%Y-%m-%d %H:%M}" if signed else "",
        "issued_on": on,
        "clauses": [clause("SR-A1.4").chip],
    }
