"""Transfers out and in, made through their commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.factories.archive import filed
from tests.factories.candidates import a_candidate, an_applicant
from tests.factories.programmes import the_peer
from tests.factories.records import a_record
from tests.factories.results import RECORDS_CLERK, RECORDS_HEAD, taken_over
from zikao.foundation.actors import node_actor
from zikao.foundation.clock import LOCAL
from zikao.foundation.crypto import canonical, sm3
from zikao.stages.candidates.models import ID_NUMBER, Candidate
from zikao.stages.results.models import ChangeList
from zikao.stages.results.states import ListKind
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Substitution, Transfer
from zikao.stages.transfers.states import MovingScore, TransferFileData

CLERK, HEAD = RECORDS_CLERK, RECORDS_HEAD
SEPTEMBER = datetime(2026, 9, 10, 10, 0, tzinfo=LOCAL)
INBOX = node_actor("32")
CONFIRMED = {"identity_document": True, "own_admission_card": True, "signed": True}
ELSEWHERE = {
    "destination": "33",
    "destination_admission_number": "020326200001",
    "destination_major": "120402",
    "passes_at_destination": 1,
    "reason": "工作调动",
}


def an_application(at: datetime, candidate: Candidate | None = None, **more: object) -> Transfer:
    """A candidate with a record (two courses passed) applies to leave for 33."""
    someone = candidate or a_candidate(at)
    a_record(at, someone, ("00037", "15040"))
    facts = {**ELSEWHERE, **more}
    return commands.apply_to_leave(candidate_id=someone.pk, by=CLERK, at=at, **facts).value  # type: ignore[arg-type]


def a_confirmed_one(at: datetime) -> Transfer:
    """A transfer out whose candidate has signed."""
    return commands.confirm_leaving(transfer_id=an_application(at).pk, by=CLERK, at=at, **CONFIRMED).value


def an_uploaded_one(at: datetime) -> Transfer:
    """A transfer out whose file is on the platform, in September."""
    the_peer(at)
    return commands.upload_file(transfer_id=a_confirmed_one(at).pk, by=CLERK, at=SEPTEMBER).value


def a_file(candidate: Candidate, *codes: str, **more: object) -> TransferFileData:
    """The electronic file of a candidate of ours who comes from 33 with these courses."""
    data = TransferFileData(
        number=f"3332202609{candidate.admission_number}",
        name=candidate.name,
        sex=candidate.sex,
        born_on=candidate.born_on.isoformat(),
        id_number=ID_NUMBER.text(candidate),
        origin="33",
        origin_admission_number="020326200001",
        destination="32",
        destination_admission_number=candidate.admission_number,
        major_code="050101",
        destination_major_code=candidate.major.code,
        scores=tuple(MovingScore(code, f"课程{code}", 6, "2025-10", "written", 71) for code in codes),
    )
    return replace(data, **more)  # type: ignore[arg-type]


def somebody_arriving(at: datetime, passed: str = "00538") -> Candidate:
    """A candidate of ours who has passed one course here."""
    candidate = a_candidate(at, applicant=an_applicant(at))
    taken_over(at, candidate, passed)
    return candidate


def digest_of(file: TransferFileData) -> str:
    """The digest that the origin made of the file."""
    return sm3(canonical(file.as_dict())).hex()


def a_substitution(at: datetime, from_code: str = "09999", to_code: str = "00540") -> Substitution:
    """A course of elsewhere that counts as one of ours."""
    return commands.publish_substitution(
        from_course_code=from_code,
        to_course_code=to_code,
        since_on=at.date(),
        document="苏教考〔2026〕5号",
        by=HEAD,
        at=at,
    ).value


def a_received_one(at: datetime, *codes: str) -> Transfer:
    """A file from 33 received, with a course of our plan, one that is substituted, one that is nothing here."""
    the_peer(at)
    candidate = somebody_arriving(at)
    a_substitution(at)
    file = a_file(candidate, *(codes or ("00037", "08888", "09999")))
    return commands.receive_file(file=file, digest=digest_of(file), by=INBOX, at=at).value


def a_reviewed_one(at: datetime) -> Transfer:
    """The same, reviewed."""
    return commands.review_file(transfer_id=a_received_one(at).pk, by=CLERK, at=at).value


def a_signed_one(at: datetime) -> Transfer:
    """The same, signed in person; its scores wait for the archive."""
    return commands.complete_transfer(transfer_id=a_reviewed_one(at).pk, by=CLERK, at=at, **CONFIRMED).value


def a_completed_one(at: datetime) -> Transfer:
    """The same, its scores filed."""
    return completed(a_signed_one(at), at)


def completed(transfer: Transfer, at: datetime) -> Transfer:
    """A signed transfer with its scores filed."""
    filed(ChangeList.objects.get(kind=ListKind.TRANSFER, subject=f"transfer:{transfer.pk}"), at)
    transfer.refresh_from_db()
    return transfer
