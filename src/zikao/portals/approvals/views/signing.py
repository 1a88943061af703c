"""Signing, refusing, withdrawing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import commands, policies, queries
from zikao.foundation.approvals.queries import Seat
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.pages import Fact, action, staff_page
from zikao.portals.approvals import forms
from zikao.portals.approvals.views.approval import content_facts, evidence_facts


def _what(actor: Actor, approval_id: int) -> dict[str, Any]:
    """What the signer is shown above the form: in which post they sign, the content, its digest, what follows."""
    at = clock.now()
    approval = queries.one_approval(actor, approval_id, at)
    seat = queries.seat_of(approval, actor, at)
    facts = [_place(seat)] if seat is not None else []
    return {"heading": approval.title, "facts": [*facts, *content_facts(approval, actor), *evidence_facts(approval)]}


def _place(seat: Seat) -> Fact:
    """The step that is signed, in which post, for whom, with which seal."""
    words = f"{seat.step.name}，以“{Post(seat.post).label}”的岗位"
    if seat.delegation is not None:
        words += f"，代 {seat.delegation.principal.account.name} 签字"
    note = f"签字同时加盖“{seat.step.seal}”" if seat.step.seal else ""
    return Fact("您签的步骤", words, clause=seat.step.clause, note=note)


def _done(receipt: Any) -> str:
    if receipt.value.state == ApprovalState.APPROVED:
        return f"已签字。全部签齐：{receipt.value.law.effect}"
    return "已签字，转下一步。"


@staff_page(posts=policies.SIGNERS)
def sign(request: HttpRequest, actor: Actor, approval_id: int) -> HttpResponse:
    """Agree: the secret again, then the signature."""
    page = action(
        commands.sign_approval,
        partial(forms.SigningForm, request=request),
        title="签字同意",
        what="请核对下面的内容再签。签字记入账本，不能更改、不能撤销；每人在一件审批中只签一次。",
        button="签字同意",
        done=_done,
        back="approvals:approval",
        context=_what,
        extra_template="approvals/_what.html",
    )
    return page(request, approval_id=approval_id)


@staff_page(posts=policies.SIGNERS)
def refuse(request: HttpRequest, actor: Actor, approval_id: int) -> HttpResponse:
    """Disagree: the reason, the secret again, then the signature; the approval ends."""
    page = action(
        commands.refuse_approval,
        partial(forms.RefusalForm, request=request),
        title="签字不同意",
        what="审批就此结束，提出人看到您的理由，可以修改后重新提出。",
        danger=True,
        button="签字不同意",
        done="已签字不同意，审批结束。",
        back="approvals:approval",
        context=_what,
        extra_template="approvals/_what.html",
    )
    return page(request, approval_id=approval_id)


withdraw = action(
    commands.withdraw_approval,
    forms.WithdrawalForm,
    title="撤回审批",
    what="审批就此结束，已有的签字保留在登记中；可以修改后重新提出。",
    danger=True,
    button="撤回",
    done="审批已撤回。",
    back="approvals:approval",
    context=_what,
    extra_template="approvals/_what.html",
)
