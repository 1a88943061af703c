"""Markers appointed, scripts opened under codes, one script after another marked."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import Conflict, WrongState
from zikao.foundation.regulation import all_of
from zikao.foundation.secrecy.classes import classify, require_access
from zikao.stages.collecting.queries import require_at_work
from zikao.stages.collecting.states import Work
from zikao.stages.marking import policies, rules
from zikao.stages.marking.models import (
    AnswerKey,
    KeySignature,
    Mark,
    Marker,
    MarkingTask,
    Question,
    QuestionScore,
    Script,
)
from zikao.stages.marking.queries import paper_of
from zikao.stages.marking.queries.persons import account_of, may_mark
from zikao.stages.marking.secrets import SCRIPTS, matter_of
from zikao.stages.marking.states import QuestionKind, TaskState
from zikao.stages.personnel.queries import kept_from_secrets
from zikao.stages.programmes.models import Paper

_CODE_DIGITS = 10


@command(
    writes="marking.marker-appointed",
    clauses=("EA-36.1", "EA-36.2", "EA-36.4", "EA-37", "EA-10"),
    posts=policies.MARKER_APPOINTERS,
)
def appoint_marker(
    *,
    paper_id: int,
    account_id: int,
    name: str,
    title: str,
    university_teacher: bool,
    interest: bool,
    secrecy_signed_on: date | None,
    by: Actor,
    at: datetime,
) -> Outcome[Marker]:
    """Appoint a teacher to mark a paper's written questions. `interest`: a relative sits, or another interest, as the
    teacher says; what is on record of them, or not decided yet, counts as well.

    Source:  EA-36.1, EA-36.2, EA-36.4, EA-37, EA-10 (trained, with a certificate valid that day)
    Writes:  marking.marker-appointed
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    paper = paper_of(paper_id)
    if Marker.objects.filter(paper=paper, account_id=account_id).exists():
        raise Conflict("marker-appointed", message="这位评卷员已经聘任到本科目。")
    keys = AnswerKey.objects.filter(paper=paper)
    knows_key = (
        keys.filter(entered_by=account_id).exists()
        or KeySignature.objects.filter(key__in=keys, account_id=account_id).exists()
    )
    conditions = rules.APPOINTMENT(
        on=local_day(at),
        university_teacher=university_teacher,
        title=title,
        subjective=Question.objects.filter(paper=paper, kind=QuestionKind.SUBJECTIVE).exists(),
        interest=interest or not kept_from_secrets(account_id, paper.sitting.code, local_day(at)).granted,
        secrecy_signed_on=secrecy_signed_on,
        knows_key=knows_key,
    )
    all_of(conditions, may_mark(account_id, local_day(at))).require()
    assert secrecy_signed_on is not None
    marker = Marker.objects.create(
        account_id=account_id,
        paper=paper,
        name=name,
        title=title,
        secrecy_signed_on=secrecy_signed_on,
        appointed_at=at,
        agency_code=by.agency_code,
    )
    return Outcome(marker, facts={"paper": paper.pk, "account": account_id})


_OPEN = """
WITH ready AS (
  SELECT card.id, card.seat_id, card.agency_code, row_number() OVER (ORDER BY card.id) AS n
    FROM marking_card card
    JOIN conduct_attendance attended ON attended.seat_id = card.seat_id AND attended.present
   WHERE card.paper_id = %(paper)s AND card.state IN ('read', 'doubtful', 'resolved')
     AND NOT EXISTS (SELECT 1 FROM marking_script there WHERE there.seat_id = card.seat_id)
)
INSERT INTO marking_script (seat_id, card_id, paper_id, code, opened_at, agency_code)
SELECT ready.seat_id, ready.id, %(paper)s, code.code, %(at)s, ready.agency_code
  FROM ready JOIN unnest(%(codes)s::text[]) WITH ORDINALITY AS code (code, n) USING (n)
"""
_TASKS = """
INSERT INTO marking_markingtask (script_id, question_id, round, state, agency_code)
SELECT script.id, question.id, round, 'open', script.agency_code
  FROM marking_script script
  JOIN marking_question question ON question.paper_id = script.paper_id AND question.kind = 'subjective'
  CROSS JOIN LATERAL generate_series(1, CASE WHEN question.double THEN 2 ELSE 1 END) AS round
 WHERE script.paper_id = %(paper)s
 ORDER BY md5(script.code || question.id::text || round::text)
ON CONFLICT DO NOTHING
"""


@command(writes="marking.scripts-opened", clauses=("EA-38.1", "EA-A9.2.2.4"), posts=policies.READER_OPERATORS)
def open_scripts(*, paper_id: int, by: Actor, at: datetime) -> Outcome[Paper]:
    """Open the scripts of a paper's present candidates for marking, each under a random code; may be repeated.

    Source:  EA-38.1 (blind marking), EA-A9.2.2.4
    Writes:  marking.scripts-opened
    Raises:  NotPermitted, NotFound, WrongState (no questions registered)
    """
    paper = paper_of(paper_id, lock=True)
    if not Question.objects.filter(paper=paper).exists():
        raise WrongState("no-questions", message="本科目还没有登记试题，不能开始评卷。")
    require_access(matter_of(SCRIPTS, paper), by=by, at=at)
    classify(matter_of(SCRIPTS, paper), title=str(paper), national=paper.national, at=at)
    waiting = paper.cards.filter(seat__isnull=False, script__isnull=True).count()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"paper": paper.pk, "at": at, "codes": _fresh_codes(waiting)})
        opened = cursor.rowcount
        cursor.execute(_TASKS, {"paper": paper.pk})
        tasks = cursor.rowcount
    return Outcome(paper, facts={"scripts": opened, "tasks": tasks})


def _fresh_codes(count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}d}" for _ in range(count - len(codes))}
        codes |= drawn - set(Script.objects.filter(code__in=drawn).values_list("code", flat=True))
    return list(codes)


@command(
    writes="marking.script-taken",
    clauses=("EA-4.2", "EA-10", "EA-11.1", "EA-38.1", "EA-A9.2.2.4", "SR-A1.4", "SR-A1.5"),
    posts=policies.MARKERS,
)
def next_script(*, by: Actor, at: datetime) -> Outcome[MarkingTask | None]:
    """Give the marker the next script to mark, or the one already in hand; None when nothing waits.

    No marker gets the same question of a script twice, and no two get the same task. Only of the sitting in whose
    marking place they are signed in, while enough people are present there, certified as a marker that day.

    Source:  EA-10, EA-38.1, EA-A9.2.2.4, SR-A1.4, SR-A1.5
    Writes:  marking.script-taken
    Raises:  NotPermitted, Refused
    """
    tasks = MarkingTask.objects.select_related("script", "question__paper__course", "question__paper__sitting")
    in_hand = tasks.filter(account_id=account_of(by), state=TaskState.TAKEN).first()
    here = require_at_work(
        Work.MARKING, by, at, sitting_id=in_hand.question.paper.sitting_id if in_hand is not None else None
    )
    may_mark(by.account_id, local_day(at)).require()
    if in_hand is not None:
        return Outcome(in_hand, facts={"again": True, "session": here.session_id})
    papers = Marker.objects.filter(account_id=account_of(by), paper__sitting=here.sitting_id).values("paper_id")
    mine = MarkingTask.objects.filter(account_id=account_of(by))
    lo, hi = by.scope
    free = (
        tasks.filter(state=TaskState.OPEN, question__paper_id__in=papers, agency_code__gte=lo, agency_code__lt=hi)
        .extra(
            where=[
                "NOT EXISTS (SELECT 1 FROM marking_markingtask own WHERE own.script_id = marking_markingtask.script_id"
                " AND own.question_id = marking_markingtask.question_id AND own.account_id = %s)"
            ],
            params=[by.account_id],
        )
        .order_by("-round", "id")
        .select_for_update(of=("self",), skip_locked=True)
    )
    task = free.first()
    if task is None:
        return Outcome(None, on=f"access.account:{account_of(by)}", facts={"waiting": 0, "marked": mine.count()})
    require_access(matter_of(SCRIPTS, task.question.paper), by=by, at=at)
    task.state, task.account_id, task.taken_at = TaskState.TAKEN, account_of(by), at
    task.save(update_fields=["state", "account_id", "taken_at"])
    facts = {"script": task.script_id, "question": task.question_id, "round": task.round, "session": here.session_id}
    return Outcome(task, facts=facts)


@command(
    writes="marking.mark-given",
    clauses=("EA-10", "EA-A9.2.2.2", "EA-A9.2.2.3", "EA-A9.2.2.4", "SR-A1.4", "SR-A1.5"),
    posts=policies.MARKERS,
)
def give_mark(*, task_id: int, points: Decimal, by: Actor, at: datetime, key: str | None = None) -> Outcome[Mark]:
    """Give points earned for the question in hand. The mark is fixed; beyond the threshold a third marker is asked.

    Source:  EA-10, EA-A9.2.2.2, EA-A9.2.2.3, EA-A9.2.2.4, SR-A1.4, SR-A1.5
    Writes:  marking.mark-given
    Raises:  NotPermitted, NotFound (not this marker's), WrongState, Refused
    """
    task = _in_hand(task_id, by)
    script, question, day = task.script, task.question, local_day(at)
    here = require_at_work(Work.MARKING, by, at, sitting_id=question.paper.sitting_id)
    require_access(matter_of(SCRIPTS, question.paper), by=by, at=at)
    may_mark(by.account_id, day).require()
    marks = list(Mark.objects.filter(script=script, question=question).order_by("round"))
    rules.MARKING(
        on=day,
        marker=by.account_id,
        marked_by=frozenset(mark.marker_account_id for mark in marks),
        appointed=Marker.objects.filter(account_id=account_of(by), paper_id=question.paper_id).exists(),
    ).require()
    rules.POINTS(on=day, points=points, most=question.max_points).require()
    mark = Mark.objects.create(
        script=script,
        question=question,
        marker_account_id=account_of(by),
        round=task.round,
        points=points,
        marked_at=at,
        seconds=max(0, int((at - (task.taken_at or at)).total_seconds())),
        agency_code=script.agency_code,
    )
    task.state = TaskState.DONE
    task.save(update_fields=["state"])
    scored = _score_question(script, question, sorted((*marks, mark), key=lambda each: each.round), by, at)
    facts = {"question": question.number, "round": task.round, "scored": scored, "session": here.session_id}
    return Outcome(mark, on=script, facts=facts)


def _in_hand(task_id: int, by: Actor) -> MarkingTask:
    rows = MarkingTask.objects.select_related("script", "question__paper__course", "question__paper__sitting")
    rows = rows.filter(account_id=account_of(by))
    task = access(rows, by, pk=task_id)
    # All marks of one question of one script wait on one another: the second of two sees the first.
    Script.objects.select_for_update().get(pk=task.script_id)
    task.refresh_from_db(fields=["state"])
    if task.state != TaskState.TAKEN:
        raise WrongState("marked-before", message="这份答卷的这道题您已经评过，分数不能改动。", remedy="请领取下一份。")
    return task


def _score_question(script: Script, question: Question, marks: list[Mark], by: Actor, at: datetime) -> bool:
    """Set the question's score, or ask for the third marker when two differ too much."""
    if question.double and [mark.round for mark in marks[:2]] != [1, 2]:
        return False
    score = rules.QUESTION_SCORE(
        on=local_day(at),
        marks=[mark.points for mark in marks],
        double=question.double,
        threshold=question.threshold,
        province=by.agency_code[:2] or None,
    )
    common = {"script": script, "question": question, "agency_code": script.agency_code}
    if score is not None:
        QuestionScore.objects.create(points=score, rounds=len(marks), scored_at=at, **common)
    elif len(marks) == 2:
        MarkingTask.objects.create(round=3, **common)
    return score is not None
