"""A sitting's scores: collected from their evidence, signed by another person, filed in a window, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, snapshot
from zikao.foundation.errors import Conflict, NotFound
from zikao.foundation.regulation import all_of, parameter
from zikao.foundation.retention.commands import begin_keeping
from zikao.foundation.secrecy.classes import distance, lower_by_publication
from zikao.stages.collecting.queries import at_work
from zikao.stages.collecting.states import Work
from zikao.stages.programmes.models import Sitting
from zikao.stages.results import archive, policies, queries, rules
from zikao.stages.results.commands.filing import locked_list, sign_list
from zikao.stages.results.models import ChangeList, Publication
from zikao.stages.results.states import TRANSITIONS, ListKind, PublicationState

# A seat's score: void where a decision voids the subject, absent where nobody sat, else the marked total.
COLLECT = """
INSERT INTO archive.staged (list_id, line, candidate_id, course_id, sitting_id, sitting_label, how, standing, value,
                            grade, passed, source, evidence, version, recorded_at, agency_code)
SELECT %(list)s, row_number() OVER (ORDER BY entry.candidate_id, paper.course_id),
       entry.candidate_id, paper.course_id, paper.sitting_id, %(label)s, 'written',
       CASE WHEN ruling.entry_id IS NOT NULL THEN 'void' WHEN attended.present THEN 'valid' ELSE 'absent' END,
       CASE WHEN ruling.entry_id IS NULL AND attended.present THEN total.total END, '',
       ruling.entry_id IS NULL AND attended.present AND total.total >= %(pass_mark)s,
       CASE WHEN ruling.entry_id IS NOT NULL THEN '违规处理决定' WHEN attended.present THEN '网上评卷合分'
            ELSE '考场情况记录' END,
       '', 1, %(at)s, entry.agency_code
  FROM seating_seat seat
  JOIN entries_entry entry ON entry.id = seat.entry_id
  JOIN programmes_paper paper ON paper.id = entry.paper_id
  JOIN conduct_attendance attended ON attended.seat_id = seat.id
  LEFT JOIN marking_total total ON total.seat_id = seat.id
  LEFT JOIN (SELECT DISTINCT entry_id FROM violations_voidedentry)
         ruling ON ruling.entry_id = entry.id
 WHERE paper.sitting_id = %(sitting)s
 ORDER BY entry.candidate_id, paper.course_id
"""


@command(
    writes="results.collected",
    clauses=("SR-12", "SR-A1.6", "SR-A1.3", "SR-A1.4", "SR-A1.5", "EA-50"),
    posts=policies.COLLECTORS,
)
def collect_scores(*, sitting: str, by: Actor, at: datetime) -> Outcome[Publication]:
    """Collect the sitting's scores from marking, room records and violation decisions: a list to be signed and filed.

    Only in the round's set time, by a worker who may work, while enough workers are present.

    Source:  SR-12, SR-A1.6, SR-A1.3, SR-A1.4, SR-A1.5, EA-50
    Writes:  results.collected
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    held = _sitting(sitting)
    if Publication.objects.filter(sitting=held).exists():
        raise Conflict("already-collected", message="这一考次的成绩已经采集过。", remedy="请查看成绩公布页面。")
    here = at_work(Work.COLLECTING, by, at, sitting_id=held.pk, hold=True)
    all_of(rules.COLLECTION(on=local_day(at), **queries.evidence_counts(held)), here.decision).require()
    collected = _staged(held, by, at)
    publication = Publication.objects.create(
        sitting=held,
        state=PublicationState.COLLECTED,
        count=collected.count,
        digest=queries.digest_of_scores(held),
        collected_at=at,
        collected_by=by.account_id,
    )
    facts = {"count": publication.count, "digest": publication.digest, "list": collected.pk}
    return Outcome(publication, facts=facts | {"round": here.round_id, "session": here.session_id})


@command(writes="results.approved", clauses=("SR-A1.6", "SR-A1.13", "EA-11.1"), posts=policies.APPROVERS)
def approve_scores(*, sitting: str, by: Actor, at: datetime) -> Outcome[Publication]:
    """Sign off the collected scores, and ask for the window in which exactly they are filed; with no interest in them.

    Source:  SR-A1.6, SR-A1.13, EA-11.1
    Writes:  results.approved
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    publication = _publication(sitting)
    distance(sitting, "未公布的成绩", by=by, at=at).require()
    check_transition(TRANSITIONS, PublicationState(publication.state), PublicationState.APPROVED)
    before = snapshot(publication)
    collected = queries.list_of(publication.sitting)
    window = sign_list(locked_list(collected.pk, by), by, at)
    publication.state, publication.approved_at, publication.approved_by = PublicationState.APPROVED, at, by.account_id
    publication.save(update_fields=["state", "approved_at", "approved_by"])
    return Outcome(publication, before=before, facts={"digest": publication.digest, "window": window.pk})


@archive.when_filed(ListKind.COLLECTION)
def scores_filed(filed: ChangeList, at: datetime) -> None:
    """The sitting's scores stand in the archive: they can be published."""
    publication = Publication.objects.select_for_update().get(sitting__code=filed.subject.removeprefix("sitting:"))
    check_transition(TRANSITIONS, PublicationState(publication.state), PublicationState.FILED)
    publication.state = PublicationState.FILED
    publication.save(update_fields=["state"])


@command(writes="results.published", clauses=("SR-12", "SR-A1.13", "SR-13.1", "EA-42"), posts=policies.PUBLISHERS)
def publish_results(*, sitting: str, by: Actor, at: datetime) -> Outcome[Publication]:
    """Publish the sitting's results: every candidate sees theirs from this instant.

    Source:  SR-12, SR-A1.13, SR-13.1, EA-42
    Writes:  results.published
    Raises:  NotPermitted, NotFound, WrongState
    """
    publication = _publication(sitting)
    check_transition(TRANSITIONS, PublicationState(publication.state), PublicationState.PUBLISHED)
    before = snapshot(publication)
    publication.state, publication.published_at = PublicationState.PUBLISHED, at
    publication.save(update_fields=["state", "published_at"])
    begin_keeping(matter=sitting, agency_code=by.agency_code, by=by, at=at)
    lower_by_publication(sitting, act=f"results.publication:{publication.pk}", by=by, at=at)
    return Outcome(publication, before=before, facts={"count": publication.count, "digest": publication.digest})


def _staged(held: Sitting, by: Actor, at: datetime) -> ChangeList:
    pass_mark = int(parameter("pass-mark").on(local_day(at)))
    opened = archive.open_list(
        ListKind.COLLECTION, f"sitting:{held.code}", f"{held}成绩", agency_code=by.agency_code, by=by, at=at
    )
    facts: dict[str, Any] = {
        "list": opened.pk,
        "label": held.code,
        "pass_mark": pass_mark,
        "at": at,
        "sitting": held.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(COLLECT, facts)
    return archive.finish_list(opened)


def _sitting(code: str) -> Sitting:
    held = Sitting.objects.filter(code=code).first()
    if held is None:
        raise NotFound("sitting-not-found", facts={"sitting": code}, message=f"没有考次 {code}。")
    return held


def _publication(code: str) -> Publication:
    publication = Publication.objects.select_for_update().filter(sitting__code=code).first()
    if publication is None:
        raise NotFound("not-collected", facts={"sitting": code}, message=f"考次 {code} 的成绩还没有采集。")
    return publication
