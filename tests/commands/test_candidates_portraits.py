"""A picture is looked at once, by whoever checks it first; nobody registers with one that was not looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from tests.factories.actors import COUNTY, clerk
from tests.factories.candidates import a_candidate, an_applicant
from zikao.foundation.errors import BadInput
from zikao.stages.candidates import commands, portraits
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands import portraits as checking
from zikao.stages.candidates.models import Candidate, MeasuredPortrait
from zikao.world import people

pytestmark = pytest.mark.django_db
PICTURE = people.portrait(Random(77))


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pictures that somebody looked at."""
    seen: list[bytes] = []

    def measure(picture: bytes) -> Any:
        seen.append(picture)
        return portraits.measure(picture)

    monkeypatch.setattr(checks, "measure", measure)
    monkeypatch.setattr(checking, "measure", measure)
    return seen


def register(at: datetime, picture: bytes) -> Candidate:
    facts = {"county_code": COUNTY, "sitting_code": "2026-10", "rules_accepted": True}
    receipt = commands.register_candidate(applicant=an_applicant(at, portrait=picture), **facts, by=clerk(), at=at)
    assert receipt.value is not None
    return receipt.value


@pytest.fixture
def _world(at: datetime) -> None:
    a_candidate(at)


@pytest.mark.usefixtures("_world")
def test_picture_that_was_checked_is_not_looked_at_again(at: datetime, looked: list[bytes]) -> None:
    assert commands.check_portrait(picture=PICTURE, at=at).granted
    assert commands.check_portrait(picture=PICTURE, at=at).granted
    register(at, PICTURE)
    assert looked == [PICTURE]


@pytest.mark.usefixtures("_world")
def test_picture_that_nobody_checked_is_looked_at_when_somebody_registers(at: datetime, looked: list[bytes]) -> None:
    assert commands.check_portrait(picture=PICTURE, at=at).granted
    other = PICTURE + b"\0"
    register(at, other)
    assert looked == [PICTURE, other]


@pytest.mark.usefixtures("_world")
def test_picture_that_will_not_do_is_refused_though_it_was_looked_at_before(at: datetime, looked: list[bytes]) -> None:
    blank = people.portrait(Random(78))[:900]
    decision = commands.check_portrait(picture=blank, at=at)
    assert not decision.granted
    with pytest.raises(BadInput) as refused:
        register(at, blank)
    assert set(refused.value.field_errors) == {"portrait"}
    assert len(looked) == 1


@pytest.mark.usefixtures("_world")
def test_what_another_checker_measured_is_not_taken(
    at: datetime, looked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(checking, "checker", lambda: "0" * 32)
        commands.check_portrait(picture=PICTURE, at=at)
    register(at, PICTURE)
    assert looked == [PICTURE, PICTURE]


def test_measurements_are_forgotten_after_their_time(at: datetime) -> None:
    commands.check_portrait(picture=PICTURE, at=at)
    assert commands.forget_portraits(at + checking.KEPT) == 0
    assert commands.forget_portraits(at + checking.KEPT + timedelta(seconds=1)) == 1
    assert not MeasuredPortrait.objects.exists()
