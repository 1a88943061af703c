"""Pages of approvals: lists, the object page, signing by the password again, refusal, withdrawal, papers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pymupdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.accounts import PASSWORD, a_member_of_staff, an_account, appointed
from tests.factories.approvals import proposal, sign, sign_all, someone
from zikao.foundation.actors import Post
from zikao.foundation.approvals import commands
from zikao.foundation.approvals.models import Approval, Delegation, JointReview, Signature
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.clock import local_day

pytestmark = pytest.mark.django_db


def the_approval(at: datetime) -> dict[str, Any]:
    return {"approval_id": proposal(at).pk}


def its_evidence(at: datetime) -> dict[str, Any]:
    return {"approval_id": proposal(at).pk, "number": 1}


def a_delegation(at: datetime) -> Delegation:
    head = someone(Post.RECORDS_HEAD, "32", at)
    colleague = an_account(at, "dai.qian", "32")
    appointed(colleague, Post.PROVINCE_CLERK, "32", at)
    today = local_day(at)
    return commands.delegate_signing(
        delegate_id=colleague.pk,
        chain="decision-correction",
        since_on=today,
        until_on=today + timedelta(days=10),
        reason="外出学习",
        by=head,
        at=at,
    ).value


def the_delegation(at: datetime) -> dict[str, Any]:
    return {"delegation_id": a_delegation(at).pk}


def a_review(at: datetime) -> JointReview:
    sign_all(proposal(at, subject="results.correction:50"), at)
    return commands.record_joint_review(
        since_on=local_day(at) - timedelta(days=180),
        until_on=local_day(at),
        inspectors="省纪检监察组 王一、李二",
        findings="手续齐全。",
        by=someone(Post.PROVINCE_HEAD, "32", at),
        at=at,
    ).value


def the_review(at: datetime) -> dict[str, Any]:
    return {"review_id": a_review(at).pk}


def a_review_with_minutes(at: datetime) -> dict[str, Any]:
    review = commands.record_joint_review(
        since_on=local_day(at) - timedelta(days=180),
        until_on=local_day(at),
        inspectors="省纪检监察组 王一、李二",
        findings="手续齐全。",
        minutes=b"%PDF-1.7",
        by=someone(Post.PROVINCE_HEAD, "32", at),
        at=at,
    )
    return {"review_id": review.value.pk}


NOBODY = {"guest": 302, "candidate": 403}
WHO_SIGNS = {**NOBODY, "county-clerk": 200, "auditor@32": 403, "security-admin@32": 403}
ONE = {
    **NOBODY,
    "auditor@32": 200,
    "auditor@33": 404,
    "province-head": 200,
    "records-head@33": 404,
    "county-clerk": 404,
    "system-admin@32": 403,
}
SIGN = {**NOBODY, "auditor@32": 403, "records-head@32": 200, "records-head@33": 404, "county-clerk": 404}
REVIEWS = {**NOBODY, "auditor@32": 200, "province-head": 200, "county-clerk": 403, "system-admin@32": 403}
ROUTES = {
    "approvals:waiting": WHO_SIGNS,
    "approvals:proposed": {**NOBODY, "county-clerk": 200, "system-admin@32": 200},
    "approvals:all": {**NOBODY, "county-clerk": 200, "auditor@32": 200, "system-admin@32": 403},
    "approvals:approval": {"kwargs": the_approval, **ONE},
    "approvals:sheet": {"kwargs": the_approval, **ONE},
    "approvals:evidence": {"kwargs": its_evidence, **ONE},
    "approvals:sign": {"kwargs": the_approval, **SIGN},
    "approvals:refuse": {"kwargs": the_approval, **SIGN},
    "approvals:withdraw": {"kwargs": the_approval, **NOBODY, "records-head@32": 200, "county-clerk": 404},
    "approvals:reviews": REVIEWS,
    "approvals:record-review": {**NOBODY, "province-head": 200, "auditor@32": 403, "county-clerk": 403},
    "approvals:review-list": {**REVIEWS, "auditor@32": 422, "province-head": 422},
    "approvals:review": {"kwargs": the_review, **REVIEWS, "auditor@33": 404},
    "approvals:review-minutes": {"kwargs": a_review_with_minutes, **REVIEWS, "auditor@33": 404},
    "approvals:delegations": {**NOBODY, "county-clerk": 200, "auditor@32": 200, "system-admin@32": 403},
    "approvals:delegate": WHO_SIGNS,
    "approvals:delegation": {"kwargs": the_delegation, **NOBODY, "auditor@32": 200, "auditor@33": 404, "marker": 404},
    "approvals:end-delegation": {"kwargs": the_delegation, **NOBODY, "auditor@32": 403, "marker": 404},
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def page(name: str, approval: Approval, **more: Any) -> str:
    return reverse(f"approvals:{name}", kwargs={"approval_id": approval.pk, **more})


def test_the_page_tells_the_chain_who_is_next_and_what_follows(signed_in, at):
    approval = proposal(at, case={"crosses_pass": True}, shown={"原成绩": "58", "更正为": "61"})
    said = text(signed_in(Post.PROVINCE_HEAD, "32").get(page("approval", approval)))
    told = (
        "复查教师签名",
        "加盖分数复核变更章",
        "58",
        "61",
        approval.digest_hex,
        "签齐之后",
        "自 2026-08-20 10:00 等候",
    )
    for words in told:
        assert words in said
    assert "现在轮到“复查教师签名”，不是您的岗位。" in said


def test_a_signer_shows_the_password_again_and_the_next_step_waits(signed_in, at):
    approval = proposal(at)
    client = signed_in(Post.RECORDS_HEAD, "32")
    assert "待我签批" in text(client.get(reverse("portals:staff-home")))
    wish = {"comment": "同意。", "secret": PASSWORD}
    answer = client.post(page("sign", approval), wish, follow=True)
    assert "已签字，转下一步。" in text(answer)
    assert "您已经在这一审批中签过字" in text(answer)
    assert Signature.objects.get().name == "张三"
    assert PASSWORD not in text(answer)


def test_a_wrong_password_signs_nothing_and_says_so_at_the_field(signed_in, at):
    approval = proposal(at)
    client = signed_in(Post.RECORDS_HEAD, "32")
    answer = client.post(page("sign", approval), {"comment": "同意。", "secret": "bu-shi-zhe-ge"})
    assert answer.status_code == 422
    assert "id_secret" in text(answer)
    assert not Signature.objects.exists()


def test_a_refusal_needs_its_reason_and_ends_the_approval(signed_in, at):
    approval = proposal(at)
    client = signed_in(Post.RECORDS_HEAD, "32")
    assert client.post(page("refuse", approval), {"comment": "", "secret": PASSWORD}).status_code == 422
    answer = client.post(page("refuse", approval), {"comment": "依据不足", "secret": PASSWORD}, follow=True)
    assert "依据不足" in text(answer)
    approval.refresh_from_db()
    assert approval.state == ApprovalState.REFUSED


def test_who_proposed_withdraws_and_nobody_else(signed_in, at):
    client = signed_in(Post.RECORDS_CLERK, "32")
    approval = proposal(at)
    assert text(client.get(reverse("approvals:proposed"))).count("成绩更正") == 1
    assert "审批由您提出，不能由您签字。" in text(client.get(page("approval", approval)))
    answer = client.post(page("withdraw", approval), {"reason": "更正内容写错"}, follow=True)
    assert "已撤回" in text(answer)
    colleague = someone(Post.RECORDS_CLERK, "32", at, without=[approval.proposed_by_id])
    other = proposal(at, subject="results.correction:13", by=colleague)
    assert client.post(page("withdraw", other), {"reason": "不是我的"}).status_code in (403, 404)


def test_evidence_is_opened_as_it_was_attached_and_numbers_outside_are_not_found(signed_in, at):
    approval = proposal(at)
    client = signed_in(Post.AUDITOR, "32")
    answer = client.get(page("evidence", approval, number=1))
    assert answer.content.decode() == "依据材料"
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(page("evidence", approval, number=2)).status_code == 404


def test_the_sheet_holds_every_signature_digest_and_how_long_it_is_kept(signed_in, at):
    approval = sign_all(proposal(at, case={"crosses_pass": True}), at)
    answer = signed_in(Post.AUDITOR, "32").get(page("sheet", approval))
    said = (
        "".join(each.get_text() for each in pymupdf.open(stream=answer.content, filetype="pdf"))
        .replace("\n", "")
        .replace(" ", "")
    )
    told = ("审批登记表", "分数复核变更章", "省级主要负责人审批", approval.digest_hex[:32], "2056年8月20日", "回执")
    for words in told:
        assert words in said


def test_a_delegation_is_made_shown_and_ended(signed_in, at):
    client = signed_in(Post.RECORDS_HEAD, "32")
    colleague = a_member_of_staff(at, Post.PROVINCE_CLERK, "32")
    wish = {
        "delegate_id": colleague.pk,
        "chain": "decision-correction",
        "since_on": "2026-08-20",
        "until_on": "2026-08-30",
        "reason": "外出学习",
    }
    answer = client.post(reverse("approvals:delegate"), wish, follow=True)
    assert "委托已登记" in text(answer)
    end = reverse("approvals:end-delegation", args=[Delegation.objects.get().pk])
    assert "已终止" in text(client.post(end, follow=True))


def test_a_post_that_may_delegate_nothing_is_offered_no_matter(signed_in, at):
    said = text(signed_in(Post.PROVINCE_HEAD, "32").get(reverse("approvals:delegate")))
    assert "已决定事项的更正" not in said


def test_the_list_says_whose_turn_it_is(signed_in, at):
    approval = proposal(at)
    sign(approval, someone(Post.RECORDS_HEAD, "32", at), at)
    said = text(signed_in(Post.PROVINCE_HEAD, "32").get(reverse("approvals:waiting")))
    assert "省级主要负责人审批" in said
    assert "1 / 2" in said


def test_the_joint_review_is_due_recorded_with_its_list_and_due_again_in_six_months(signed_in, at, monkeypatch):
    approval = sign_all(proposal(at, by=None), at)
    auditor = signed_in(Post.AUDITOR, "32")
    assert "下一次应在 2027年2月20日之前。" in text(auditor.get(reverse("approvals:reviews")))
    later = at + timedelta(days=170)
    monkeypatch.setattr("zikao.foundation.clock.now", lambda: later)
    client = signed_in(Post.PROVINCE_HEAD, "32")
    assert "审批登记应会同纪检监察部门审查" in text(client.get(reverse("portals:staff-home")))
    period = {"since_on": "2026-08-01", "until_on": "2027-02-01"}
    pdf = client.get(reverse("approvals:review-list"), period).content
    said = "".join(each.get_text() for each in pymupdf.open(stream=pdf, filetype="pdf")).replace("\n", "")
    assert approval.digest_hex[:16] in said
    wish = {**period, "inspectors": "省纪检监察组 王一、李二", "findings": "手续齐全。"}
    answer = client.post(reverse("approvals:record-review"), wish, follow=True)
    assert "会同审查已登记" in text(answer)
    assert "与现在的登记一致" in text(answer)
    assert JointReview.objects.get().listed == 1
    assert "2027年8月1日" in text(client.get(reverse("approvals:reviews")))


def test_a_review_that_leaves_a_gap_or_was_held_alone_is_refused(signed_in, at):
    a_review(at)
    client = signed_in(Post.RECORDS_HEAD, "32")
    wish = {"since_on": "2026-08-20", "until_on": "2026-08-21", "inspectors": "省纪检监察组", "findings": "齐全"}
    assert "应当在今天" in text(client.post(reverse("approvals:record-review"), wish))
    monkey = {**wish, "minutes": SimpleUploadedFile("m.pdf", b"no pdf")}
    assert "须是 PDF 文件" in text(client.post(reverse("approvals:record-review"), monkey))
    assert JointReview.objects.count() == 1
