"""Suspensions known to the nation (EA-12.3): what one province orders, every other one is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.exchange.models import Peer
from zikao.foundation.secrecy import new_ids
from zikao.national import policies
from zikao.national.models import LearningAccount, NationalSuspension
from zikao.national.models.accounts import ORDERED_FOR, PERSON
from zikao.national.states import node_of


@command(writes="national.suspension-taken", clauses=("EA-12.3",), posts=policies.INBOX)
def take_national_suspension(
    *, province: str, id_number: str, since_on: date, until_on: date, reference: str, by: Actor, at: datetime
) -> Outcome[NationalSuspension]:
    """Take a suspension from the province that ordered it, and tell every other node.

    A person with several documents under one account is told of under each of their numbers.

    Source:  EA-12.3
    Writes:  national.suspension-taken
    Raises:  NotPermitted, BadInput, Conflict
    """
    if until_on <= since_on or not reference:
        raise BadInput("suspension-malformed", message="停考的期限或文号不符合要求。")
    if _of(province, id_number, reference) is not None:
        raise Conflict("suspension-there", message=f"{reference} 已经登记。")
    row_id = new_ids(NationalSuspension)[0]
    taken = NationalSuspension.objects.create(
        id=row_id, id_number_sealed=ORDERED_FOR.seal(id_number, row_id), id_number_index=index_of(id_number),
        province=province, reference=reference, since_on=since_on, until_on=until_on, told=0, received_at=at,
    )  # fmt: skip
    numbers = sorted({id_number, *_other_numbers(id_number)})
    for number in numbers:
        for peer in _provinces():
            if peer != node_of(province) or number != id_number:
                _tell(taken, number, peer, at)
                taken.told += number == id_number
    taken.save(update_fields=["told"])
    return Outcome(taken, facts={"province": province, "told": taken.told, "numbers": len(numbers)})


@command(writes="national.suspension-lifted", clauses=("EA-12.3",), posts=policies.INBOX)
def lift_national_suspension(
    *, province: str, id_number: str, reference: str, lifted_by: str, until_on: date, by: Actor, at: datetime
) -> Outcome[NationalSuspension]:
    """Take from the province that ordered a suspension that it is lifted, and tell every other node.

    Source:  EA-12.3
    Writes:  national.suspension-lifted
    Raises:  NotPermitted, NotFound
    """
    found = _of(province, id_number, reference)
    if found is None:
        raise NotFound("suspension-not-found", message=f"没有 {reference} 作出的停考。")
    before = snapshot(found)
    found.until_on, found.lifted_by = until_on, lifted_by
    found.save(update_fields=["until_on", "lifted_by"])
    body = {"reference": reference, "lifted_by": lifted_by}
    for number in sorted({id_number, *_other_numbers(id_number)}):
        for peer in _provinces():
            if peer != node_of(province) or number != id_number:
                secret = {"id_number": number}
                exchange.send(to=peer, kind="candidates.national-lifting", body=body, secret=secret, at=at)
    return Outcome(found, before=before, facts={"province": province, "until": until_on})


def tell_running(account_ids: Collection[int], province: str, at: datetime) -> int:
    """Tell a province of running suspensions of persons with several documents; returns how many (inside a command)."""
    several = LearningAccount.objects.filter(pk__in=account_ids, merged_from__isnull=False).distinct()
    told = 0
    for account in several:
        numbers = [PERSON.text(row) for row in (account, *account.merged_from.all())]
        for suspension in _running(numbers, local_day(at)):
            for number in numbers:
                _tell(suspension, number, node_of(province), at)
                told += 1
    return told


def _running(numbers: Collection[str], on: date) -> list[NationalSuspension]:
    indexes = [index for number in numbers for index in indexes_of(number)]
    rows = NationalSuspension.objects.filter(id_number_index__in=indexes, since_on__lte=on, until_on__gt=on)
    return list(rows)


def _tell(suspension: NationalSuspension, number: str, peer: str, at: datetime) -> None:
    body = {
        "since": suspension.since_on.isoformat(),
        "until": suspension.until_on.isoformat(),
        "reference": suspension.reference,
    }
    exchange.send(to=peer, kind="candidates.national-suspension", body=body, secret={"id_number": number}, at=at)


def _other_numbers(id_number: str) -> list[str]:
    """The other ID numbers of the same person: of the accounts that went into theirs."""
    found = LearningAccount.objects.filter(id_number_index__in=indexes_of(id_number)).first()
    if found is None:
        return []
    head = found.merged_into or found
    return [PERSON.text(row) for row in (head, *head.merged_from.all())]


def _of(province: str, id_number: str, reference: str) -> NationalSuspension | None:
    rows = NationalSuspension.objects.select_for_update()
    return rows.filter(province=province, reference=reference, id_number_index__in=indexes_of(id_number)).first()


def _provinces() -> list[str]:
    codes = Peer.objects.order_by("code").values_list("code", flat=True)
    return [code for code in codes if code.partition(":")[0] in ("province", "military")]
