"""The demonstration corrects a filed score as people do: a chain of signatures, then three segments."""

from __future__ import annotations

import pytest

from tests.factories.candidates import a_candidate
from tests.factories.collecting import hands_in
from tests.factories.results import EVIDENCE, a_row
from zikao.foundation.approvals.models import Approval
from zikao.stages.results import commands
from zikao.stages.results.models import Correction, Score
from zikao.world.calendar import REGISTRATION
from zikao.world.cast import provincial_roles
from zikao.world.life.archiving import file_scores
from zikao.world.life.context import Life
from zikao.world.life.correcting import correct_scores

pytestmark = pytest.mark.django_db


def test_an_earlier_score_is_put_right_to_the_end(at):
    candidate = a_candidate(at)
    life = Life("32", 100, 1, lambda label, done, total: None)
    life.cast.engage(provincial_roles("32", (), ()), REGISTRATION)
    rows = [a_row(candidate, "00037", 80)]
    by = life.who("records-head", REGISTRATION)
    hands_in(REGISTRATION, by)
    taken = commands.take_over_scores(rows=rows, source="原考籍系统", evidence=EVIDENCE, by=by, at=REGISTRATION)
    file_scores(life, taken.value, REGISTRATION)
    correct_scores(life)
    correction = Correction.objects.get()
    assert correction.state == "filed"
    assert Score.objects.get(supersedes=correction.score).value == 82
    assert Approval.objects.get().state == "approved"
