"""Base record information gathered into learning accounts (EA-15, SR-5.2): one a person, whatever the province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from zikao.foundation import exchange
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.secrecy import new_ids
from zikao.national import policies
from zikao.national.commands.suspensions import tell_running
from zikao.national.models import GatheredFrom, LearningAccount, LinkedNumber
from zikao.national.models.accounts import PERSON
from zikao.national.rules import LEARNING_NUMBER, LEARNING_SERIAL
from zikao.national.states import node_of

_TAKE = """
INSERT INTO national_accountcounter (year, last) VALUES (%s, %s)
ON CONFLICT (year) DO UPDATE SET last = national_accountcounter.last + excluded.last RETURNING last
"""
Record = Mapping[str, Any]


@command(writes="national.base-information-gathered", clauses=("EA-15", "SR-5.2"), posts=policies.INBOX)
def gather_registrations(
    *,
    province: str,
    batch: int,
    on_record: int,
    records: Sequence[Record],
    persons: Mapping[str, Record],
    by: Actor,
    at: datetime,
) -> Outcome[GatheredFrom]:
    """Take a province's registrations: link each number to its person's account, and tell every province concerned.

    Source:  EA-15, SR-5.2
    Writes:  national.base-information-gathered
    Raises:  NotPermitted, BadInput (malformed), Conflict (the batch is there)
    """
    _check_batch(province, batch, records)
    if {str(each["ref"]) for each in records} != set(persons):
        raise BadInput("batch-malformed", message="报送的名单与身份信息不符。")
    accounts, opened = _accounts_of(persons, at)
    known = _links_of(province, [str(each["number"]) for each in records])
    new, touched = _linked(province, records, accounts, known, at)
    LinkedNumber.objects.bulk_create(new, batch_size=500)
    changed = ["account", "county_code", "major_code", "first_sitting", "state", "note", "gathered_at"]
    LinkedNumber.objects.bulk_update(known.values(), changed, batch_size=500)
    taken = GatheredFrom.objects.create(
        province=province, batch=batch, kind="registrations", count=len(records), opened=opened, linked=len(new),
        renewed=len(known), on_record=on_record, received_at=at,
    )  # fmt: skip
    _answer(taken, records, accounts, at)
    tell_elsewhere(touched, at, but=(province, {str(each["number"]) for each in records}))
    tell_running({account.pk for account in accounts.values()}, province, at)
    facts = {"province": province, "batch": batch, "count": len(records), "opened": opened}
    return Outcome(taken, facts={**facts, "linked": len(new), "renewed": len(known)})


def _linked(
    province: str,
    records: Sequence[Record],
    accounts: Mapping[str, LearningAccount],
    known: Mapping[str, LinkedNumber],
    at: datetime,
) -> tuple[list[LinkedNumber], set[int]]:
    """Each number with its account: the links that are new, and the accounts that are touched."""
    new: list[LinkedNumber] = []
    touched = set()
    for each in records:
        account = accounts[str(each["ref"])]
        link = known.get(str(each["number"])) or LinkedNumber(province=province, admission_number=each["number"])
        if link.pk and link.account_id != account.pk:
            touched.add(link.account_id)
            link.note = "身份信息更正后改并"
        _describe(link, account, each, at)
        touched.add(account.pk)
        new += [] if link.pk else [link]
    return new, touched


@command(writes="national.passes-gathered", clauses=("SR-5.2",), posts=policies.INBOX)
def gather_passes(
    *, province: str, batch: int, on_record: int, records: Sequence[Record], by: Actor, at: datetime
) -> Outcome[GatheredFrom]:
    """Take how many courses candidates of a province have passed.

    Source:  SR-5.2
    Writes:  national.passes-gathered
    Raises:  NotPermitted, BadInput (a number that is not linked), Conflict
    """
    _check_batch(province, batch, records)
    links = _links_of(province, [str(each["number"]) for each in records])
    if len(links) != len(records):
        raise BadInput("number-not-linked", message="有准考证号还没有归集到学习账户。", remedy="请先报送注册信息。")
    for each in records:
        link = links[str(each["number"])]
        link.passes, link.gathered_at = int(each["passes"]), at
    LinkedNumber.objects.bulk_update(links.values(), ["passes", "gathered_at"], batch_size=500)
    taken = GatheredFrom.objects.create(
        province=province, batch=batch, kind="passes", count=len(records), renewed=len(records), on_record=on_record,
        received_at=at,
    )  # fmt: skip
    accounts = [{"ref": each["ref"]} for each in records]
    exchange.send(to=node_of(province), kind="candidates.accounts", body={"batch": batch, "accounts": accounts}, at=at)
    return Outcome(taken, facts={"province": province, "batch": batch, "count": len(records)})


def open_accounts(persons: Sequence[Record], at: datetime, *, by_number: bool = True) -> list[LearningAccount]:
    """New accounts, inside a command; `by_number` false: a separated one, not to be found by its ID number."""
    if not persons:
        return []
    day = local_day(at)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [day.year, len(persons)])
        last = int(cursor.fetchone()[0])
    LEARNING_SERIAL(on=day, serial=last).require()
    ids = new_ids(LearningAccount, len(persons))
    rows = [
        LearningAccount(
            id=row_id,
            number=LEARNING_NUMBER(on=day, serial=last - len(persons) + 1 + place),
            name=person["name"],
            sex=person["sex"],
            born_on=date.fromisoformat(str(person["born"])),
            id_number_sealed=PERSON.seal(str(person["id_number"]), row_id),
            id_number_index=index_of(str(person["id_number"])) if by_number else None,
            opened_at=at,
        )
        for place, (row_id, person) in enumerate(zip(ids, persons, strict=True))
    ]
    return list(LearningAccount.objects.bulk_create(rows, batch_size=500))


def tell_elsewhere(account_ids: Collection[int], at: datetime, *, but: tuple[str, Collection[str]] = ("", ())) -> None:
    """Tell provinces the accounts of their numbers and where else the persons have some; `but` is told already."""
    messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    provinces = _provinces_of(account_ids)
    for link in LinkedNumber.objects.filter(account__in=account_ids).select_related("account"):
        if link.province == but[0] and link.admission_number in but[1]:
            continue
        others = sorted(provinces[link.account_id] - {link.province})
        told = {"number": link.admission_number, "account": link.account.number, "elsewhere": others}
        messages[link.province].append(told)
    for province, numbers in sorted(messages.items()):
        exchange.send(to=node_of(province), kind="candidates.elsewhere", body={"numbers": numbers}, at=at)


def _check_batch(province: str, batch: int, records: Sequence[Record]) -> None:
    if not records or len({str(each["number"]) for each in records}) != len(records):
        raise BadInput("batch-malformed", message="报送的名单是空的，或有重复的准考证号。")
    if GatheredFrom.objects.filter(province=province, batch=batch).exists():
        raise Conflict("batch-there", message=f"第 {batch} 批已经归集。")


def _accounts_of(persons: Mapping[str, Record], at: datetime) -> tuple[dict[str, LearningAccount], int]:
    """The account of each person by reference, old or new; and how many are new."""
    every = {ref: indexes_of(str(person["id_number"])) for ref, person in persons.items()}
    asked = [index for indexes in every.values() for index in indexes]
    rows = LearningAccount.objects.select_for_update(of=("self",)).filter(id_number_index__in=asked)
    known = {bytes(row.id_number_index or b""): row.merged_into or row for row in rows.select_related("merged_into")}
    found = {
        ref: known[hit[0]] for ref, indexes in every.items() if (hit := [each for each in indexes if each in known])
    }
    strangers = {every[ref][0]: person for ref, person in persons.items() if ref not in found}
    opened = dict(zip(strangers, open_accounts(list(strangers.values()), at), strict=True))
    found.update({ref: opened[indexes[0]] for ref, indexes in every.items() if ref not in found})
    return found, len(opened)


def _links_of(province: str, numbers: Iterable[str]) -> dict[str, LinkedNumber]:
    rows = LinkedNumber.objects.select_for_update().filter(province=province, admission_number__in=list(numbers))
    return {row.admission_number: row for row in rows}


def _describe(link: LinkedNumber, account: LearningAccount, told: Record, at: datetime) -> None:
    link.account = account
    link.county_code, link.major_code, link.first_sitting = told["county"], told["major"], told["sitting"]
    link.state = told["state"]
    link.registered_at, link.gathered_at = datetime.fromisoformat(str(told["registered"])), at


def _provinces_of(account_ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for account_id, province in LinkedNumber.objects.filter(account__in=account_ids).values_list("account", "province"):
        found[account_id].add(province)
    return found


def _answer(
    taken: GatheredFrom, records: Sequence[Record], accounts: Mapping[str, LearningAccount], at: datetime
) -> None:
    provinces = _provinces_of([account.pk for account in accounts.values()])
    told = [
        {
            "ref": each["ref"],
            "account": accounts[str(each["ref"])].number,
            "elsewhere": sorted(provinces[accounts[str(each["ref"])].pk] - {taken.province}),
        }
        for each in records
    ]
    body = {"batch": taken.batch, "accounts": told}
    exchange.send(to=node_of(taken.province), kind="candidates.accounts", body=body, at=at)
