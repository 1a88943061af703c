"""Whose appointment stands, and as whom an account acts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day


def appointments_in_effect(account: Account, at: datetime) -> QuerySet[Appointment]:
    """The appointments of an account that are in effect at an instant."""
    on = local_day(at)
    return account.appointments.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), since_on__lte=on)


def appointment_stands(appointment_id: int, account_id: int | None, at: datetime) -> bool:
    """Whether this appointment of this active account is in effect at an instant."""
    on = local_day(at)
    return Appointment.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on),
        pk=appointment_id,
        account_id=account_id,
        account__is_active=True,
        since_on__lte=on,
    ).exists()


def actor_of(account: Account, at: datetime, appointment_id: int | None = None) -> Actor | None:
    """The actor an account is now: the chosen appointment, else its first; a candidate is themselves."""
    if account.kind == AccountKind.CANDIDATE:
        return Actor(
            name=account.name,
            post=Post.CANDIDATE,
            agency_code=account.agency_code,
            account_id=account.pk,
            candidate_id=account.candidate_id,
        )
    standing = appointments_in_effect(account, at)
    chosen = standing.filter(pk=appointment_id).first() if appointment_id else None
    appointment = chosen or standing.order_by("id").first()
    if appointment is None:
        return None
    return Actor(
        name=account.name,
        post=Post(appointment.post),
        agency_code=appointment.agency_code,
        account_id=account.pk,
        appointment_id=appointment.pk,
    )
