"""Appointments made and ended."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.access import policies, queries
from zikao.foundation.access.leaving import out_of_post
from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import STAFF_POSTS, Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState


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
    Raises:  NotPermitted (oneself), NotFound, Conflict (held already; two administrators in one), WrongState, BadInput
    """
    policies.check_covers(by, agency_code)
    if post not in STAFF_POSTS:
        raise BadInput("no-such-post", field_errors={"post": "这不是工作人员的岗位。"})
    if until_on is not None and until_on < since_on:
        raise BadInput("ends-before-start", field_errors={"until_on": "止期不能早于起期。"})
    # the row is held so that two appointments of one person come one after the other
    account = access(Account.objects.select_for_update().filter(kind=AccountKind.STAFF), by, pk=account_id)
    policies.check_not_oneself(by, account.pk)
    if not account.is_active:
        raise WrongState("account-closed", message="这个账号已经注销。", remedy="请为其另开账号后再聘任。")
    held = account.appointments.filter(post=post, agency_code=agency_code, until_on__isnull=True)
    if held.exists():
        raise Conflict("already-appointed", message="此人已在这一岗位上。", remedy="如需变更任期，请先解聘。")
    policies.check_administrators_apart(post, queries.posts_between(account, since_on, until_on))
    appointment = Appointment.objects.create(
        account=account, post=post, agency_code=agency_code, since_on=since_on, until_on=until_on
    )
    return Outcome(appointment, facts={"account": account.pk, "post": post, "agency": agency_code})


@command(writes="access.appointment-ended", clauses=("EA-10",), posts=policies.APPOINTERS)
def end_appointment(*, appointment_id: int, until_on: date, by: Actor, at: datetime) -> Outcome[Appointment]:
    """End an appointment on a day; from that day on the person acts in it no more. A fixed term is only shortened.

    Source:  EA-10
    Writes:  access.appointment-ended
    Raises:  NotPermitted (one's own), NotFound, WrongState (over already), BadInput
    """
    appointment = access(Appointment.objects.select_for_update(), by, pk=appointment_id)
    policies.check_not_oneself(by, appointment.account_id)
    today = local_day(at)
    if appointment.until_on is not None and appointment.until_on <= today:
        raise WrongState("appointment-over", message="这一聘任已经终止。")
    if until_on < max(today, appointment.since_on):
        raise BadInput("ends-too-early", field_errors={"until_on": "止期不能早于今天，也不能早于起期。"})
    if appointment.until_on is not None and until_on > appointment.until_on:
        raise BadInput("ends-too-late", field_errors={"until_on": "终止只能提前；要延长任期，请到期后重新聘任。"})
    before = snapshot(appointment)
    appointment.until_on = until_on
    appointment.save(update_fields=["until_on"])
    if until_on <= today:
        out_of_post(appointment.account_id, at)
    return Outcome(appointment, before=before, facts={"until": until_on})
