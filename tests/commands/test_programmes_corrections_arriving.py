"""Corrections that come before their turn, or to a province that joined late or has not published yet."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import corrections as make
from tests.factories.actors import head
from tests.factories.programmes import SITTING, a_drafted_timetable, the_peer, the_plans, the_timetable_file
from zikao.foundation.errors import Refused, WrongState
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.stages.programmes import commands
from zikao.stages.programmes.models import NationalEdition, Paper

pytestmark = pytest.mark.django_db
HEARD = "programmes.national-timetable-correction"


def unit_of(course: str) -> int:
    return Paper.objects.get(sitting__code=SITTING, course__code=course).unit.number


def test_correction_waits_for_the_timetable_and_for_the_one_before_it(at: datetime) -> None:
    first = make.an_issued_correction(at, {"15044": 2})
    second = make.an_issued_correction(at, {"15044": 3}, dropped=["15040"])
    make.delivered(second)
    assert NationalEdition.objects.get().state == "waiting"
    make.delivered(Outbox.objects.get(kind="programmes.national-timetable"))
    assert unit_of("15044") == 1
    make.delivered(first)
    assert unit_of("15044") == 3
    assert Paper.objects.get(course__code="15040").issued_unit is None
    assert set(NationalEdition.objects.values_list("state", flat=True)) == {"taken"}
    the_plans(at)
    draft = the_timetable_file()
    with pytest.raises(Refused) as refusal:
        commands.draft_timetable(data=draft, by=head(), at=at)
    assert refusal.value.clause == "EA-22.2"


def test_province_that_joined_late_is_sent_the_corrections_too(at: datetime) -> None:
    make.an_issued_correction(at, {"15044": 2})
    the_peer(at, "province:33")
    national.send_timetable_again(sitting_code=SITTING, to=["province:33"], by=make.an_officer(), at=at)
    sent = Outbox.objects.filter(peer__code="province:33").order_by("sequence")
    assert [each.kind for each in sent] == ["programmes.national-timetable", HEARD]
    for each in sent[::-1]:
        make.delivered(each)
    assert unit_of("15044") == 2


def test_draft_is_not_corrected(at: datetime) -> None:
    a_drafted_timetable(at)
    with pytest.raises(WrongState):
        commands.stage_correction(sitting_code=SITTING, data=the_timetable_file(), reason="改", by=head(), at=at)
