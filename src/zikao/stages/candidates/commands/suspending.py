"""Suspensions (EA-12.3): ordered here and told to the centre, or ordered elsewhere and taken from it; lifted early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, all_rows, command, snapshot
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.exchange.models import Peer
from zikao.foundation.secrecy import new_ids
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands.stopping import stop_pending
from zikao.stages.candidates.models import ID_NUMBER, SUSPENDED_NUMBER, Candidate, IntegrityEntry, Suspension
from zikao.stages.candidates.states import IntegrityKind, SuspensionSource

CENTRE = "national"
STOPPED = "停考期内（至 {until:%Y-%m-%d}）不得报名报考，依据 {reference}。"


@dataclass(frozen=True)
class Order:
    """A suspension as it was ordered: from a day until a day (exclusive), by which decision."""

    since_on: date
    until_on: date
    reference: str

    def as_body(self) -> dict[str, str]:
        """As messages carry it."""
        return {"since": self.since_on.isoformat(), "until": self.until_on.isoformat(), "reference": self.reference}

    @classmethod
    def of(cls, body: dict[str, str]) -> Order:
        """As messages carry it, read."""
        return cls(date.fromisoformat(body["since"]), date.fromisoformat(body["until"]), str(body["reference"]))


@command(writes="candidates.suspended", clauses=("EA-12.3",), posts=policies.SUSPENDERS)
def impose_suspension(
    *,
    since_on: date,
    until_on: date,
    reference: str,
    candidate_id: int | None = None,
    id_number: str | None = None,
    source: SuspensionSource = SuspensionSource.DECISION,
    by: Actor,
    at: datetime,
) -> Outcome[Suspension]:
    """Keep a person from registering and entering from a day until a day (exclusive), in every province.

    The person is a candidate here, or anybody by ID number. Every integrity file of theirs gets its line, a
    registration under way is stopped, and the centre is told, which tells all provinces.

    Source:  EA-12.3
    Writes:  candidates.suspended
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    if until_on <= since_on:
        raise BadInput("ends-before-start", field_errors={"until_on": "止期应晚于起期。"}, message="止期应晚于起期。")
    if (candidate_id is None) == (id_number is None):
        raise BadInput("one-person", message="请指定考生，或填写身份证件号码，二者选一。")
    number = _number(by, candidate_id, id_number, local_day(at))
    if _known(number, reference) is not None:
        raise Conflict("suspended-already", message=f"决定 {reference} 已经登记过。")
    order = Order(since_on, until_on, reference)
    suspension, candidate, stopped = _kept(number, order, source, by, at)
    _tell_centre("candidates.suspension", number, order.as_body(), at)
    facts = {"candidate": candidate.pk if candidate else None, "since": since_on, "until": until_on}
    return Outcome(suspension, facts={**facts, "reference": reference, "source": source, "stopped": stopped})


@command(writes="candidates.suspension-taken", clauses=("EA-12.3",), posts=policies.ONLINE)
def take_suspension(*, id_number: str, order: Order, by: Actor, at: datetime) -> Outcome[Suspension]:
    """Take over a suspension that another province ordered; one that is known already has no second effect.

    Source:  EA-12.3
    Writes:  candidates.suspension-taken
    Raises:  NotPermitted
    """
    known = _known(id_number, order.reference)
    if known is not None:
        return Outcome(known, facts={"known": True, "reference": order.reference})
    suspension, candidate, stopped = _kept(id_number, order, SuspensionSource.NATIONAL, by, at)
    facts = {"candidate": candidate.pk if candidate else None, "since": order.since_on, "until": order.until_on}
    return Outcome(suspension, facts={**facts, "reference": order.reference, "stopped": stopped})


@command(writes="candidates.suspension-lifted", clauses=("EA-12.3", "EA-26.1"), posts=policies.SUSPENDERS)
def lift_suspension(*, suspension_id: int, reference: str, by: Actor, at: datetime) -> Outcome[Suspension]:
    """End a suspension early because the decision was annulled or changed; the integrity file says so, too.

    Source:  EA-12.3, EA-26.1
    Writes:  candidates.suspension-lifted
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    if not reference.strip():
        raise BadInput(
            "reference-missing", field_errors={"reference": "请填写解除依据的文号。"}, message="没有写明依据。"
        )
    with all_rows("EA-12.3：停考在何处作出都有效"):
        found = Suspension.objects.select_for_update().filter(pk=suspension_id).first()
    if found is None or not by.covers(found.agency_code):
        raise NotFound("suspension-not-found", message="没有这条停考记录。")
    if found.source != SuspensionSource.DECISION:
        raise WrongState(
            "suspension-not-ours",
            message="这一停考由其他省份作出。",
            remedy="请由作出决定的省份解除。",
            clause="EA-12.3",
        )
    before, number = snapshot(found), SUSPENDED_NUMBER.text(found)
    _lifted(found, reference.strip(), at)
    body = {"reference": found.reference, "lifted_by": reference.strip(), "until": found.until_on.isoformat()}
    _tell_centre("candidates.suspension-lifted", number, body, at)
    return Outcome(found, before=before, facts={"reference": found.reference, "until": found.until_on})


@command(writes="candidates.suspension-lifting-taken", clauses=("EA-12.3",), posts=policies.ONLINE)
def take_lifting(
    *, id_number: str, reference: str, lifted_by: str, by: Actor, at: datetime
) -> Outcome[Suspension | None]:
    """Take over from the centre that a suspension was lifted; where it never came, there is nothing to lift.

    Source:  EA-12.3
    Writes:  candidates.suspension-lifting-taken
    Raises:  NotPermitted
    """
    found = _known(id_number, reference)
    if found is None or found.lifted_by:
        return Outcome(None, on="suspension", facts={"known": found is not None, "reference": reference})
    before = snapshot(found)
    _lifted(found, lifted_by, at)
    return Outcome(found, before=before, facts={"reference": reference, "until": found.until_on})


def _lifted(found: Suspension, reference: str, at: datetime) -> None:
    if found.until_on <= local_day(at) or found.lifted_by:
        raise WrongState("suspension-over", message="停考已经期满或已经解除。", clause="EA-12.3")
    found.ordered_until_on, found.lifted_by = found.until_on, reference
    found.until_on = max(local_day(at), found.since_on + timedelta(days=1))
    found.save(update_fields=["until_on", "ordered_until_on", "lifted_by"])
    text = f"停考提前于 {found.until_on:%Y-%m-%d} 解除，依据 {reference}；原决定 {found.reference}"
    _note(SUSPENDED_NUMBER.text(found), IntegrityKind.CORRECTION, text, at)


def _known(number: str, reference: str) -> Suspension | None:
    with all_rows("EA-12.3：同一决定在何处登记过都算"):
        rows = Suspension.objects.select_for_update()
        return rows.filter(id_number_index__in=indexes_of(number), reference=reference).first()


def _kept(
    number: str, order: Order, source: SuspensionSource, by: Actor, at: datetime
) -> tuple[Suspension, Candidate | None, int]:
    row_id = new_ids(Suspension)[0]
    suspension = Suspension.objects.create(
        id=row_id,
        id_number_sealed=SUSPENDED_NUMBER.seal(number, row_id),
        id_number_index=index_of(number),
        since_on=order.since_on,
        until_on=order.until_on,
        source=source,
        reference=order.reference,
        agency_code=by.agency_code,
        recorded_at=at,
    )
    text = f"停考：{order.since_on:%Y-%m-%d} 至 {order.until_on:%Y-%m-%d}（不含），依据 {order.reference}"
    candidate = _note(number, IntegrityKind.SUSPENSION, text, at)
    is_over = order.until_on <= local_day(at)
    why = STOPPED.format(until=order.until_on, reference=order.reference)
    return suspension, candidate, 0 if is_over else stop_pending(number, why, at)


def _note(number: str, kind: IntegrityKind, text: str, at: datetime) -> Candidate | None:
    with all_rows("EA-12.3：停考及于其人，记入其诚信档案，不论在何县（区）注册"):
        candidate = Candidate.objects.filter(id_number_index__in=indexes_of(number)).first()
        if candidate is not None:
            IntegrityEntry.objects.create(candidate=candidate, kind=kind, code="suspension", text=text, at=at)
    return candidate


def _number(by: Actor, candidate_id: int | None, id_number: str | None, on: date) -> str:
    if candidate_id is not None:
        return ID_NUMBER.text(queries.access_candidate(by, candidate_id))
    number = queries.normal_id_number(id_number or "")
    if (wrong := checks.what_is_wrong_with(number, on)) is not None:
        raise BadInput("id-number-malformed", field_errors={"id_number": wrong}, message=wrong, clause="EA-12.3")
    return number


def _tell_centre(kind: str, number: str, body: dict[str, str], at: datetime) -> None:
    """A node that knows no centre (one that stands alone) keeps it to itself; the centre being away only delays."""
    if settings.ZIKAO_NODE != CENTRE and Peer.objects.filter(code=CENTRE).exists():
        exchange.send(to=CENTRE, kind=kind, body=body, secret={"id_number": number}, at=at)


def carry_suspensions(old: str, new: str, at: datetime) -> int:
    """Inside a command: what ran under a corrected ID number runs under the new one, too, and the nation is told."""
    with all_rows("EA-12.3：停考及于其人，证件号码更正之后仍然有效"):
        running = list(Suspension.objects.filter(id_number_index__in=indexes_of(old), until_on__gt=local_day(at)))
    for each in running:
        if _known(new, each.reference) is not None:
            continue
        row_id = new_ids(Suspension)[0]
        with all_rows("EA-12.3：停考及于其人，证件号码更正之后仍然有效"):
            Suspension.objects.create(
                id=row_id,
                id_number_sealed=SUSPENDED_NUMBER.seal(new, row_id),
                id_number_index=index_of(new),
                since_on=each.since_on,
                until_on=each.until_on,
                source=each.source,
                reference=each.reference,
                agency_code=each.agency_code,
                recorded_at=at,
            )
        order = Order(each.since_on, each.until_on, each.reference)
        if each.source == SuspensionSource.DECISION:
            _tell_centre("candidates.suspension", new, order.as_body(), at)
    return len(running)
