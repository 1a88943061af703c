"""Records opened, certificates of passed courses issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.candidates.models import Candidate
from zikao.stages.records import policies, rules
from zikao.stages.records.models import PassCertificate, Record
from zikao.stages.records.states import RecordState
from zikao.stages.results.models import Score
from zikao.stages.results.queries import passes_of

OPEN_ALL = """
INSERT INTO records_record (candidate_id, state, opened_at, opened_by_score_id, agency_code)
SELECT passed.candidate_id, 'held', %(at)s, passed.first, candidate.agency_code
  FROM (SELECT score.candidate_id, count(*) AS passes, min(score.id) AS first
          FROM results_score score
          LEFT JOIN results_score later ON later.supersedes_id = score.id
          LEFT JOIN results_publication told ON told.sitting_id = score.sitting_id
         WHERE score.passed AND later.id IS NULL AND (score.sitting_id IS NULL OR told.state = 'published')
         GROUP BY score.candidate_id) passed
  JOIN candidates_candidate candidate ON candidate.id = passed.candidate_id
 WHERE passed.passes >= %(needed)s
   AND candidate.agency_code >= %(lo)s AND candidate.agency_code < %(hi)s
   AND NOT EXISTS (SELECT 1 FROM records_record there WHERE there.candidate_id = passed.candidate_id)
   AND (%(chosen)s::bigint[] IS NULL OR passed.candidate_id = ANY(%(chosen)s))
"""


@command(writes="records.opened", clauses=("SR-8.2",), posts=policies.OPENERS)
def open_record(*, candidate_id: int, by: Actor, at: datetime) -> Outcome[Record]:
    """Open the student record of a candidate with a first passing course.

    Source:  SR-8.2
    Writes:  records.opened
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    candidate = access(Candidate.objects.all(), by, pk=candidate_id)
    if Record.objects.filter(candidate=candidate).exists():
        raise Conflict("record-open", message="该考生的考籍档案已经建立。", remedy="请直接查看已有档案。")
    passes = list(passes_of(candidate_id).order_by("recorded_at", "id"))
    rules.OPENING(on=local_day(at), passes=len(passes)).require()
    record = Record.objects.create(
        candidate=candidate,
        state=RecordState.HELD,
        opened_at=at,
        opened_by_score=passes[0],
        agency_code=candidate.agency_code,
    )
    return Outcome(record, facts={"passes": len(passes)})


@command(writes="records.opened-together", clauses=("SR-8.2",), posts=policies.OPENERS)
def open_records(*, by: Actor, at: datetime) -> Outcome[int]:
    """Open the records of everyone in the actor's subtree who has passed a course and has none yet.

    Source:  SR-8.2
    Writes:  records.opened-together
    Raises:  NotPermitted
    """
    count = _open_together(by, at, None)
    return Outcome(count, on=f"records:{by.agency_code}", facts={"count": count})


@command(writes="records.opened-chosen", clauses=("SR-8.2",), posts=policies.OPENERS)
def open_chosen_records(*, candidate_ids: Sequence[int], by: Actor, at: datetime) -> Outcome[int]:
    """Open the records of the chosen candidates; all of them or none.

    Source:  SR-8.2
    Writes:  records.opened-chosen
    Raises:  NotPermitted, BadInput, Conflict (one has a record, or no published pass, or is not of the subtree)
    """
    if not candidate_ids:
        raise BadInput("nobody-chosen", message="没有选中考生。", remedy="请在名单中勾选要建档的考生。")
    count = _open_together(by, at, sorted(set(candidate_ids)))
    if count != len(set(candidate_ids)):
        missing = len(set(candidate_ids)) - count
        message = f"选中的考生中有 {missing} 名已经建档、没有已公布的合格课程，或者不在本辖区。"
        raise Conflict("not-all-wait", facts={"missing": missing}, message=message, remedy="请刷新名单后重新选择。")
    facts = {"count": count, "candidates": sorted(set(candidate_ids))}
    return Outcome(count, on=f"records:{by.agency_code}", facts=facts)


def _open_together(by: Actor, at: datetime, chosen: list[int] | None) -> int:
    lo, hi = by.scope
    needed = int(parameter("record-opening-passes").on(local_day(at)))
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ALL, {"at": at, "needed": needed, "lo": lo, "hi": hi, "chosen": chosen})
        return int(cursor.rowcount)


@command(writes="records.pass-certificate-issued", clauses=("SR-13.2",), posts=policies.CERTIFIERS)
def issue_pass_certificate(*, score_id: int, by: Actor, at: datetime) -> Outcome[PassCertificate]:
    """Issue the certificate of one passed course (课程合格证).

    Source:  SR-13.2
    Writes:  records.pass-certificate-issued
    Raises:  NotPermitted, NotFound, Refused
    """
    score = access(Score.objects.select_related("course", "candidate"), by, pk=score_id)
    if score.passed and not passes_of(score.candidate_id).filter(pk=score.pk).exists():
        raise NotFound("score-not-in-force", facts={"score": score_id}, message="这条成绩还没有公布，或者已被更正。")
    issued = PassCertificate.objects.filter(score=score).exists()
    rules.PASS_CERTIFICATE(on=local_day(at), passed=score.passed, issued_already=issued).require()
    record = Record.objects.filter(candidate_id=score.candidate_id).first()
    if record is None:
        raise WrongState("record-not-open", message="该考生还没有考籍档案。", remedy="请先建立考籍档案，再签发合格证。")
    certificate = PassCertificate.objects.create(
        record=record,
        score=score,
        number=f"{score.candidate.admission_number}-{score.course.code}",
        issued_at=at,
        agency_code=score.agency_code,
    )
    return Outcome(certificate, facts={"score": score.pk, "number": certificate.number})


@command(writes="records.pass-statement-issued", clauses=("SR-13.3",), posts=policies.CERTIFIERS)
def issue_pass_statement(*, certificate_id: int, reason: str, by: Actor, at: datetime) -> Outcome[PassCertificate]:
    """Issue the statement (课程合格证明) for a lost certificate, which itself is never made again.

    Source:  SR-13.3
    Writes:  records.pass-statement-issued
    Raises:  NotPermitted, NotFound, BadInput
    """
    certificate = access(PassCertificate.objects.select_for_update(), by, pk=certificate_id)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明遗失的情况。"})
    return Outcome(certificate, facts={"number": certificate.number, "reason": reason.strip()})
