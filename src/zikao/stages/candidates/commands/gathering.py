"""Telling the centre who is registered and what they passed (EA-15, SR-5.2); registering never waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import NotFound, WrongState
from zikao.stages.candidates import policies
from zikao.stages.candidates.models import Candidate, GatheredBatch
from zikao.stages.candidates.queries.gathering import (
    not_reported,
    on_record,
    pass_counts,
    person_of,
    record_of,
)
from zikao.stages.candidates.states import AccountState

CENTRE = "national"
REGISTRATIONS, PASSES = "registrations", "passes"
PER_BATCH = 500


@command(writes="candidates.base-information-sent", clauses=("EA-15", "SR-5.2"), posts=policies.ONLINE)
def report_registrations(*, by: Actor, at: datetime, limit: int = PER_BATCH) -> Outcome[GatheredBatch | None]:
    """Send those not reported yet to the centre, which keeps the account of each; None where nobody waits.

    Source:  EA-15, SR-5.2
    Writes:  candidates.base-information-sent
    Raises:  NotPermitted, UnknownPeer (no centre is known)
    """
    rows = list(
        not_reported()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("major", "first_sitting")[:limit]
    )
    if not rows:
        return Outcome(None, on="base-information", facts={"count": 0})
    batch = _batch(REGISTRATIONS, len(rows), at)
    _send(batch, [record_of(row) for row in rows], {str(row.pk): person_of(row) for row in rows}, at)
    Candidate.objects.filter(pk__in=[row.pk for row in rows]).update(account_state=AccountState.ASKED)
    return Outcome(batch, facts={"kind": REGISTRATIONS, "count": batch.count, "on_record": batch.on_record})


@command(writes="candidates.passes-sent", clauses=("SR-5.2",), posts=policies.ONLINE | policies.FILE_KEEPERS)
def report_passes(*, after: int = 0, by: Actor, at: datetime, limit: int = 5000) -> Outcome[int]:
    """Send the number of passed courses of those linked candidates whose number changed, `limit` looked at after an id.

    Gives the last id that was looked at; 0 when all were.

    Source:  SR-5.2
    Writes:  candidates.passes-sent
    Raises:  NotPermitted, UnknownPeer (no centre is known)
    """
    linked = Candidate.objects.filter(account_state=AccountState.LINKED, pk__gt=after).order_by("pk")
    rows = list(linked.values_list("pk", "admission_number", "passes_reported")[:limit])
    counts = pass_counts([pk for pk, _, _ in rows])
    changed = [(pk, number, counts.get(pk, 0)) for pk, number, told in rows if counts.get(pk, 0) != told]
    last = rows[-1][0] if len(rows) == limit else 0
    if not changed:
        return Outcome(last, on="base-information", facts={"count": 0})
    for start in range(0, len(changed), PER_BATCH):
        some = changed[start : start + PER_BATCH]
        batch = _batch(PASSES, len(some), at)
        _send(batch, [{"ref": pk, "number": number, "passes": passes} for pk, number, passes in some], {}, at)
    whens = [When(pk=pk, then=Value(passes)) for pk, _, passes in changed]
    Candidate.objects.filter(pk__in=[pk for pk, _, _ in changed]).update(
        passes_reported=Case(*whens, output_field=IntegerField())
    )
    return Outcome(last, on="base-information", facts={"kind": PASSES, "count": len(changed)})


@command(writes="candidates.accounts-taken", clauses=("EA-15", "SR-5.2"), posts=policies.ONLINE)
def take_accounts(
    *, batch_id: int, accounts: Sequence[Mapping[str, Any]], by: Actor, at: datetime
) -> Outcome[GatheredBatch]:
    """The centre's answer to a batch: each one's account, and in which other provinces they have numbers.

    Source:  EA-15, SR-5.2
    Writes:  candidates.accounts-taken
    Raises:  NotPermitted, NotFound, WrongState
    """
    batch = GatheredBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("batch-not-found", facts={"batch": batch_id})
    if batch.taken is not None or len(accounts) != batch.count:
        raise WrongState("batch-answered", facts={"batch": batch_id, "count": batch.count, "told": len(accounts)})
    before = snapshot(batch)
    if batch.kind == REGISTRATIONS:
        told = {int(each["ref"]): each for each in accounts}
        rows = list(Candidate.objects.select_for_update().filter(pk__in=told, account_state=AccountState.ASKED))
        for row in rows:
            _linked(row, told[row.pk])
        Candidate.objects.bulk_update(rows, ["learning_number", "elsewhere", "account_state"], batch_size=500)
    batch.taken, batch.taken_at = len(accounts), at
    batch.save(update_fields=["taken", "taken_at"])
    return Outcome(batch, before=before, facts={"count": batch.count})


@command(writes="candidates.elsewhere-told", clauses=("EA-15",), posts=policies.ONLINE)
def take_elsewhere(*, numbers: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> Outcome[int]:
    """The centre tells that persons registered here have another account, or numbers in more or fewer provinces.

    Source:  EA-15
    Writes:  candidates.elsewhere-told
    Raises:  NotPermitted
    """
    told = {str(each["number"]): each for each in numbers}
    rows = list(Candidate.objects.select_for_update().filter(admission_number__in=told))
    for row in rows:
        row.elsewhere = ",".join(told[row.admission_number]["elsewhere"])
        row.learning_number = str(told[row.admission_number]["account"])
    Candidate.objects.bulk_update(rows, ["elsewhere", "learning_number"], batch_size=500)
    return Outcome(len(rows), on="base-information", facts={"count": len(rows)})


@command(writes="candidates.batch-refused", clauses=("SR-5.2",), posts=policies.ONLINE)
def note_refused_batch(*, batch_id: int, refs: Sequence[int], by: Actor, at: datetime) -> Outcome[int]:
    """The centre did not take a batch: those in it wait again.

    Source:  SR-5.2
    Writes:  candidates.batch-refused
    Raises:  NotPermitted
    """
    waiting = Candidate.objects.filter(pk__in=refs, account_state=AccountState.ASKED)
    count = waiting.update(account_state=AccountState.AWAITING)
    return Outcome(count, on=f"candidates.gatheredbatch:{batch_id}", facts={"count": count})


def _linked(row: Candidate, told: Mapping[str, Any]) -> None:
    row.learning_number = str(told["account"])
    row.elsewhere = ",".join(told["elsewhere"])
    row.account_state = AccountState.LINKED


def _batch(kind: str, count: int, at: datetime) -> GatheredBatch:
    return GatheredBatch.objects.create(kind=kind, count=count, on_record=on_record(), sent_at=at)


def _send(batch: GatheredBatch, records: Sequence[Mapping[str, Any]], persons: Mapping[str, Any], at: datetime) -> None:
    body = {"batch": batch.pk, "kind": batch.kind, "on_record": batch.on_record, "records": list(records)}
    exchange.send(to=CENTRE, kind="candidates.base-information", body=body, secret={"persons": dict(persons)}, at=at)
