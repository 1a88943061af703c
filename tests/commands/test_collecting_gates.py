"""Every act that works with scores asks whether its place is in session with enough people (SR-A1.3 to SR-A1.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import collecting as make
from tests.factories import marking, results
from tests.factories.archive import OFFICER, RECORDS_HEAD
from tests.factories.candidates import a_candidate
from zikao.foundation.actors import Actor
from zikao.foundation.errors import Refused
from zikao.foundation.ledger import lines_about
from zikao.foundation.retention.models import Clock, Holding
from zikao.stages.collecting import commands
from zikao.stages.collecting.models import Presence
from zikao.stages.collecting.states import Work
from zikao.stages.marking import commands as marking_commands
from zikao.stages.marking.commands.rulings import Ruling
from zikao.stages.marking.models import DoubtRuling, Mark, MarkingTask, Total
from zikao.stages.results import commands as results_commands
from zikao.stages.results.models import ChangeList
from zikao.stages.results.states import HowObtained

pytestmark = pytest.mark.django_db


def refused(act: Callable[..., object], **given: object) -> str:
    with pytest.raises(Refused) as refusal:
        act(**given)
    return refusal.value.code


def test_scores_are_handed_in_only_at_the_place_by_a_worker_with_enough_people(at: datetime) -> None:
    candidate = a_candidate(at)
    given = {"source": "原考籍系统", "evidence": results.EVIDENCE, "at": at}
    earlier = {"rows": [results.a_row(candidate, "00037")], "by": RECORDS_HEAD, **given}
    thesis = results.a_row(candidate, "00540", None, how=HowObtained.THESIS, grade="良好")
    assessed = {"rows": [thesis], "by": make.CLERK, **given}
    take_over, record = results_commands.take_over_scores, results_commands.record_assessments
    assert [refused(take_over, **earlier), refused(record, **assessed)] == ["round-missing"] * 2
    held = make.a_round(at, None)
    assert refused(take_over, **earlier) == "worker-unvetted"
    people = (OFFICER, RECORDS_HEAD, make.CLERK)
    workers = make.filed_workers(held, people, at, make.PROVINCE_HEAD)
    assert refused(record, **assessed) == "pledge-unsigned"
    for worker, person in zip(workers, people, strict=True):
        commands.sign_pledge(worker_id=worker.pk, by=person, at=at)
    assert refused(take_over, **earlier) == "not-in-session"
    session = make.a_session(held, at, RECORDS_HEAD, work=Work.HAND_IN)
    assert refused(take_over, **earlier) == "too-few-present"
    assert not ChangeList.objects.exists()
    commands.join_session(session_id=session.pk, by=make.CLERK, at=at)
    for done in (take_over(**earlier).value, record(**assessed).value):  # type: ignore[arg-type]
        assert lines_about(done)[0].facts["session"] == session.pk
    assert refused(take_over, **{**earlier, "at": held.ends_at}) == "outside-set-time"


def test_every_act_of_marking_and_totalling_asks_who_is_there(at: datetime) -> None:
    paper = marking.a_paper_in_marking(at, people=1)
    by = marking.marker_actor(1)
    task = marking_commands.next_script(by=by, at=at).value
    assert task is not None
    left = Presence.objects.filter(left_at=None)
    left.exclude(account_id__in=[by.account_id, marking.OPERATOR.account_id]).update(left_at=at)
    acts: list[tuple[Callable[..., object], dict[str, object], Actor]] = [
        (marking_commands.next_script, {}, by),
        (marking_commands.next_script, {}, marking.marker_actor(2)),
        (marking_commands.give_mark, {"task_id": task.pk, "points": Decimal(3)}, by),
        (marking_commands.score_objective, {"paper_id": paper.pk}, marking.OPERATOR),
        (marking_commands.total_scripts, {"paper_id": paper.pk}, marking.REVIEWER),
        (
            marking_commands.propose_data_correction,
            {"paper_id": paper.pk, "batch_number": 1, "card_number": 1, "admission_number": "1", "reason": "x"},
            marking.CLERK,
        ),
    ]
    codes = [refused(act, by=who, at=at, **given) for act, given, who in acts]
    assert codes == [
        "too-few-present", "not-in-session", "too-few-present", "too-few-present", "not-in-session", "not-in-session",
    ]  # fmt: skip
    assert not Mark.objects.exists()
    assert not Total.objects.exists()
    assert MarkingTask.objects.exclude(state="open").count() == 1


def test_a_doubt_is_ruled_on_at_the_marking_place_only(at: datetime) -> None:
    from tests.pages.test_marking import _faint

    doubt = _faint(at)
    marking.at_the_totalling_place(at, doubt.card.paper)
    given = {"rulings": [Ruling(doubt.pk, "A")], "at": at}
    assert refused(marking_commands.resolve_doubts, by=marking.OPERATOR, **given) == "in-another-session"
    assert not DoubtRuling.objects.exists()
    marking_commands.resolve_doubts(by=marking.CLERK, **given)  # type: ignore[arg-type]


def test_video_of_handing_in_is_kept_six_months_from_its_end(at: datetime) -> None:
    session = make.ready_to_hand_in(at)
    given = {"video": "V-9", "pieces": 1, "place": "音像档案室", "keeper": "许慧"}
    ended = commands.end_session(session_id=session.pk, by=OFFICER, at=at, **given).value  # type: ignore[arg-type]
    kept = Holding.objects.get(pk=ended.holding_id)
    assert (kept.kind, kept.matter) == ("hand-in-video", f"collecting.session:{session.pk}")
    assert Clock.objects.get(matter=kept.matter, event="session").started_on == at.date()


def test_the_next_script_costs_one_question_more(at: datetime) -> None:
    marking.a_paper_in_marking(at, people=2)
    by = marking.marker_actor(1)
    marking_commands.next_script(by=by, at=at)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        marking_commands.next_script(by=by, at=at)
    assert sum("collecting_" in each["sql"] for each in asked.captured_queries) == 1
