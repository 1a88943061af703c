"""Whose appointment stands, and as whom an account acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.states import AccountKind, AppointmentPhase
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound


def appointments_in_effect(account: Account, at: datetime) -> QuerySet[Appointment]:
    """The appointments of an account that are in effect at an instant."""
    on = local_day(at)
    return account.appointments.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), since_on__lte=on)


def appointment_stands(appointment_id: int, account_id: int | None, at: datetime) -> bool:
    """Whether this appointment of this active account is in effect at an instant."""
    if account_id is None:
        return False
    on = local_day(at)
    return Appointment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on),
        pk=appointment_id,
        account_id=account_id,
        account__is_active=True,
        since_on__lte=on,
    ).exists()


def actor_of(
    account: Account, at: datetime, appointment_id: int | None = None, standing: Sequence[Appointment] | None = None
) -> Actor | None:
    """The actor an account is now: the chosen appointment, else its first; a candidate is themselves.

    `standing`: the appointments in effect by their ids, where they are known already.
    """
    if account.kind == AccountKind.CANDIDATE:
        return Actor(
            name=account.name,
            post=Post.CANDIDATE,
            agency_code=account.agency_code,
            account_id=account.pk,
            candidate_id=account.candidate_id,
        )
    known = list(appointments_in_effect(account, at).order_by("id")) if standing is None else standing
    chosen = next((each for each in known if each.pk == appointment_id), None)
    appointment = chosen or next(iter(known), None)
    if appointment is None:
        return None
    return Actor(
        name=account.name,
        post=Post(appointment.post),
        agency_code=appointment.agency_code,
        account_id=account.pk,
        appointment_id=appointment.pk,
    )


def staff_accounts(actor: Actor) -> QuerySet[Account]:
    """The accounts of staff in the actor's subtree."""
    return scoped(Account.objects.filter(kind=AccountKind.STAFF), actor)


def accounts_without_post(actor: Actor) -> QuerySet[Account]:
    """Open accounts of staff in the actor's subtree that were never appointed, the oldest first."""
    return staff_accounts(actor).filter(is_active=True, appointments__isnull=True).order_by("created_at")


def staff_account(actor: Actor, account_id: int) -> Account:
    """One account of staff in the actor's subtree; NotFound elsewhere."""
    return access(Account.objects.filter(kind=AccountKind.STAFF), actor, pk=account_id)


def own_account(actor: Actor) -> Account:
    """The account of who acts; NotFound for the node and for guests."""
    found = Account.objects.filter(pk=actor.account_id).first() if actor.account_id is not None else None
    if found is None:
        raise NotFound("account-not-found", message="没有登录的账号。")
    return found


def appointments(actor: Actor) -> QuerySet[Appointment]:
    """The appointments in the actor's subtree, the newest first."""
    return scoped(Appointment.objects.select_related("account"), actor).order_by("-since_on", "-id")


def appointment(actor: Actor, appointment_id: int) -> Appointment:
    """One appointment in the actor's subtree; NotFound elsewhere."""
    return access(Appointment.objects.select_related("account"), actor, pk=appointment_id)


def posts_between(account: Account, since_on: date, until_on: date | None) -> list[str]:
    """The posts that an account holds on some day of a period (until exclusive, None: for good)."""
    standing = account.appointments.filter(Q(until_on__isnull=True) | Q(until_on__gt=since_on))
    if until_on is not None:
        standing = standing.filter(since_on__lt=until_on)
    return [each.post for each in standing if each.until_on is None or each.until_on > each.since_on]


def phase_of(appointment: Appointment, on: date) -> AppointmentPhase:
    """Whether an appointment is to come, in effect, or over on a day."""
    if appointment.until_on is not None and appointment.until_on <= on:
        return AppointmentPhase.OVER
    return AppointmentPhase.TO_COME if appointment.since_on > on else AppointmentPhase.IN_EFFECT


def in_phase(rows: QuerySet[Appointment], phase: str, on: date) -> QuerySet[Appointment]:
    """Those of some appointments that are in a phase on a day."""
    over = Q(until_on__isnull=False, until_on__lte=on)
    match phase:
        case AppointmentPhase.OVER:
            return rows.filter(over)
        case AppointmentPhase.TO_COME:
            return rows.filter(~over, since_on__gt=on)
        case AppointmentPhase.IN_EFFECT:
            return rows.filter(~over, since_on__lte=on)
        case _:
            return rows.none()
