"""The rehearsed life brings three people together before it collects, and keeps the video after."""

from __future__ import annotations

import pytest

from tests.factories.agencies import a_school
from tests.factories.programmes import a_sitting
from zikao.foundation.commands import all_rows
from zikao.foundation.retention.models import Holding
from zikao.stages.results import queries
from zikao.world.calendar import REGISTRATION, RESULTS_COLLECTED
from zikao.world.cast import provincial_roles
from zikao.world.life.collecting import meet_to_collect, part
from zikao.world.life.context import Life


@pytest.mark.django_db
def test_life_meets_to_collect_and_keeps_the_video():
    life = Life("32", 100, 1, lambda label, done, total: None)
    life.cast.engage(provincial_roles("32", (), ()), REGISTRATION)
    a_school(REGISTRATION)
    sitting = a_sitting(REGISTRATION)
    session = meet_to_collect(life)
    officer = life.who("score-officer", RESULTS_COLLECTED).account_id
    with all_rows("演练核对采集条件"):
        assert queries.may_collect(sitting, officer, RESULTS_COLLECTED).granted
        part(life, session)
        assert Holding.objects.get().kind == "collection-video"
        assert not queries.may_collect(sitting, officer, RESULTS_COLLECTED).granted
