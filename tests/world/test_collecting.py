"""The rehearsed life brings people together at its places before it works with scores, and keeps the videos after."""

from __future__ import annotations

import pytest

from tests.factories.agencies import a_school
from tests.factories.programmes import a_sitting
from zikao.foundation.commands import all_rows
from zikao.foundation.retention.models import Holding
from zikao.stages.collecting.models import Presence, Session
from zikao.stages.collecting.queries import may_work_here
from zikao.stages.collecting.states import Work
from zikao.world.calendar import MARKING, REGISTRATION, RESULTS_COLLECTED, SCANNING
from zikao.world.cast import provincial_roles
from zikao.world.life import collecting
from zikao.world.life.context import Life

PLACES = (
    (Work.MARKING, collecting.RULERS, "reader", SCANNING),
    (Work.MARKING, ("leader", *collecting.MARKERS), "marker-2", MARKING),
    (Work.TOTALLING, collecting.SCORE_KEEPERS, "totals", MARKING),
    (Work.COLLECTING, collecting.COLLECTORS, "score-officer", RESULTS_COLLECTED),
)


@pytest.mark.django_db
def test_life_hands_in_marks_totals_and_collects_at_its_places():
    life = Life("32", 100, 1, lambda label, done, total: None)
    life.cast.engage(provincial_roles("32", (), ()), REGISTRATION)
    a_school(REGISTRATION)
    sitting = a_sitting(REGISTRATION)
    with all_rows("演练核对采集条件"):
        collecting.prepare_handing_in(life)
        session = collecting.receive(life)
        for username in ("records-head", "records-clerk"):
            assert may_work_here(Work.HAND_IN, life.who(username, REGISTRATION), REGISTRATION).granted
        collecting.part(life, session, "score-officer", REGISTRATION)
        collecting.prepare_sitting(life)
        for work, people, username, at in PLACES:
            session = collecting.meet(life, work, "工作室", people, at)
            by = life.who(username, at)
            assert may_work_here(work, by, at, sitting_id=sitting.pk).granted
            collecting.part(life, session, people[0], at)
            assert not may_work_here(work, by, at, sitting_id=sitting.pk).granted
        kinds = sorted(Holding.objects.values_list("kind", flat=True))
    assert kinds == ["collection-video"] * 4 + ["hand-in-video"]
    assert not Session.objects.filter(ended_at=None).exists()
    assert not Presence.objects.filter(left_at=None).exists()
