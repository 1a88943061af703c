"""Small worlds with something of a candidate in nearly every table, for tests that look at all of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.factories import (
    agencies,
    approvals,
    marking,
    needs,
    personnel,
    queue,
    records,
    registry,
    transfers,
    violations,
)
from tests.factories.actors import clerk
from zikao.foundation.actors import Post
from zikao.stages.candidates import commands as candidates
from zikao.stages.candidates.models import Candidate

WITHOUT = ("security", "monitoring", "medical", "logistics", "secrecy")


def a_world_of_cases(at: datetime) -> None:
    """A sitting seated, a case decided, records, a transfer, certificates registered, a pledge, a suspension,
    and what stands before the register."""
    case = violations.decided(at)
    transfers.a_received_one(at, "00037")
    registry.an_answered_batch(at)
    a_move(case.candidate_id, at)
    records.a_pass_certificate(at)
    a_world_of_staff(at)
    person = Candidate.objects.get(pk=case.candidate_id)
    personnel.a_family_named_by(person, at)
    by = clerk(Post.COUNTY_CLERK, person.agency_code)
    a_world_before_the_register(person, at)
    if not person.pledges.exists():
        candidates.accept_pledge(candidate_id=person.pk, sitting_code="2026-10", by=by, at=at)
    candidates.impose_suspension(
        since_on=date(2027, 1, 1), until_on=date(2028, 1, 1), reference="苏考停〔2026〕1号", candidate_id=person.pk,
        by=clerk(Post.EXAM_AFFAIRS_HEAD, "32"), at=at + timedelta(days=1),
    )  # fmt: skip


def a_move(candidate_id: int, at: datetime) -> None:
    """An application to sit in another prefecture, in a province whose detailed rules ask for one."""
    from tests.factories.agencies import an_area
    from zikao.foundation.regulation.dated import Dated, put_own
    from zikao.stages.transfers.commands import apply_to_move

    an_area(at, "3205")
    put_own({("32", "transfer-within-province"): (Dated(date(2026, 1, 1), True),)})
    by = clerk(Post.RECORDS_CLERK, "32")
    apply_to_move(candidate_id=candidate_id, to_area="3205", reason="调动工作", by=by, at=at)
    put_own({})


def a_world_before_the_register(person: Candidate, at: datetime) -> None:
    """Somebody in the queue; an accommodation, a relative, a correction of the candidate's."""
    queue.in_queue(at, county=person.agency_code)
    needs.an_application(at, person)
    by = approvals.someone(Post.COUNTY_CLERK, person.agency_code, at)
    candidates.declare_relative(candidate_id=person.pk, name="王刚", relation="父亲", by=by, at=at)
    candidates.propose_identity_correction(
        candidate_id=person.pk, changes={"name": "王小芳"}, reason="写错", evidence=b"%PDF-1.7",
        evidence_type="application/pdf", by=by, at=at,
    )  # fmt: skip


def a_world_of_staff(at: datetime) -> None:
    """A site's working groups, a school that supports the examination, a department of student records."""
    agencies.working_groups(at, agencies.a_proposed_site(at), *WITHOUT)
    agencies.a_supporting_school(at)
    agencies.a_record_department(at, staff=1)


def a_world_of_marking(at: datetime) -> None:
    """A paper whose cards were read and whose scripts are being marked."""
    paper = marking.a_paper_in_marking(at)
    marking.mark_everything(at, paper, {11: ["10", "30", "26"], 12: ["5"]})
