"""What the pages of approvals show: the chain in words, who is next, who could be delegated to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import queries
from zikao.foundation.approvals.models import Approval, Delegation
from zikao.foundation.approvals.progress import StepProgress, progress_of
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.clock import local_day
from zikao.foundation.commands import scoped
from zikao.foundation.regulation.chains import chains
from zikao.portals.accounts.queries import agency_names


@dataclass(frozen=True)
class Signer:
    """A post of an agency that may sign, in words, with those who hold it now."""

    words: str
    people: tuple[str, ...]


def signers_in_words(progress: StepProgress, at: datetime) -> list[Signer]:
    """Who may sign a step: "省级主要负责人（32 示例省…）", and the names of those appointed."""
    keys = [each.partition("@")[::2] for each in progress.step.signers]
    names = agency_names(code for _, code in keys)
    held: dict[tuple[str, str], list[str]] = {}
    for one in queries.holders(list(progress.step.signers), at):
        held.setdefault((one.post, one.agency_code), []).append(one.account.name)
    return [
        Signer(f"{Post(post).label}（{names.get(code) or code}）", tuple(held.get((post, code), ())))
        for post, code in keys
    ]


def next_in_words(approval: Approval) -> str:
    """Whose turn it is, for a list: "省级主要负责人审批"; empty where it is closed."""
    turn = [each.step.name for each in progress_of(approval) if each.is_turn]
    return "、".join(turn) if approval.state == ApprovalState.OPEN else ""


def signed_in_words(approval: Approval) -> str:
    """How many of the signatures are there: "1 / 2"."""
    progress = progress_of(approval)
    return f"{sum(len(each.signatures) for each in progress)} / {sum(each.step.how_many for each in progress)}"


def delegations(actor: Actor) -> QuerySet[Delegation]:
    """The delegations made by or to the actor; who audits sees those of the subtree."""
    rows = Delegation.objects.select_related("principal__account", "delegate")
    if actor.post == Post.AUDITOR:
        return scoped(rows, actor)
    return rows.filter(Q(principal__account_id=actor.account_id) | Q(delegate_id=actor.account_id))


def colleagues(actor: Actor, on: date) -> list[Account]:
    """Who may be asked to sign in the actor's place: the staff in post of the same agency, but oneself."""
    standing = Q(appointments__until_on__isnull=True) | Q(appointments__until_on__gt=on)
    found = Account.objects.filter(standing, agency_code=actor.agency_code, appointments__since_on__lte=on)
    return list(found.filter(is_active=True).exclude(pk=actor.account_id or 0).distinct().order_by("name"))


def chains_to_delegate(actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """The chains in which a step of the actor's post may be delegated today."""
    on = local_day(at)
    return [
        (chain.name, chain.title)
        for chain in chains()
        if any(step.delegable and actor.post in step.posts for step in chain.on(on).steps)
    ]
