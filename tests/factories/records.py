"""Records and certificates of passed courses, made through their commands."""

from __future__ import annotations

from datetime import datetime

from tests.factories.candidates import a_candidate
from tests.factories.results import RECORDS_CLERK, taken_over
from zikao.stages.candidates.models import Candidate
from zikao.stages.records import commands
from zikao.stages.records.models import PassCertificate, Record


def a_record(at: datetime, candidate: Candidate | None = None, courses: tuple[str, ...] = ("00037",)) -> Record:
    """The record of a candidate who has passed these courses in an earlier system."""
    someone = candidate or a_candidate(at)
    taken_over(at, someone, *courses)
    return commands.open_record(candidate_id=someone.pk, by=RECORDS_CLERK, at=at).value


def a_pass_certificate(at: datetime, record: Record | None = None) -> PassCertificate:
    """The certificate of the record's first passed course."""
    held = record or a_record(at)
    return commands.issue_pass_certificate(score_id=held.opened_by_score_id, by=RECORDS_CLERK, at=at).value
