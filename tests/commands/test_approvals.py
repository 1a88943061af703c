"""Approvals: proposed, signed in order by distinct people, refused, withdrawn, expired; what follows and when."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories.accounts import PASSWORD, an_account, appointed
from tests.factories.actors import clerk as nobodys_account
from tests.factories.approvals import DIGEST, evidence, proof_of, proposal, sign, sign_all, someone
from tests.foundation.test_ledger import committed
from zikao.foundation import ledger
from zikao.foundation.access.models import Account
from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.approvals import (
    approved,
    commands,
    effects,
    queries,
    require_approved,
    when_approved,
    when_refused,
)
from zikao.foundation.approvals.models import Approval, Signature
from zikao.foundation.approvals.progress import progress_of, waiting_for
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState, ZikaoError
from zikao.foundation.regulation.chains import chain

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the registered effects were told, on registers of their own."""
    monkeypatch.setattr(effects, "_approved", {})
    monkeypatch.setattr(effects, "_refused", {})
    told: list[tuple[str, str]] = []

    @when_approved("score-correction")
    def _(approval: Approval, by: Actor, at: datetime) -> None:
        told.append(("approved", by.post.value))

    @when_refused("score-correction")
    def _(approval: Approval, by: Actor, at: datetime) -> None:
        told.append(("came to nothing", approval.state))

    return told


def person(post: Post, at: datetime, agency: str = "32") -> Actor:
    return someone(post, agency, at)


def refuse(approval: Approval, by: Actor, at: datetime, why: str = "依据不足") -> Approval:
    return commands.refuse_approval(approval_id=approval.pk, proof=proof_of(by, at), comment=why, by=by, at=at).value


def withdraw(approval: Approval, by: Actor, at: datetime, why: str = "内容写错") -> Approval:
    return commands.withdraw_approval(approval_id=approval.pk, reason=why, by=by, at=at).value


# --- what a chain asks


@pytest.mark.parametrize(
    ("crosses", "steps"),
    [
        (False, ["考籍管理负责人审核", "省级主要负责人审批"]),
        (True, ["复查教师签名", "评卷组长签名", "考籍管理负责人审核", "省级主要负责人审批", "加盖分数复核变更章"]),
    ],
)
def test_a_correction_asks_for_re_checker_leader_and_seal_only_when_it_crosses_the_pass_mark(at, crosses, steps):
    approval = proposal(at, case={"crosses_pass": crosses})
    assert [each.step.name for each in progress_of(approval)] == steps
    assert waiting_for(progress_of(approval)) == steps[0]


@pytest.mark.parametrize("crosses", [False, True])
def test_a_correction_is_whole_when_all_have_signed(at, crosses, followed):
    approval = sign_all(proposal(at, case={"crosses_pass": crosses}), at)
    assert approval.state == ApprovalState.APPROVED
    signers = list(approval.signatures.values_list("account_id", flat=True))
    assert len(set(signers) | {approval.proposed_by_id}) == (6 if crosses else 3)
    assert [each.seal for each in approval.signatures.all() if each.seal] == (["分数复核变更章"] if crosses else [])
    assert followed == [("approved", "exam-affairs-head" if crosses else "province-head")]
    assert require_approved(chain=approval.chain, subject=approval.subject, digest=DIGEST, at=at) == approval


def test_the_last_signature_and_its_effect_are_one_transaction(at, followed):
    approval = sign(proposal(at), person(Post.RECORDS_HEAD, at), at)

    @when_approved("score-correction")
    def _(approval: Approval, by: Actor, at: datetime) -> None:
        raise WrongState("stage-says-no", message="不行。")

    with pytest.raises(WrongState, match="stage-says-no"):
        sign(approval, person(Post.PROVINCE_HEAD, at), at)
    approval.refresh_from_db()
    assert approval.state == ApprovalState.OPEN
    assert approval.signatures.count() == 1


def test_a_fact_that_decides_the_steps_must_be_given(at):
    with pytest.raises(Exception, match="crosses_pass"):
        proposal(at, case={})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": Post.MARKER}, "approval-proposer-may-not"),
        ({"evidence": []}, "approval-evidence-missing"),
        ({"evidence": ["0" * 64]}, "evidence-not-stored"),
        ({"reason": "  "}, "reason-missing"),
        ({"digest": b"short"}, "bad-digest"),
        ({"agency_code": "32", "chain": "destruction", "case": {}, "by": None}, None),
    ],
)
def test_a_proposal_is_refused_when_it_lacks_what_the_chain_asks(at, change, code):
    if isinstance(change.get("by"), Post):
        change = {**change, "by": person(change["by"], at)}
    if code is None:
        assert proposal(at, **change).state == ApprovalState.OPEN
        return
    with pytest.raises(ZikaoError) as caught:
        proposal(at, **change)
    assert caught.value.code == code
    assert not Approval.objects.exists()


def test_who_has_no_account_proposes_nothing(at):
    with pytest.raises(Refused) as caught:
        proposal(at, by=nobodys_account(Post.RECORDS_CLERK))
    assert caught.value.code == "signer-without-account"


def test_the_same_matter_is_not_before_the_chain_twice(at):
    proposal(at)
    with pytest.raises(Conflict) as caught:
        proposal(at)
    assert caught.value.code == "approval-open"


def test_every_line_carries_the_digest(at):
    approval = sign_all(proposal(at), at)
    lines = ledger.lines_about(f"approvals.approval:{approval.pk}", 10)
    assert [line.command for line in lines].count("approvals.signed") == 2
    assert {line.facts["digest"] for line in lines} == {DIGEST.hex()}
    assert all("SR-A1.8" in line.clauses for line in lines if line.command == "approvals.signed")


# --- who signs, when: each actor at each state of a plain correction


def proposer(approval: Approval, at: datetime) -> Actor:
    account = Account.objects.get(pk=approval.proposed_by_id)
    held = account.appointments.get()
    return Actor(account.name, Post(held.post), held.agency_code, account.pk, held.pk)


ACTORS: dict[str, Callable[[Approval, datetime], Actor]] = {
    "clerk who proposed": proposer,
    "records head": lambda approval, at: person(Post.RECORDS_HEAD, at),
    "province head": lambda approval, at: person(Post.PROVINCE_HEAD, at),
    "score officer": lambda approval, at: person(Post.SCORE_OFFICER, at),
    "province head of 33": lambda approval, at: person(Post.PROVINCE_HEAD, at, "33"),
    "auditor": lambda approval, at: person(Post.AUDITOR, at),
}
STATES: dict[str, Callable[[Approval, datetime], Any]] = {
    "fresh": lambda approval, at: None,
    "head of records signed": lambda approval, at: sign(approval, person(Post.RECORDS_HEAD, at), at),
    "whole": lambda approval, at: sign_all(approval, at),
    "refused": lambda approval, at: refuse(approval, person(Post.RECORDS_HEAD, at), at),
    "withdrawn": lambda approval, at: withdraw(approval, proposer(approval, at), at),
    "out of time": lambda approval, at: None,
}
LATER = {"out of time": MONTH}
SIGNING = {
    ("fresh", "records head"): None,
    ("fresh", "province head"): "approval-not-your-turn",
    ("fresh", "clerk who proposed"): "signer-is-proposer",
    ("head of records signed", "records head"): "signer-signed-already",
    ("head of records signed", "province head"): None,
    ("head of records signed", "clerk who proposed"): "signer-is-proposer",
    **{
        (state, who): "approval-closed"
        for state in ("whole", "refused", "withdrawn")
        for who in ("clerk who proposed", "records head", "province head", "score officer")
    },
    **{
        ("out of time", who): "approval-expired"
        for who in ("clerk who proposed", "records head", "province head", "score officer")
    },
    **{(state, "score officer"): "approval-not-your-turn" for state in ("fresh", "head of records signed")},
    **{(state, "province head of 33"): "not-found" for state in STATES},
    **{(state, "auditor"): "post-may-not" for state in STATES},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("act", [sign, refuse], ids=["sign", "refuse"])
def test_each_actor_signs_in_each_state_as_the_table_says(at, state, who, act):
    approval = proposal(at)
    STATES[state](approval, at)
    when = at + LATER.get(state, timedelta(seconds=10))
    actor = ACTORS[who](approval, when)
    before, code = Signature.objects.count(), SIGNING[state, who]
    if code is None:
        act(approval, actor, when)
        assert Signature.objects.count() == before + 1
        return
    with pytest.raises(ZikaoError) as caught:
        act(approval, actor, when)
    assert caught.value.code == code
    assert caught.value.remedy
    assert Signature.objects.count() == before


WITHDRAWING = {
    "clerk who proposed": {"fresh": None, "head of records signed": None, "out of time": "approval-expired"},
    "records head": dict.fromkeys(("fresh", "head of records signed"), "not-the-proposer"),
    "province head of 33": dict.fromkeys(STATES, "approval-not-found"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WITHDRAWING)
def test_each_actor_withdraws_in_each_state_as_the_table_says(at, state, who):
    approval = proposal(at)
    STATES[state](approval, at)
    when = at + LATER.get(state, timedelta(seconds=10))
    closed = "not-the-proposer" if who == "records head" else "approval-closed"
    code = WITHDRAWING[who].get(state, closed)
    if code is None:
        assert withdraw(approval, ACTORS[who](approval, when), when).state == ApprovalState.WITHDRAWN
        return
    with pytest.raises(ZikaoError) as caught:
        withdraw(approval, ACTORS[who](approval, when), when)
    assert caught.value.code == code


# --- distinct over all posts, proofs, time


def test_one_person_in_two_posts_of_the_chain_signs_once(at):
    head = person(Post.RECORDS_HEAD, at)
    second = appointed(Account.objects.get(pk=head.account_id), Post.PROVINCE_HEAD, "32", at)
    as_head = Actor(head.name, Post.PROVINCE_HEAD, "32", head.account_id, second.pk)
    approval = sign(proposal(at), head, at)
    with pytest.raises(Refused) as caught:
        sign(approval, as_head, at)
    assert caught.value.code == "signer-signed-already"
    assert approval not in queries.waiting_for(as_head, at)


def test_a_proof_signs_one_thing_once_and_soon(at):
    head, approval = person(Post.RECORDS_HEAD, at), proposal(at)
    other = proposal(at, subject="results.correction:13")
    proof = proof_of(head, at)
    late = at + timedelta(minutes=5)
    with pytest.raises(WrongState) as caught:
        commands.sign_approval(approval_id=approval.pk, proof=proof, by=head, at=late)
    assert caught.value.code == "proof-not-fresh"
    commands.sign_approval(approval_id=approval.pk, proof=proof, by=head, at=late - timedelta(seconds=1))
    with pytest.raises(WrongState):
        commands.sign_approval(approval_id=other.pk, proof=proof, by=head, at=at)


def test_anothers_proof_is_no_use(at):
    approval = proposal(at)
    proof = proof_of(person(Post.PROVINCE_HEAD, at), at)
    with pytest.raises(WrongState) as caught:
        commands.sign_approval(approval_id=approval.pk, proof=proof, by=person(Post.RECORDS_HEAD, at), at=at)
    assert caught.value.code == "proof-not-fresh"


def test_a_wrong_secret_proves_nothing_and_guessing_ends(at):
    head = person(Post.RECORDS_HEAD, at)
    proof_of(head, at)
    for _ in range(12):
        with pytest.raises(BadInput):
            reauthenticate(account_id=head.account_id or 0, secret="bu-shi-zhe-ge", at=at)
    with pytest.raises(BadInput):
        reauthenticate(account_id=head.account_id or 0, secret=PASSWORD, at=at)


def test_an_approval_expires_by_the_caretaker_and_its_stage_hears_of_it(at, followed):
    approval = proposal(at)
    assert commands.expire_approvals(at + MONTH - timedelta(seconds=1)) == 0
    assert commands.expire_approvals(at + MONTH) == 1
    approval.refresh_from_db()
    assert approval.state == ApprovalState.EXPIRED
    assert followed == [("came to nothing", "expired")]
    with pytest.raises(WrongState):
        commands.expire_approval(approval_id=approval.pk, by=node_actor(), at=at + MONTH)
    assert commands.expire_approvals(at + MONTH) == 0


def test_a_refusal_and_a_withdrawal_tell_the_stage(at, followed):
    refuse(proposal(at), person(Post.RECORDS_HEAD, at), at)
    again = proposal(at)
    withdraw(again, proposer(again, at), at)
    assert followed == [("came to nothing", "refused"), ("came to nothing", "withdrawn")]


def test_a_refusal_without_a_reason_is_no_refusal(at):
    with pytest.raises(BadInput):
        refuse(proposal(at), person(Post.RECORDS_HEAD, at), at, why=" ")


# --- asking whether it came through


def test_nothing_is_done_upon_an_approval_that_is_not_whole_or_of_something_else(at):
    given = {"chain": "score-correction", "subject": "results.correction:12", "at": at}
    with pytest.raises(WrongState) as never:
        require_approved(digest=DIGEST, **given)
    assert never.value.code == "not-proposed"
    approval = proposal(at)
    with pytest.raises(Refused) as open_still:
        require_approved(digest=DIGEST, **given)
    assert open_still.value.code == "approval-not-whole"
    assert open_still.value.clause == "SR-A1.8"
    assert approved(digest=DIGEST, **given) is None
    sign_all(approval, at)
    with pytest.raises(Refused) as changed:
        require_approved(digest=bytes(32), **given)
    assert changed.value.code == "approval-digest-differs"
    assert approved(digest=DIGEST, **given) == approval


@pytest.mark.parametrize("end", ["refused", "withdrawn"])
def test_what_was_refused_or_withdrawn_is_not_acted_upon(at, end):
    STATES[end](proposal(at), at)
    with pytest.raises(Refused) as caught:
        require_approved(chain="score-correction", subject="results.correction:12", digest=DIGEST, at=at)
    assert caught.value.code == "approval-closed"


def test_a_consultation_lapses_seven_days_after_it_was_approved(at, followed):
    given = {"chain": "record-consultation", "subject": "records.consultation:1"}
    reader = person(Post.COUNTY_CLERK, at, "320102")
    approval = proposal(at, **given, case={}, by=reader, agency_code="320102")
    director = person(Post.AREA_DIRECTOR, at, "3201")
    assert approval in queries.waiting_for(director, at)
    sign(approval, director, at)
    week = at + timedelta(days=7)
    assert require_approved(**given, digest=DIGEST, at=week - timedelta(seconds=1))
    with pytest.raises(Refused) as caught:
        require_approved(**given, digest=DIGEST, at=week)
    assert caught.value.code == "approval-lapsed"


def test_the_director_of_another_prefecture_does_not_sign_a_consultation(at):
    reader = person(Post.COUNTY_CLERK, at, "320102")
    approval = proposal(
        at, chain="record-consultation", subject="records.consultation:1", case={}, by=reader, agency_code="320102"
    )
    stranger = person(Post.AREA_DIRECTOR, at, "3205")
    with pytest.raises(NotFound):
        sign(approval, stranger, at)
    assert approval not in queries.visible_to(stranger, at)


def test_destruction_is_signed_by_two_people_of_two_posts_in_any_sequence(at, followed):
    given = {"chain": "destruction", "subject": "retention.destruction:1", "case": {}}
    first = sign(proposal(at, **given), person(Post.PAPERS_OFFICER, at), at)
    again = someone(Post.PAPERS_OFFICER, "32", at, without=[first.signatures.get().account_id])
    with pytest.raises(Refused) as caught:
        sign(first, again, at)
    assert caught.value.code == "approval-step-another-post"
    assert sign(first, person(Post.EXAM_AFFAIRS_HEAD, at), at).state == ApprovalState.APPROVED


# --- in another's place


def delegated(at: datetime, principal: Actor, chain_name: str = "decision-correction") -> Actor:
    colleague = an_account(at, "dai.qian", "32")
    held = appointed(colleague, Post.PROVINCE_CLERK, "32", at)
    today = local_day(at)
    commands.delegate_signing(
        delegate_id=colleague.pk, chain=chain_name, since_on=today, until_on=today + timedelta(days=7),
        reason="外出学习", by=principal, at=at,
    )  # fmt: skip
    return Actor(colleague.name, Post.PROVINCE_CLERK, "32", colleague.pk, held.pk)


def test_a_delegate_signs_in_anothers_place_and_both_count_as_signers(at):
    head = person(Post.RECORDS_HEAD, at)
    colleague = delegated(at, head)
    approval = proposal(at, chain="decision-correction", subject="records.record:1", case={})
    assert approval in queries.waiting_for(colleague, at)
    signature = sign(approval, colleague, at).signatures.get()
    assert (signature.post, signature.on_behalf_of_id) == ("records-head", head.account_id)
    assert queries.signed_accounts(approval) == {colleague.account_id, head.account_id}
    as_province_head = appointed(Account.objects.get(pk=head.account_id), Post.PROVINCE_HEAD, "32", at)
    with pytest.raises(Refused) as caught:
        sign(approval, Actor(head.name, Post.PROVINCE_HEAD, "32", head.account_id, as_province_head.pk), at)
    assert caught.value.code == "signer-signed-already"


def test_a_delegate_does_not_sign_what_the_person_represented_proposed(at):
    head = person(Post.RECORDS_HEAD, at)
    colleague = delegated(at, head)
    approval = proposal(at, chain="decision-correction", subject="records.record:1", case={}, by=head)
    with pytest.raises(Refused) as caught:
        sign(approval, colleague, at)
    assert caught.value.code == "signer-is-proposer"


def test_a_delegation_ends_with_its_last_day_and_when_it_is_ended(at):
    head = person(Post.RECORDS_HEAD, at)
    colleague = delegated(at, head)
    approval = proposal(at, chain="decision-correction", subject="records.record:1", case={})
    assert queries.seat_of(approval, colleague, at + timedelta(days=6)) is not None
    assert queries.seat_of(approval, colleague, at + timedelta(days=7)) is None
    made = queries.delegations_to(colleague, at).get()
    commands.end_delegation(delegation_id=made.pk, by=head, at=at)
    assert queries.seat_of(approval, colleague, at) is None


@pytest.mark.parametrize("name", ["score-correction", "segment-reissue", "destruction", "export"])
def test_what_the_law_gives_to_a_person_is_not_delegated(at, name):
    with pytest.raises(Refused) as caught:
        delegated(at, person(Post.RECORDS_HEAD, at), name)
    assert caught.value.code == "delegation-not-allowed"


def test_one_delegates_only_to_a_colleague_of_the_same_agency(at):
    stranger = person(Post.COUNTY_CLERK, at, "320102")
    today = local_day(at)
    with pytest.raises(NotFound):
        commands.delegate_signing(
            delegate_id=stranger.account_id or 0, chain="decision-correction", since_on=today,
            until_on=today + timedelta(days=1), reason="外出", by=person(Post.RECORDS_HEAD, at), at=at,
        )  # fmt: skip


# --- two at once


@committed
def test_two_who_sign_one_step_at_once_one_wins_and_the_other_is_told(at):
    approval = proposal(at)
    first = person(Post.RECORDS_HEAD, at)
    second = someone(Post.RECORDS_HEAD, "32", at, without=[first.account_id or 0])
    proofs = {each: proof_of(each, at) for each in (first, second)}
    barrier, told = threading.Barrier(2), []

    def act(by: Actor) -> None:
        barrier.wait()
        try:
            commands.sign_approval(approval_id=approval.pk, proof=proofs[by], by=by, at=at)
            told.append("signed")
        except ZikaoError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[by]) for by in (first, second)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["approval-not-your-turn", "signed"]
    assert Signature.objects.count() == 1


def test_the_chains_are_those_that_the_stages_ask_for():
    wanted = {"score-correction", "segment-reissue", "record-consultation", "export", "destruction"}
    for name in wanted:
        assert chain(name).on(local_day(datetime.fromisoformat("2026-08-20T10:00:00+08:00"))).kept_years == 30
    with pytest.raises(NotPermitted):
        commands.expire_approval(
            approval_id=1,
            by=nobodys_account(Post.RECORDS_HEAD),
            at=datetime.fromisoformat("2026-08-20T10:00:00+08:00"),
        )


def test_evidence_is_stored_before_it_is_proposed(at):
    digest = evidence(at)
    assert proposal(at, evidence=[digest]).evidence == [digest]
