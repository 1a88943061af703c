"""Accounts opened and closed, appointments made and ended."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zikao.foundation.access import policies
from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState


@command(writes="access.account-opened", clauses=("EA-10",), posts=policies.ACCOUNT_OPENERS)
def open_account(
    *, username: str, name: str, password: str, agency_code: str, by: Actor, at: datetime
) -> Outcome[Account]:
    """Open an account for a member of staff; it can do nothing until it is appointed.

    Source:  EA-10
    Writes:  access.account-opened
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    policies.check_covers(by, agency_code)
    _check_new(username, password)
    account = Account.objects.create(
        username=username,
        name=name,
        kind=AccountKind.STAFF,
        agency_code=agency_code,
        password=make_password(password),
        created_at=at,
    )
    return Outcome(account, facts={"account": account.pk})


def _check_new(username: str, password: str) -> None:
    if Account.objects.filter(username=username).exists():
        raise Conflict("username-taken", facts={"username": username}, message=f"用户名“{username}”已被使用。")
    try:
        validate_password(password)
    except ValidationError as error:
        raise BadInput("weak-password", field_errors={"password": " ".join(error.messages)}) from None


@command(writes="access.appointed", clauses=("EA-10",), posts=policies.APPOINTERS)
def appoint(
    *,
    account_id: int,
    post: Post,
    agency_code: str,
    since_on: date,
    until_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Outcome[Appointment]:
    """Put an account into a post of an agency, from a day until a day (exclusive).

    Source:  EA-10
    Writes:  access.appointed
    Raises:  NotPermitted, NotFound, Conflict, BadInput
    """
    policies.check_covers(by, agency_code)
    account = access(Account.objects.filter(kind=AccountKind.STAFF), by, pk=account_id)
    if until_on is not None and until_on < since_on:
        raise BadInput("ends-before-start", field_errors={"until_on": "止期不能早于起期。"})
    held = account.appointments.filter(post=post, agency_code=agency_code, until_on__isnull=True)
    if held.exists():
        raise Conflict("already-appointed", message="此人已在这一岗位上。", remedy="如需变更任期，请先解聘。")
    appointment = Appointment.objects.create(
        account=account, post=post, agency_code=agency_code, since_on=since_on, until_on=until_on
    )
    return Outcome(appointment, facts={"account": account.pk, "post": post, "agency": agency_code})


@command(writes="access.appointment-ended", clauses=("EA-10",), posts=policies.APPOINTERS)
def end_appointment(*, appointment_id: int, until_on: date, by: Actor, at: datetime) -> Outcome[Appointment]:
    """End an appointment on a day; from that day on the person acts in it no more.

    Source:  EA-10
    Writes:  access.appointment-ended
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    appointment = access(Appointment.objects.select_for_update(), by, pk=appointment_id)
    if appointment.until_on is not None:
        raise WrongState("appointment-has-end", message="这一聘任已有止期。")
    if until_on < appointment.since_on:
        raise BadInput("ends-before-start", field_errors={"until_on": "止期不能早于起期。"})
    before = snapshot(appointment)
    appointment.until_on = until_on
    appointment.save(update_fields=["until_on"])
    return Outcome(appointment, before=before, facts={"until": until_on})
