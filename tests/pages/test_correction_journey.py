"""A filed score corrected from its proposal to the archive, each person on their own pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pymupdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD
from tests.factories.approvals import someone
from tests.factories.archive import segments_set, text_of, window_for
from tests.factories.candidates import a_candidate
from tests.factories.results import taken_over
from zikao.foundation.actors import Post
from zikao.foundation.approvals.models import Approval
from zikao.foundation.approvals.states import ApprovalState
from zikao.stages.results.models import Correction, Score
from zikao.stages.results.states import CorrectionState

pytestmark = pytest.mark.django_db
CUSTODIANS = (Post.PROVINCE_HEAD, Post.RECORDS_HEAD, Post.SCORE_OFFICER)
CROSSING = (
    Post.TOTALS_REVIEWER,
    Post.GROUP_LEADER,
    Post.RECORDS_HEAD,
    Post.PROVINCE_HEAD,
    Post.EXAM_AFFAIRS_HEAD,
)
People = dict[Post, Client]


@pytest.fixture
def people(signed_in: Callable[..., Client], at: datetime) -> People:
    """Everyone at their own desk; the three custodians hold their segments."""
    found = {post: signed_in(post, "32") for post in {*CROSSING, *CUSTODIANS, Post.RECORDS_CLERK, Post.AUDITOR}}
    segments_set(at, *(someone(post, "32", at) for post in CUSTODIANS))
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def propose(people: People, score: Score, value: int) -> Correction:
    wish = {
        "standing": "valid",
        "value": str(value),
        "reason": "复查发现漏计一题",
        "evidence": SimpleUploadedFile("f.pdf", b"%PDF-1.7 recheck", content_type="application/pdf"),
    }
    clerk = people[Post.RECORDS_CLERK]
    answer = clerk.post(reverse("results:propose-correction", args=[score.pk]), wish, follow=True)
    assert "已提出，等待逐级签字" in text(answer)
    return Correction.objects.get(score=score)


def sign(people: People, post: Post, correction: Correction) -> Any:
    where = reverse("approvals:sign", args=[correction.approval_id])
    return people[post].post(where, {"comment": "同意。", "secret": PASSWORD}, follow=True)


def file_it(people: People, correction: Correction) -> None:
    window = window_for(correction.list)
    for post in CUSTODIANS:
        where = reverse("results:present", args=[window.pk])
        people[post].post(where, {"segment": text_of(post)}, follow=True)
    people[Post.SCORE_OFFICER].post(reverse("results:file-list", args=[window.pk]), follow=True)
    correction.refresh_from_db()


def test_a_correction_across_the_pass_mark_takes_five_signers_a_seal_and_three_segments(people: People, at: datetime):
    score = taken_over(at, a_candidate(at), "00037", value=58)[0]
    correction = propose(people, score, 61)
    assert correction.crosses_pass
    early = sign(people, Post.PROVINCE_HEAD, correction)
    assert "现在轮到“复查教师签名”签字" in text(early)
    for post in CROSSING[:-1]:
        assert "待我签批" in text(people[post].get(reverse("portals:staff-home")))
        assert "已签字，转下一步" in text(sign(people, post, correction))
        correction.refresh_from_db()
        assert correction.state == CorrectionState.PROPOSED
    assert "全部签齐" in text(sign(people, CROSSING[-1], correction))
    correction.refresh_from_db()
    assert correction.state == CorrectionState.APPROVED
    assert Score.objects.filter(candidate=score.candidate).count() == 1
    file_it(people, correction)
    assert correction.state == CorrectionState.FILED
    new = Score.objects.get(supersedes=score)
    assert (new.version, new.value, new.passed, score.value) == (2, 61, True, 58)
    assert score.evidence != new.evidence == Approval.objects.get(pk=correction.approval_id).evidence[0]
    sheet = people[Post.AUDITOR].get(reverse("approvals:sheet", args=[correction.approval_id]))
    said = "".join(page.get_text() for page in pymupdf.open(stream=sheet.content, filetype="pdf"))
    assert "分数复核变更章" in said.replace("\n", "")


def test_a_correction_that_crosses_nothing_takes_the_two_heads(people: People, at: datetime):
    score = taken_over(at, a_candidate(at), "00037", value=70)[0]
    correction = propose(people, score, 73)
    for post in (Post.RECORDS_HEAD, Post.PROVINCE_HEAD):
        sign(people, post, correction)
    file_it(people, correction)
    assert correction.state == CorrectionState.FILED
    assert Score.objects.get(supersedes=score).value == 73


def test_a_refused_correction_leaves_the_score_and_can_be_proposed_again(people: People, at: datetime):
    score = taken_over(at, a_candidate(at), "00037", value=58)[0]
    correction = propose(people, score, 61)
    where = reverse("approvals:refuse", args=[correction.approval_id])
    people[Post.TOTALS_REVIEWER].post(where, {"comment": "复核无误，不应加分", "secret": PASSWORD})
    correction.refresh_from_db()
    assert correction.state == CorrectionState.REFUSED
    page = text(people[Post.RECORDS_CLERK].get(reverse("approvals:approval", args=[correction.approval_id])))
    assert "复核无误，不应加分" in page
    assert not Score.objects.filter(supersedes=score).exists()
    again = reverse("results:propose-correction", args=[score.pk])
    paper = SimpleUploadedFile("f.pdf", b"%PDF-1.7 more", content_type="application/pdf")
    wish = {"standing": "valid", "value": "60", "reason": "补充依据后再提出", "evidence": paper}
    people[Post.RECORDS_CLERK].post(again, wish)
    newest = Approval.objects.order_by("-id").first()
    assert newest is not None
    assert newest.state == ApprovalState.OPEN
