"""Rounds of collecting, their people and their sessions, as their pages show them."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision, all_of, clause, parameter
from zikao.stages.agencies.models import Agency, School
from zikao.stages.collecting import rules
from zikao.stages.collecting.models import Presence, Round, Session, Worker
from zikao.stages.collecting.states import (
    REGISTER_POSTS,
    WORKING_POSTS,
    CollectionDuty,
    MemberRole,
    Purpose,
    RoundState,
    WorkerState,
)
from zikao.stages.programmes.models import Sitting

HANDS = (CollectionDuty.SCORES, CollectionDuty.CHECKING, CollectionDuty.MACHINES)
"""The duties that the supervisor supervises."""
LIVE = (RoundState.DRAFTED, RoundState.CONFIRMED)


def rounds(actor: Actor) -> QuerySet[Round]:
    """Every round of the actor's agency."""
    return scoped(Round.objects.select_related("sitting"), actor)


def rounds_with_counts(actor: Actor) -> QuerySet[Round]:
    """Every round, with how many workers it has and how many of them may work."""
    ready = Count("workers", filter=Q(workers__state=WorkerState.PLEDGED))
    return rounds(actor).annotate(chosen=Count("workers"), ready=ready)


def round_by_id(actor: Actor, round_id: int) -> Round:
    """One round. Raises NotFound."""
    return access(Round.objects.select_related("sitting"), actor, pk=round_id)


def live_round(purpose: Purpose, sitting: Sitting | None, agency_code: str) -> Round | None:
    """The round of that purpose that is drafted or confirmed."""
    return Round.objects.filter(
        purpose=purpose, sitting=sitting, agency_code=agency_code, state__in=LIVE
    ).first()  # fmt: skip


def confirmation(held: Round, on: date) -> Decision:
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


def set_time(held: Round, at: datetime) -> Decision:
    """Whether it is the round's set time."""
    return rules.SET_TIME(
        on=local_day(at),
        confirmed=held.state == RoundState.CONFIRMED,
        begins_at=held.begins_at,
        ends_at=held.ends_at,
        moment=at,
    )


def workers(actor: Actor, round_id: int) -> QuerySet[Worker]:
    """The register of a round's workers, each with whether they are signed in somewhere now."""
    here = Presence.objects.filter(account_id=OuterRef("account_id"), left_at=None)
    rows = scoped(Worker.objects.select_related("round__sitting"), actor)
    return rows.filter(round_id=round_id).annotate(here=Exists(here))


def worker_by_id(actor: Actor, worker_id: int) -> Worker:
    """One worker, for who reads the register or is that worker. Raises NotFound."""
    rows = Worker.objects.select_related("round__sitting")
    if actor.post not in REGISTER_POSTS:
        rows = rows.filter(account_id=actor.account_id or 0)
    return access(rows, actor, pk=worker_id)


def worker_of(held: Round, account_id: int | None) -> Worker | None:
    """The account's place among the round's workers."""
    return held.workers.filter(account_id=account_id).first() if account_id is not None else None


def in_post(account_field: str, on: date) -> Exists:
    """Whether an account stands in a post whose holders work with scores."""
    return Exists(
        Appointment.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=on),
            account_id=OuterRef(account_field),
            account__is_active=True,
            since_on__lte=on,
            post__in=[post.value for post in WORKING_POSTS],
        )
    )


def people_to_choose(actor: Actor, held: Round, on: date) -> QuerySet[Account]:
    """Accounts in a post that works with scores, who are not yet the round's workers; not the actor."""
    chosen = held.workers.values("account_id")
    rows = scoped(Account.objects.filter(in_post("pk", on), is_active=True, candidate_id=None), actor)
    return rows.exclude(pk__in=chosen).exclude(pk=actor.account_id or 0).prefetch_related("appointments")


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


def unsigned_pledges(actor: Actor) -> QuerySet[Worker]:
    """The actor's own places that wait for the actor's signature."""
    rows = Worker.objects.select_related("round__sitting").exclude(round__state=RoundState.CLOSED)
    return rows.filter(account_id=actor.account_id or 0, state=WorkerState.FILED)


def unready_rounds(actor: Actor) -> list[tuple[Round, int]]:
    """Live rounds with workers who wait for training or filing, each with how many."""
    waiting = Count("workers", filter=Q(workers__state__in=[WorkerState.VETTED, WorkerState.TRAINED]))
    rows = rounds(actor).filter(state__in=LIVE).annotate(waiting=waiting).filter(waiting__gt=0)
    return [(row, row.waiting) for row in rows]


def pledge_document(actor: Actor, worker_id: int, on: date) -> dict[str, object]:
    """What the pledge's document is made of."""
    found = worker_by_id(actor, worker_id)
    signed = found.pledge_signed_at
    text = parameter("safety-pledge").on(local_day(signed) if signed else on, province=found.agency_code[:2])
    agency = Agency.objects.filter(code=found.agency_code[:2]).values_list("name", flat=True).first() or ""
    return {
        "agency": agency,
        "number": str(found.pk),
        "round": str(found.round),
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


def running_sessions(actor: Actor) -> QuerySet[Session]:
    """Sessions that have not ended."""
    return scoped(Session.objects.select_related("round__sitting"), actor).filter(ended_at=None)
