"""One approval: what it is, its chain as steps, who is next and since when, what one can do, its history."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import policies, queries, url_of
from zikao.foundation.approvals.models import Approval, Signature
from zikao.foundation.approvals.progress import StepProgress, progress_of, waiting_for, waiting_since
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.pages import Action, Fact, Line, Link, Step, history_of, object_page, staff_page
from zikao.foundation.pages.doors import Doors
from zikao.portals.accounts.queries import agency_names
from zikao.portals.approvals.queries import signers_in_words
from zikao.portals.approvals.views.lists import state_pill

NOT_MINE = "现在轮到“{waiting}”，不是您的岗位。"
OWN = "审批由您提出，不能由您签字。"
SIGNED = "您已经在这一审批中签过字，每人只签一次。"
CLOSED = "这一审批{state}。"


@staff_page(posts=policies.READERS)
def approval_page(request: HttpRequest, actor: Actor, approval_id: int) -> HttpResponse:
    """One approval in its four parts."""
    at = clock.now()
    approval = queries.one_approval(actor, approval_id, at)
    progress = progress_of(approval)
    return object_page(
        request,
        kicker=f"审批 · {approval.law.title}",
        title=approval.title,
        pill=state_pill(approval),
        facts={
            "审批内容": content_facts(approval, actor),
            "依据材料": evidence_facts(approval),
            "签字": signature_facts(approval, progress, at),
        },
        steps=steps(approval, progress),
        actions=_actions(approval, actor, at),
        history=_history(approval),
        back=Link("全部审批", reverse("approvals:all")),
    )


def content_facts(approval: Approval, actor: Actor) -> list[Fact]:
    """What is approved, by whom it was proposed, and what follows."""
    names = agency_names([approval.agency_code])
    where = url_of(approval.subject)
    who = approval.proposed_by.name if approval.proposed_by else "系统自动"
    facts = [
        Fact("事项", approval.law.title, clause=approval.law.clause),
        *([Fact("办理对象", "查看办理对象", "link", href=where)] if Doors(actor).open(where) else []),
        *(Fact(label, value) for label, value in approval.shown),
        Fact("理由", approval.reason),
        Fact("机构", f"{approval.agency_code} {names.get(approval.agency_code, '')}".strip()),
        Fact("提出人", f"{who}（{Post(approval.proposed_as).label}）"),
        Fact("提出时间", approval.proposed_at, "datetime"),
        Fact("签字截止", approval.expires_at, "datetime"),
        Fact("内容摘要", approval.digest_hex, "code", note="提出时固定；内容有任何变化，签批即不适用"),
        Fact("签齐之后", approval.law.effect),
    ]
    if approval.closing_reason:
        label = "不同意的理由" if approval.state == ApprovalState.REFUSED else "撤回的理由"
        facts.append(Fact(label, approval.closing_reason))
    return facts


def evidence_facts(approval: Approval) -> list[Fact]:
    """The papers that the proposal rests on, each to be opened."""
    return [
        Fact(
            f"材料 {number}",
            "打开查看",
            "link",
            href=reverse("approvals:evidence", args=[approval.pk, number]),
            note=f"摘要 {digest[:16]}…",
        )
        for number, digest in enumerate(approval.evidence, 1)
    ]


def signature_facts(approval: Approval, progress: tuple[StepProgress, ...], at: datetime) -> list[Fact]:
    """Each step with who signed and when, or who is to sign and since when it waits."""
    facts = []
    for each in progress:
        facts += [_signed(each, signature) for signature in each.signatures]
        facts += [_refused(each, one) for one in approval.signatures.all() if _refuses(one, each)]
        if not each.is_full and approval.state == ApprovalState.OPEN:
            facts.append(_missing(approval, each, at))
    return facts


def _refuses(signature: Signature, progress: StepProgress) -> bool:
    return signature.step_id == progress.step.pk and signature not in progress.signatures


def person(signature: Signature) -> str:
    """The signer in words: "罗宁（省级考籍负责人）", a delegate with 代 and for whom."""
    post = Post(signature.post).label
    if signature.on_behalf_of is not None:
        return f"{signature.name}（代{post} {signature.on_behalf_of.name}）"
    return f"{signature.name}（{post}）"


def _signed(progress: StepProgress, signature: Signature) -> Fact:
    sealed = f"，加盖“{signature.seal}”" if signature.seal else ""
    remark = f"：{signature.comment}" if signature.comment.strip() not in ("", "同意。", "同意") else ""
    note = f"{_moment(signature.signed_at)} 同意{sealed}{remark}"
    return Fact(progress.step.name, person(signature), clause=progress.step.clause, note=note)


def _refused(progress: StepProgress, signature: Signature) -> Fact:
    note = f"{_moment(signature.signed_at)} 不同意：{signature.comment}"
    return Fact(progress.step.name, person(signature), clause=progress.step.clause, note=note)


def _missing(approval: Approval, progress: StepProgress, at: datetime) -> Fact:
    left = progress.step.how_many - len(progress.signatures)
    who = "；".join(
        f"{signer.words}：{'、'.join(signer.people) or '现在无人在任'}" for signer in signers_in_words(progress, at)
    )
    said = f"待签，自 {_moment(waiting_since(approval))} 等候" if progress.is_turn else "尚未轮到"
    return Fact(progress.step.name, f"{said}（还需 {left} 人）", clause=progress.step.clause, note=who)


def _moment(at: datetime) -> str:
    local = at.astimezone(clock.LOCAL)
    return f"{local:%Y-%m-%d %H:%M}"


def steps(approval: Approval, progress: tuple[StepProgress, ...]) -> list[Step]:
    """The row of steps: proposed, each signature, the end."""
    is_open = approval.state == ApprovalState.OPEN
    row = [Step("提出", "past", approval.proposed_at)]
    for each in progress:
        last = each.signatures[-1].signed_at if each.is_full else None
        row.append(Step(each.step.name, _phase(each, is_open), last))
    end = ApprovalState(approval.state).label if not is_open else "签齐生效"
    row.append(Step(end, "future" if is_open else "present", approval.closed_at))
    return row


def _phase(progress: StepProgress, is_open: bool) -> Literal["past", "present", "future", "off"]:
    if progress.is_full:
        return "past"
    if progress.is_turn:
        return "present"
    return "future" if is_open else "off"


def _actions(approval: Approval, actor: Actor, at: datetime) -> list[Action]:
    where = {"approval_id": approval.pk}
    seat = queries.seat_of(approval, actor, at)
    is_open = approval.state == ApprovalState.OPEN and at < approval.expires_at
    state = ApprovalState(approval.state).label if approval.state != ApprovalState.OPEN else "已过签字截止时间"
    signers = [
        Action("签字同意", "approvals:sign", where, "再次输入密码确认身份，签字后不能更改。"),
        Action("签字不同意", "approvals:refuse", where, "说明理由，审批就此结束。", danger=True),
    ]
    signed = actor.account_id in queries.signed_accounts(approval)
    clause = approval.law.clause
    return [
        *(
            each.open_if(is_open, CLOSED.format(state=state), clause)
            .open_if(actor.account_id != approval.proposed_by_id, OWN, clause)
            .open_if(not signed, SIGNED, clause)
            .open_if(seat is not None, NOT_MINE.format(waiting=waiting_for(progress_of(approval))), clause)
            for each in signers
        ),
        Action("撤回", "approvals:withdraw", where, "说明理由，审批就此结束，可以重新提出。", danger=True)
        .open_if(is_open, CLOSED.format(state=state), clause)
        .open_if(actor.account_id == approval.proposed_by_id, "只有提出人本人可以撤回。"),
        Action("审批登记表", "approvals:sheet", where, "打印全部签字、内容摘要和回执编号，留存三十年以上。"),
    ]


def _history(approval: Approval) -> list[Line]:
    own = history_of(f"approvals.approval:{approval.pk}")
    proposal = [line for line in history_of(approval.subject) if line.facts.get("approval") == approval.pk]
    return [*own, *proposal]
