"""Corrections of filed scores: proposed with evidence, signed level by level, filed as the next version."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import approvals, archive, results
from tests.factories.actors import clerk
from zikao.foundation.actors import Post
from zikao.foundation.approvals.models import Approval, Signature
from zikao.foundation.errors import NotPermitted, Refused, WrongState, ZikaoError
from zikao.stages.results import commands, queries
from zikao.stages.results.models import ChangeList, FilingWindow, Score
from zikao.stages.results.states import ListState, Standing

pytestmark = pytest.mark.django_db


def test_correction_becomes_the_next_version_and_the_first_stays(at: datetime) -> None:
    correction = results.corrected(at, results.a_correction(at))
    assert correction.state == "filed"
    first, second = Score.objects.filter(candidate_id=correction.score.candidate_id).order_by("version")
    assert [(first.version, first.value), (second.version, second.value)] == [(1, 70), (2, 59)]
    assert bytes(second.previous or b"") == bytes(first.leaf)
    assert list(queries.current_scores()) == [second]
    assert not queries.passes_of(first.candidate_id).exists()
    assert second.evidence == correction.evidence


def test_correction_that_crosses_pass_asks_rechecker_group_leader_and_the_seal(at: datetime) -> None:
    correction = results.corrected(at, results.a_correction(at, 59))
    assert correction.crosses_pass
    signed = list(Signature.objects.filter(approval_id=correction.approval_id).order_by("id"))
    assert [each.post for each in signed] == [
        "totals-reviewer", "group-leader", "records-head", "province-head", "exam-affairs-head",
    ]  # fmt: skip
    assert signed[-1].seal == "分数复核变更章"


def test_correction_that_crosses_nothing_goes_to_the_two_heads_only(at: datetime) -> None:
    correction = results.corrected(at, results.a_correction(at, 71))
    assert not correction.crosses_pass
    posts = Signature.objects.filter(approval_id=correction.approval_id).order_by("id").values_list("post", flat=True)
    assert list(posts) == ["records-head", "province-head"]


def test_nothing_is_filed_before_the_chain_is_signed(at: datetime) -> None:
    correction = results.a_correction(at)
    assert not FilingWindow.objects.filter(list_id=correction.list_id).exists()
    with pytest.raises(WrongState):
        commands.approve_list(list_id=correction.list_id, by=results.PROVINCE_HEAD, at=at)
    assert Score.objects.filter(version=2).count() == 0


def test_refused_correction_leaves_the_score_and_may_be_proposed_again(at: datetime) -> None:
    from zikao.foundation.approvals.commands import refuse_approval

    correction = results.a_correction(at, 71)
    approval = Approval.objects.get(pk=correction.approval_id)
    head = approvals.someone(Post.RECORDS_HEAD, "32", at)
    refuse_approval(approval_id=approval.pk, comment="依据不足", proof=approvals.proof_of(head, at), by=head, at=at)
    correction.refresh_from_db()
    assert correction.state == "refused"
    assert ChangeList.objects.get(pk=correction.list_id).state == ListState.WITHDRAWN
    by = approvals.someone(Post.RECORDS_CLERK, "32", at)
    again = commands.propose_correction(
        score_id=correction.score_id, standing=Standing.VOID, value=None, grade="", reason="再次提出", evidence=b"x",
        evidence_type="text/plain", by=by, at=at,
    ).value  # fmt: skip
    assert again.crosses_pass


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": 70}, "correction-changes-nothing"),
        ({"reason": " "}, "correction-without-reason"),
        ({"evidence": b""}, "correction-without-evidence"),
        ({"value": 101}, "score-out-of-range"),
        ({"value": None}, "score-mark-or-grade"),
        ({"standing": Standing.VOID}, "cancelled-score-has-value"),
    ],
)
def test_correction_is_refused_with_the_reason(change: dict[str, object], code: str, at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        results.a_correction(at, **change)  # type: ignore[arg-type]
    assert code in {found.code for found in refusal.value.findings} if hasattr(refusal.value, "findings") else True
    assert not ChangeList.objects.filter(kind="correction").exists()


def test_replaced_version_is_not_corrected_again(at: datetime) -> None:
    correction = results.corrected(at, results.a_correction(at, 71))
    by = approvals.someone(Post.RECORDS_CLERK, "32", at)
    with pytest.raises(ZikaoError) as refusal:
        commands.propose_correction(
            score_id=correction.score_id, standing=Standing.VALID, value=72, grade="", reason="x", evidence=b"x",
            evidence_type="text/plain", by=by, at=at,
        )  # fmt: skip
    assert refusal.value.code == "score-superseded"


@pytest.mark.parametrize("post", [Post.SCORE_OFFICER, Post.RECORDS_HEAD, Post.PROVINCE_HEAD, Post.COUNTY_CLERK])
def test_other_posts_do_not_propose(post: Post, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        commands.propose_correction(
            score_id=1, standing=Standing.VALID, value=1, grade="", reason="x", evidence=b"x", evidence_type="x",
            by=clerk(post), at=at,
        )  # fmt: skip


def test_correction_shows_what_rests_on_the_score(at: datetime) -> None:
    from zikao.stages.records.commands import issue_pass_certificate, open_record

    correction = results.a_correction(at)
    score = correction.score
    open_record(candidate_id=score.candidate_id, by=results.RECORDS_CLERK, at=at)
    issue_pass_certificate(score_id=score.pk, by=results.RECORDS_CLERK, at=at)
    told = " ".join(each.what for each in queries.consequences_of(score))
    assert "合格证" in told
    assert "考籍档案" in told


def test_lost_segment_is_issued_anew_by_two_signatures_and_three_people(at: datetime) -> None:
    from tests.factories.archive import CUSTODIANS, a_new_segment, presented, segments_set

    people = {person.post: approvals.someone(person.post, "32", at) for person in (*CUSTODIANS, archive.AUDITOR)}
    segments_set(at, *people.values())
    officer = people[Post.SCORE_OFFICER]
    new = a_new_segment(Post.SCORE_OFFICER, "NEW-SEGMENT")
    asked = commands.ask_segment(new=new, reason="纸条遗失", by=officer, at=at).value
    approvals.sign_all(Approval.objects.get(pk=asked.approval_id), at)
    window = FilingWindow.objects.get(kind="segment")
    with pytest.raises(WrongState):
        commands.install_segment(window_id=window.pk, by=people[Post.AUDITOR], at=at)
    for post in (Post.PROVINCE_HEAD, Post.RECORDS_HEAD, Post.AUDITOR):
        presented(window, people[post], at)
    commands.install_segment(window_id=window.pk, by=people[Post.AUDITOR], at=at)
    asked.refresh_from_db()
    assert asked.state == "installed"
    held = queries.list_of(results.approved(at).sitting)
    waiting = archive.window_for(held)
    with pytest.raises(ZikaoError) as refusal:
        presented(waiting, officer, at)
    assert refusal.value.code == "segment-wrong"
    presented(waiting, officer, at, "NEW-SEGMENT")
