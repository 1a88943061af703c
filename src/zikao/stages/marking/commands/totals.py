"""The objective part against the signed key, and the totals of a paper once everything is there."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import is_mac_of
from zikao.foundation.errors import WrongState
from zikao.foundation.secrecy.classes import require_access
from zikao.stages.collecting.queries import require_at_work
from zikao.stages.collecting.states import Work
from zikao.stages.marking import policies, rules
from zikao.stages.marking.models import AnswerKey
from zikao.stages.marking.models.keys import ANSWERS
from zikao.stages.marking.queries import objective_count, paper_of, totalling_facts
from zikao.stages.marking.queries.persons import account_of
from zikao.stages.marking.secrets import KEY, SCRIPTS, matter_of
from zikao.stages.marking.states import KeyState
from zikao.stages.programmes.models import Paper

# One pass: a question's letter of the card against the key's; `rules.OBJECTIVE_SCORE` says the same for one card.
_OBJECTIVE = """
INSERT INTO marking_objectivescore (script_id, key_id, points, correct, scored_at, agency_code)
SELECT script.id, %(key_id)s, coalesce(sum(question.max_points), 0), count(question.id), %(at)s, script.agency_code
  FROM marking_script script
  JOIN marking_card card ON card.id = script.card_id AND card.state IN ('read', 'resolved')
  LEFT JOIN marking_question question
    ON question.paper_id = script.paper_id AND question.kind = 'objective'
   AND substr(card.answers, question.number, 1) = substr(%(key)s, question.number, 1)
 WHERE script.paper_id = %(paper)s
   AND NOT EXISTS (SELECT 1 FROM marking_objectivescore there WHERE there.script_id = script.id)
 GROUP BY script.id
"""
# round() of a numeric rounds half away from zero: half up for points, as `rules.COURSE_TOTAL` does.
_TOTAL = """
INSERT INTO marking_total (seat_id, script_id, objective, subjective, total, totalled_at, totalled_by, agency_code)
SELECT script.seat_id, script.id, objective.points, coalesce(written.points, 0),
       round(objective.points + coalesce(written.points, 0)), %(at)s, %(who)s, script.agency_code
  FROM marking_script script
  JOIN marking_objectivescore objective ON objective.script_id = script.id
  LEFT JOIN (SELECT score.script_id, sum(score.points) AS points FROM marking_questionscore score
              GROUP BY score.script_id) written ON written.script_id = script.id
 WHERE script.paper_id = %(paper)s
   AND NOT EXISTS (SELECT 1 FROM marking_total there WHERE there.script_id = script.id)
"""


@command(
    writes="marking.objective-scored",
    clauses=("EA-A9.2.1.3", "EA-A9.2.1.4c", "SR-A1.4", "SR-A1.5"),
    posts=policies.READER_OPERATORS,
)
def score_objective(*, paper_id: int, by: Actor, at: datetime) -> Outcome[Paper]:
    """Score the objective part of all settled cards of a paper against its signed key; may be repeated.

    Source:  EA-A9.2.1.3, EA-A9.2.1.4c, SR-A1.4, SR-A1.5
    Writes:  marking.objective-scored
    Raises:  NotPermitted, NotFound, Refused (not at the totalling place), WrongState (no signed key)
    """
    paper = paper_of(paper_id, lock=True)
    here = require_at_work(Work.TOTALLING, by, at, sitting_id=paper.sitting_id)
    require_access(matter_of(KEY, paper), by=by, at=at)
    key_id, answers = _signed_key(paper) if objective_count(paper) else (None, "")
    with connection.cursor() as cursor:
        cursor.execute(_OBJECTIVE, {"key_id": key_id, "key": answers, "at": at, "paper": paper.pk})
        count = cursor.rowcount
    return Outcome(paper, facts={"count": count, "key": key_id, "session": here.session_id})


def _signed_key(paper: Paper) -> tuple[int, str]:
    key = AnswerKey.objects.filter(paper=paper, state=KeyState.SIGNED).first()
    if key is None:
        raise WrongState(
            "key-unsigned",
            message="本科目的正确选项还没有完成审核签字，不能评分。",
            remedy="请由两名以上审核人（其中一人为省级考务负责人）审核签字。",
            clause="EA-A9.2.1.3",
        )
    answers = ANSWERS.text(key)
    if not is_mac_of(f"answer-key:{paper.pk}:{answers}", bytes.fromhex(key.digest)):
        raise WrongState(
            "key-altered", message="正确选项与签字时不一致，已停止评分。", remedy="请立即报告安全管理员核查。"
        )
    return key.pk, answers


@command(
    writes="marking.totalled",
    clauses=("EA-A9.2.2.3", "EA-41.1", "EA-A9.2.2.7", "SR-A1.4", "SR-A1.5"),
    posts=policies.TOTALLERS,
)
def total_scripts(*, paper_id: int, by: Actor, at: datetime) -> Outcome[Paper]:
    """Add up a paper: only when every card is there and settled and every question marked; rounded at the total.

    Source:  EA-A9.2.2.3, EA-41.1, EA-A9.2.2.7, SR-A1.4, SR-A1.5
    Writes:  marking.totalled
    Raises:  NotPermitted, NotFound, Refused (not at the totalling place; missing, doubtful, set aside, unmarked)
    """
    paper = paper_of(paper_id, lock=True)
    here = require_at_work(Work.TOTALLING, by, at, sitting_id=paper.sitting_id)
    require_access(matter_of(SCRIPTS, paper), by=by, at=at)
    rules.TOTALLING(on=local_day(at), **totalling_facts(paper)).require()
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, {"paper": paper.pk, "at": at, "who": account_of(by)})
        count = cursor.rowcount
    return Outcome(paper, facts={"count": count, "session": here.session_id})
