"""Patience after failures: whoever guesses waits longer and longer, and nobody can make somebody else wait.

A try is counted before the password is looked at, so that many tries at once do not slip through; a success takes the
count back. Which counts are kept:

    device    a person at a browser that they have come in with before: their own count, and no other holds them up
    pair      a name at an address
    account   a name from anywhere strange: never stops anybody, but strange addresses then have fewer free tries
    address   an address, whatever the names: stops spraying
    code      the second factor of an account from strange places: only who knows the password can run it up
    again     the secret asked again of somebody who is signed in
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from zikao.foundation.access.models import Tries
from zikao.foundation.access.rules import PATIENCE
from zikao.foundation.access.where import Where, network_of
from zikao.foundation.clock import local_day
from zikao.foundation.crypto import mac_of
from zikao.foundation.regulation import parameter

WATCHING = "account"


@dataclass(frozen=True)
class Wait:
    """How many seconds to wait (0: try now), and whether this is the first refusal of this wait."""

    seconds: int = 0
    first: bool = False

    def __bool__(self) -> bool:
        return self.seconds > 0


@dataclass(frozen=True)
class Counter:
    """What one try counts on: kind and object."""

    kind: str
    key: bytes


def password_counters(username: str, where: Where) -> tuple[Counter, ...]:
    """The counters of a password typed at a door, in the order in which they are locked."""
    if where.known:
        return (_counter("device", username, where.known),)
    place = network_of(where.address)
    return _counter("address", place), _counter(WATCHING, username), _counter("pair", username, place)


def code_counters(username: str, where: Where) -> tuple[Counter, ...]:
    """The counters of a second factor: the password was right already."""
    if where.known:
        return (_counter("device-code", username, where.known),)
    return _counter("address", network_of(where.address)), _counter("code", username)


def again_counters(account_id: int) -> tuple[Counter, ...]:
    """The counter of a secret that is asked again of somebody who is signed in."""
    return (_counter("again", str(account_id)),)


def knock(counters: Iterable[Counter], at: datetime) -> Wait:
    """Count one try, or say how long to wait."""
    with transaction.atomic():
        rows = [_locked(each, at) for each in counters]
        held = [row for row in rows if row.kind != WATCHING and row.until_at is not None and row.until_at > at]
        if held:
            return _refuse(held, at)
        under_attack = any(row.kind == WATCHING and row.failures >= _number("account-alarm", at) for row in rows)
        for row in rows:
            _count(row, at, under_attack=under_attack)
    return Wait()


def waiting(counters: Iterable[Counter], at: datetime) -> Wait:
    """How long somebody has to wait now, without counting a try."""
    rows = [row for each in counters for row in Tries.objects.filter(kind=each.kind, key=each.key)]
    ends = [row.until_at for row in rows if row.kind != WATCHING and row.until_at is not None and row.until_at > at]
    return Wait(_seconds(max(ends), at)) if ends else Wait()


def welcome(counters: Iterable[Counter]) -> None:
    """After a success: what is the person's own begins anew; what they share with others loses only this one try."""
    for each in counters:
        row = Tries.objects.filter(kind=each.kind, key=each.key)
        if each.kind in {WATCHING, "address"}:
            row.filter(failures__gt=0).update(failures=F("failures") - 1)
        else:
            row.delete()


def forget_old(at: datetime) -> int:
    """Drop the counts that no longer hold anybody up; returns how many."""
    long_ago = at - timedelta(minutes=_number("forget", at))
    return Tries.objects.filter(last_at__lt=long_ago).delete()[0]


def _counter(kind: str, *parts: str) -> Counter:
    return Counter(kind, mac_of("\n".join((kind, *parts))))


def _locked(counter: Counter, at: datetime) -> Tries:
    Tries.objects.get_or_create(kind=counter.kind, key=counter.key, defaults={"last_at": at})
    return Tries.objects.select_for_update().get(kind=counter.kind, key=counter.key)


def _refuse(held: list[Tries], at: datetime) -> Wait:
    first = not any(row.told for row in held)
    Tries.objects.filter(pk__in=[row.pk for row in held]).update(told=True)
    return Wait(max(_seconds(row.until_at, at) for row in held if row.until_at is not None), first)


def _count(row: Tries, at: datetime, *, under_attack: bool) -> None:
    old = row.last_at < at - timedelta(minutes=_number("forget", at))
    row.failures = 1 if old else row.failures + 1
    row.last_at, row.told = at, False
    seconds = 0 if row.kind == WATCHING else _patience(row, at, under_attack=under_attack)
    row.until_at = at + timedelta(seconds=seconds) if seconds else None
    row.save()


def _patience(row: Tries, at: datetime, *, under_attack: bool) -> int:
    if row.kind == "address":
        free = _number("address-free", at)
    elif row.kind == "pair" and under_attack:
        free = _number("free-under-attack", at)
    else:
        free = _number("free", at)
    return PATIENCE(on=local_day(at), failures=row.failures, free=free)


def _number(name: str, at: datetime) -> int:
    return int(parameter(f"sign-in-{name}").on(local_day(at)))


def _seconds(until: datetime, at: datetime) -> int:
    return max(1, round((until - at).total_seconds()))
