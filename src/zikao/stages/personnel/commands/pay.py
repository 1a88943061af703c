"""Pay for duties done: rates of the province, sheets drawn up, approved, paid, and corrected by further lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.agencies.models import Agency, Site
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.models import PayLine, PayRate, PaySheet
from zikao.stages.personnel.queries.pay import Pay
from zikao.stages.personnel.states import PAY_TRANSITIONS, Done, PayBasis, PayState, PostKind

SUPPLEMENT = "表编制以后才签字、登记的，请在报酬表页面补编；数量有误的，请逐行更正。"


@command(writes="personnel.rate-set", clauses=("EA-7.2",), posts=policies.RATE_SETTERS)
def set_rate(
    *,
    post_kind: PostKind,
    basis: PayBasis,
    rate_fen: int,
    since_on: date,
    document: str,
    by: Actor,
    at: datetime,
) -> Outcome[PayRate]:
    """Set the province's rate for a post from a day on; earlier rates stay for earlier days.

    Source:  EA-7.2
    Writes:  personnel.rate-set
    Raises:  NotPermitted, BadInput, Conflict
    """
    if rate_fen <= 0 or not document.strip():
        raise BadInput("rate", field_errors={"rate_fen": "标准大于零，并写明文号。"})
    same = {"agency_code": by.agency_code[:2], "post_kind": post_kind, "since_on": since_on}
    if PayRate.objects.filter(**same).exists():
        raise Conflict("rate-set", message="这一岗位从这一天起的标准已经登记。", remedy="请从另一天起登记新标准。")
    rate = PayRate.objects.create(**same, basis=basis, rate_fen=rate_fen, document=document.strip(), set_at=at)
    return Outcome(rate, facts={"post": post_kind, "basis": basis, "fen": rate_fen, "since": since_on})


@command(writes="personnel.pay-drawn-up", clauses=("EA-7.2",), posts=policies.PAY_DRAWERS)
def draw_up_pay(*, site_id: int, sitting_code: str, by: Actor, at: datetime) -> Outcome[PaySheet]:
    """Draw up a site's pay sheet of a sitting from the duties that were done, at the rates of the first exam day.

    Source:  EA-7.2
    Writes:  personnel.pay-drawn-up
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    site = access(Site.objects.select_for_update(of=("self",)), by, pk=site_id)
    on = _first_day(sitting_code, at)
    rates = queries.rates_on(site.agency_code, on)
    done = queries.done_at_site(site, sitting_code, rates)
    if PaySheet.objects.filter(site=site, sitting_code=sitting_code).exists():
        raise Conflict("sheet-exists", message="这一考点本考次的报酬表已经编制。", remedy=SUPPLEMENT)
    sheet = _sheet(sitting_code, site, site.agency_code, done, rates, on, by, at)
    return Outcome(sheet, facts={"lines": len(done), "fen": sheet.total_fen})


@command(writes="personnel.marking-pay-drawn-up", clauses=("EA-7.2",), posts=policies.MARKING_PAY_DRAWERS)
def draw_up_marking_pay(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[PaySheet]:
    """Draw up the province's one pay sheet of a sitting's markers from what each marked.

    Source:  EA-7.2
    Writes:  personnel.marking-pay-drawn-up
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    province = access(Agency.objects.select_for_update(), by, "code", code=by.agency_code[:2])
    on = local_day(at)
    rates = queries.rates_on(province.code, on)
    done = queries.done_in_marking(sitting_code)
    if PaySheet.objects.filter(site=None, sitting_code=sitting_code).exists():
        raise Conflict("sheet-exists", message="本考次的评卷报酬表已经编制。", remedy=SUPPLEMENT)
    sheet = _sheet(sitting_code, None, province.code, done, rates, on, by, at)
    return Outcome(sheet, facts={"lines": len(done), "fen": sheet.total_fen})


@command(writes="personnel.pay-supplemented", clauses=("EA-7.2",), posts=policies.PAY_DRAWERS)
def supplement_pay(*, sheet_id: int, by: Actor, at: datetime) -> Outcome[PaySheet]:
    """Add what was signed or entered since the sheet was drawn up, and nothing twice; what was corrected by hand stays.

    The sheet waits for approval again, and, where it was paid, for the payment of the rest.

    Source:  EA-7.2
    Writes:  personnel.pay-supplemented
    Raises:  NotPermitted, NotFound, WrongState, Conflict, Refused
    """
    sheet = _locked(sheet_id, by)
    if sheet.state != PayState.DRAWN:
        check_transition(PAY_TRANSITIONS, PayState(sheet.state), PayState.DRAWN)
    on = _first_day(sheet.sitting_code, sheet.drawn_at) if sheet.site is not None else local_day(sheet.drawn_at)
    rates = queries.rates_on(sheet.agency_code, on)
    done = (
        queries.done_at_site(sheet.site, sheet.sitting_code, rates)
        if sheet.site is not None
        else queries.done_in_marking(sheet.sitting_code)
    )
    more = queries.not_on_sheet(sheet, done)
    if not more:
        raise Conflict("nothing-new", message="没有新的签字或者履职登记，报酬表不变。", remedy="请先签字、登记履职。")
    rules.RATES(on=on, without=queries.unpaid_names(more, rates)).require()
    before = snapshot(sheet)
    PayLine.objects.bulk_create([_line(sheet, each, rates, at) for each in more], batch_size=2000)
    _awaiting_approval(sheet, by)
    return Outcome(sheet, before=before, facts={"lines": len(more), "fen": sheet.total_fen})


def _first_day(sitting_code: str, at: datetime) -> date:
    return min((unit.on for unit in queries.units_of(sitting_code)), default=local_day(at))


def _sheet(
    sitting_code: str,
    site: Site | None,
    agency_code: str,
    done: Sequence[Done],
    rates: Pay,
    on: date,
    by: Actor,
    at: datetime,
) -> PaySheet:
    if not done:
        raise NotFound("nothing-done", message="还没有已履行的职责可以计酬。", remedy="请先签字考场记录、登记履职。")
    rules.RATES(on=on, without=queries.unpaid_names(done, rates)).require()
    sheet = PaySheet.objects.create(
        sitting_code=sitting_code,
        site=site,
        agency_code=agency_code,
        total_fen=sum(each.quantity * rates[each.post_kind].rate_fen for each in done),
        drawn_at=at,
        drawn_by=by.name,
        drawn_by_account=by.account_id,
    )
    PayLine.objects.bulk_create([_line(sheet, each, rates, at) for each in done], batch_size=2000)
    return sheet


def _line(sheet: PaySheet, done: Done, rates: Pay, at: datetime) -> PayLine:
    rate = rates[done.post_kind]
    return PayLine(
        sheet=sheet,
        person_id=done.person_id,
        post_kind=done.post_kind,
        basis=rate.basis,
        quantity=done.quantity,
        rate_fen=rate.rate_fen,
        amount_fen=done.quantity * rate.rate_fen,
        added_at=at,
    )


def _awaiting_approval(sheet: PaySheet, by: Actor) -> None:
    """Whoever changed the sheet last drew it up: another approves."""
    sheet.total_fen, sheet.state = queries.total_of(sheet), PayState.DRAWN
    sheet.drawn_by, sheet.drawn_by_account = by.name, by.account_id
    sheet.save(update_fields=["total_fen", "state", "drawn_by", "drawn_by_account"])


@command(writes="personnel.pay-corrected", clauses=("EA-7.2",), posts=policies.PAY_DRAWERS)
def correct_pay(*, line_id: int, quantity: int, reason: str, by: Actor, at: datetime) -> Outcome[PaySheet]:
    """Correct what a person gets: `quantity` is what it should have been; a new line carries the difference.

    The sheet waits for approval again, and, where it was paid, for the payment of the rest.

    Source:  EA-7.2
    Writes:  personnel.pay-corrected
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    line = access(PayLine.objects.select_related("sheet"), by, "sheet__agency_code", pk=line_id)
    sheet = _locked(line.sheet_id, by)
    check_transition(PAY_TRANSITIONS, PayState(sheet.state), PayState.DRAWN)
    if line.corrects_id is not None:
        raise BadInput("corrects-a-correction", field_errors={"quantity": "请在原来的行上更正。"})
    stands = line.quantity + sum(each.quantity for each in line.corrections.all())
    if quantity < 0 or quantity == stands or not reason.strip():
        raise BadInput("correction", field_errors={"quantity": f"现为 {stands}；请填写应为的数量和更正原因。"})
    before = snapshot(sheet)
    PayLine.objects.create(
        sheet=sheet,
        person_id=line.person_id,
        post_kind=line.post_kind,
        basis=line.basis,
        quantity=quantity - stands,
        rate_fen=line.rate_fen,
        amount_fen=(quantity - stands) * line.rate_fen,
        corrects=line,
        reason=reason.strip(),
        added_at=at,
    )
    _awaiting_approval(sheet, by)
    facts = {"line": line.pk, "from": stands, "to": quantity, "reason": reason.strip()}
    return Outcome(sheet, before=before, facts=facts)


@command(writes="personnel.pay-approved", clauses=("EA-7.2",), posts=policies.PAY_APPROVERS)
def approve_pay(*, sheet_id: int, by: Actor, at: datetime) -> Outcome[PaySheet]:
    """Approve a sheet: somebody other than who drew it up or corrected it last.

    Source:  EA-7.2
    Writes:  personnel.pay-approved
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    sheet = _locked(sheet_id, by)
    check_transition(PAY_TRANSITIONS, PayState(sheet.state), PayState.APPROVED)
    rules.PAY_APPROVAL(on=local_day(at), same_person=queries.drew_it_up(sheet, by)).require()
    before = snapshot(sheet)
    sheet.state, sheet.approved_at, sheet.approved_by = PayState.APPROVED, at, by.name
    sheet.save(update_fields=["state", "approved_at", "approved_by"])
    return Outcome(sheet, before=before, facts={"fen": sheet.total_fen})


@command(writes="personnel.pay-paid", clauses=("EA-7.2",), posts=policies.PAY_MARKERS)
def mark_paid(*, sheet_id: int, voucher: str, by: Actor, at: datetime) -> Outcome[PaySheet]:
    """Mark an approved sheet as paid in full, with the voucher of the payment.

    Source:  EA-7.2
    Writes:  personnel.pay-paid
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    sheet = _locked(sheet_id, by)
    check_transition(PAY_TRANSITIONS, PayState(sheet.state), PayState.PAID)
    if not voucher.strip():
        raise BadInput("voucher-missing", field_errors={"voucher": "请填写付款凭证号。"})
    before, paid = snapshot(sheet), sheet.total_fen - sheet.paid_fen
    sheet.state, sheet.paid_at, sheet.voucher, sheet.paid_fen = PayState.PAID, at, voucher.strip(), sheet.total_fen
    sheet.save(update_fields=["state", "paid_at", "voucher", "paid_fen"])
    return Outcome(sheet, before=before, facts={"fen": paid, "voucher": voucher.strip()})


def _locked(sheet_id: int, by: Actor) -> PaySheet:
    return access(PaySheet.objects.select_for_update(of=("self",)), by, pk=sheet_id)
