"""Approvals signed by fitting people, through the commands; a proposal of nothing in particular to try chains with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.factories.accounts import PASSWORD, an_account, appointed
from zikao.foundation import storage
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import commands, propose
from zikao.foundation.approvals.models import Approval
from zikao.foundation.approvals.progress import StepProgress, progress_of
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3

_known: set[str] = set()
"""Hashes of which it is known that they are PASSWORD's: checking takes long by design."""
DIGEST = sm3(canonical({"what": "a thing to approve"}))


@command(writes="approvals.tried", posts=set(Post))
def put_before(*, given: dict[str, Any], by: Actor, at: datetime) -> Outcome[Approval]:
    """Propose as a stage would: inside a command."""
    approval = propose(by=by, at=at, **given)
    return Outcome(approval, facts=approval.facts)


def someone(post: Post, agency_code: str, at: datetime, *, without: Sequence[int] = ()) -> Actor:
    """A person in a post who is none of `without`: found, or appointed for the purpose."""
    found = (
        Account.objects.filter(appointments__post=post.value, appointments__agency_code=agency_code, is_active=True)
        .exclude(pk__in=without)
        .order_by("id")
    )
    for account in found:
        for appointment in account.appointments.filter(post=post.value, agency_code=agency_code):
            actor = actor_of(account, at, appointment.pk)
            if actor is not None and actor.post == post and actor.agency_code == agency_code:
                return actor
    number = Account.objects.filter(username__startswith=f"{post.value}.{agency_code or 'nation'}.s").count() + 1
    account = an_account(at, f"{post.value}.{agency_code or 'nation'}.s{number}", agency_code)
    appointment = appointed(account, post, agency_code, at)
    actor = actor_of(account, at, appointment.pk)
    assert actor is not None
    return actor


def evidence(at: datetime) -> str:
    """The digest of a stored piece of paper."""
    return storage.put("依据材料".encode(), media_type="text/plain", at=at)


def proposal(at: datetime, by: Actor | None = None, **changes: Any) -> Approval:
    """An open score correction that crosses nothing, unless told otherwise."""
    given: dict[str, Any] = {
        "chain": "score-correction",
        "subject": "results.correction:12",
        "digest": DIGEST,
        "title": "成绩更正：一门课程",
        "reason": "合分时漏计一题",
        "agency_code": "32",
        "case": {"crosses_pass": False},
        **changes,
    }
    if given["chain"] == "score-correction":
        given.setdefault("evidence", [evidence(at)])
    return put_before(by=by or someone(Post.RECORDS_CLERK, "32", at), at=at, given=given).value


def proof_of(actor: Actor, at: datetime) -> int:
    """The person's secret shown again."""
    assert actor.account_id is not None
    account = Account.objects.get(pk=actor.account_id)
    if account.password not in _known and not account.check_password(PASSWORD):
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
    _known.add(account.password)
    return reauthenticate(account_id=actor.account_id, secret=PASSWORD, at=at)


def sign(approval: Approval, by: Actor, at: datetime, comment: str = "") -> Approval:
    """One signature, with a fresh proof."""
    return commands.sign_approval(approval_id=approval.pk, proof=proof_of(by, at), comment=comment, by=by, at=at).value


def signer_of(approval: Approval, progress: StepProgress, at: datetime) -> Actor:
    """Somebody who may sign a step: not who proposed or signed, nor from a post that has signed it already."""
    used = {each.account_id for each in approval.signatures.all()} | {approval.proposed_by_id or 0}
    taken = {each.post for each in progress.signatures} if progress.step.another_post else set()
    key = next(each for each in progress.step.signers if each.partition("@")[0] not in taken)
    post, _, agency_code = key.partition("@")
    return someone(Post(post), agency_code or "", at, without=sorted(used))


def sign_all(approval: Approval, at: datetime) -> Approval:
    """Sign a whole chain with fitting people, each a second after the other; returns the approved approval."""
    moment = at
    while True:
        approval = Approval.objects.get(pk=approval.pk)
        if approval.state != ApprovalState.OPEN:
            return approval
        turn = next(each for each in progress_of(approval) if each.is_turn)
        moment += timedelta(seconds=1)
        sign(approval, signer_of(approval, turn, moment), moment)
