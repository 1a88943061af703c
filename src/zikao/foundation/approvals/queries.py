"""Approvals read: those of my subtree, those that wait for me, those I proposed; and as whom I may sign one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from zikao.foundation.access.models import Appointment
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import policies, rules
from zikao.foundation.approvals.models import Approval, Delegation, JointReview, Signature, Step
from zikao.foundation.approvals.progress import StepProgress, progress_of
from zikao.foundation.approvals.states import ApprovalState, Verdict
from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.commands import check_apart, scoped
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import parameter


@dataclass(frozen=True)
class Seat:
    """The place at which an actor may sign an approval now: a step, in whose post, by which delegation."""

    step: Step
    post: str
    agency_code: str
    delegation: Delegation | None = None

    @property
    def key(self) -> str:
        """ "post@agency"."""
        return f"{self.post}@{self.agency_code}"


def visible_to(actor: Actor, at: datetime) -> QuerySet[Approval]:
    """What an actor reads: who watches, all of the subtree; others what they proposed, signed or may have to sign."""
    rows = Approval.objects.select_related("proposed_by").prefetch_related("steps", "signatures")
    if actor.post in policies.WATCHERS:
        return scoped(rows, actor)
    keys = [f"{actor.post.value}@{actor.agency_code}", *delegated_keys(actor, at)]
    concerned = Q(Exists(Step.objects.filter(approval_id=OuterRef("pk"), signers__overlap=keys)))
    if actor.account_id is not None:
        concerned |= Q(proposed_by_id=actor.account_id)
        concerned |= Q(Exists(Signature.objects.filter(approval_id=OuterRef("pk"), account_id=actor.account_id)))
    return rows.filter(concerned)


def one_approval(actor: Actor, approval_id: int, at: datetime) -> Approval:
    """One approval that the actor may read; NotFound elsewhere."""
    found = visible_to(actor, at).filter(pk=approval_id).first()
    if found is None:
        raise NotFound("approval-not-found", message="没有找到这一审批，或者与您的岗位无关。")
    check_apart(actor, found)
    return found


def proposed_by(actor: Actor) -> QuerySet[Approval]:
    """What the actor proposed, in whichever post."""
    mine = Approval.objects.filter(proposed_by_id=actor.account_id, proposed_by__isnull=False)
    return mine.prefetch_related("steps", "signatures")


def open_steps() -> QuerySet[Step]:
    """The steps whose turn it is: not full, and nothing before them waits."""
    agreed = Count("signatures", filter=Q(signatures__verdict=Verdict.AGREED))
    unfilled = Step.objects.annotate(agreed=agreed).filter(agreed__lt=F("how_many"))
    earlier = unfilled.filter(approval_id=OuterRef("approval_id"), order__lt=OuterRef("order"))
    return unfilled.filter(~Exists(earlier), approval__state=ApprovalState.OPEN)


def steps_near(actor: Actor, at: datetime) -> QuerySet[Step]:
    """Where there is none, nothing is `waiting_for` the actor: open steps of their post, any where they stand in."""
    own = Q(signers__contains=[f"{actor.post.value}@{actor.agency_code}"])
    return Step.objects.filter(own | Q(Exists(delegations_to(actor, at))), approval__state=ApprovalState.OPEN)


def waiting_for(actor: Actor, at: datetime) -> QuerySet[Approval]:
    """Open approvals whose turn is the actor's post, that they neither proposed nor signed."""
    if actor.account_id is None:
        return Approval.objects.none()
    keys = [f"{actor.post.value}@{actor.agency_code}", *delegated_keys(actor, at)]
    steps = open_steps().filter(signers__overlap=keys)
    signed = Signature.objects.filter(Q(account_id=actor.account_id) | Q(on_behalf_of_id=actor.account_id))
    return (
        Approval.objects.select_related("proposed_by")
        .prefetch_related("steps", "signatures")
        .filter(pk__in=steps.values("approval_id"), expires_at__gt=at)
        .exclude(proposed_by_id=actor.account_id)
        .exclude(pk__in=signed.values("approval_id"))
    )


def delegations_to(actor: Actor, at: datetime) -> QuerySet[Delegation]:
    """The delegations in effect by which the actor may sign for another whose appointment still stands."""
    on = local_day(at)
    return Delegation.objects.select_related("principal__account").filter(
        Q(principal__until_on__isnull=True) | Q(principal__until_on__gt=on),
        delegate_id=actor.account_id,
        since_on__lte=on,
        until_on__gt=on,
        principal__since_on__lte=on,
        principal__account__is_active=True,
    )


def delegated_keys(actor: Actor, at: datetime) -> list[str]:
    """ "post@agency" of those in whose place the actor may sign."""
    return [f"{each.principal.post}@{each.principal.agency_code}" for each in delegations_to(actor, at)]


def seat_of(approval: Approval, actor: Actor, at: datetime) -> Seat | None:
    """Where the actor may sign now: by their own post before any delegation; None where it is not their turn."""
    turn = [each for each in progress_of(approval) if each.is_turn]
    own = f"{actor.post.value}@{actor.agency_code}"
    for each in turn:
        if own in each.step.signers:
            return Seat(each.step, actor.post.value, actor.agency_code)
    return _delegated_seat(approval, actor, at, turn)


def _delegated_seat(approval: Approval, actor: Actor, at: datetime, turn: list[StepProgress]) -> Seat | None:
    for delegation in delegations_to(actor, at).filter(chain=approval.chain):
        principal = delegation.principal
        for each in turn:
            if f"{principal.post}@{principal.agency_code}" in each.step.signers:
                return Seat(each.step, principal.post, principal.agency_code, delegation)
    return None


def signed_accounts(approval: Approval) -> frozenset[int]:
    """The accounts that have signed, and those in whose place somebody signed."""
    rows = approval.signatures.values_list("account_id", "on_behalf_of_id")
    return frozenset(account for row in rows for account in row if account is not None)


def due_to_expire(at: datetime) -> QuerySet[Approval]:
    """Open approvals whose time is over."""
    return Approval.objects.filter(state=ApprovalState.OPEN, expires_at__lte=at)


def holders(keys: list[str], at: datetime) -> list[Appointment]:
    """Who is appointed now to the posts of some keys ("post@agency")."""
    on = local_day(at)
    wanted = Q()
    for key in keys:
        post, _, agency = key.partition("@")
        wanted |= Q(post=post, agency_code=agency)
    if not keys:
        return []
    standing = Q(until_on__isnull=True) | Q(until_on__gt=on)
    rows = Appointment.objects.select_related("account").filter(wanted, standing, since_on__lte=on)
    return list(rows.filter(account__is_active=True).order_by("account__name"))


def closed_between(actor: Actor, since_on: date, until_on: date) -> list[Approval]:
    """The approvals of the subtree that ended in a period of local days (until exclusive), the oldest first."""
    begin, end = (datetime.combine(day, time(), tzinfo=LOCAL) for day in (since_on, until_on))
    rows = scoped(Approval.objects.select_related("proposed_by"), actor).filter(closed_at__gte=begin, closed_at__lt=end)
    return list(rows.prefetch_related("steps", "signatures").order_by("closed_at", "id"))


def digest_of_list(rows: list[Approval]) -> bytes:
    """What fixes a list of approvals: each with its content's digest, its state and its signatures."""
    return sm3(
        canonical(
            [[each.pk, each.digest_hex, each.state, sorted(one.pk for one in each.signatures.all())] for each in rows]
        )
    )


def reviews(actor: Actor) -> QuerySet[JointReview]:
    """The joint reviews of the subtree, the newest first."""
    return scoped(JointReview.objects.select_related("recorded_by"), actor)


def last_review(actor: Actor) -> JointReview | None:
    """The review of the actor's own agency that reaches furthest."""
    return JointReview.objects.filter(agency_code=actor.agency_code).order_by("-until_on").first()


def review_due_on(actor: Actor, at: datetime) -> date | None:
    """By when the next joint review is due: counted from the last, else from the first approval; None without any."""
    last = last_review(actor)
    begun = last.until_on if last else None
    if begun is None:
        first = (
            scoped(Approval.objects.all(), actor).order_by("proposed_at").values_list("proposed_at", flat=True).first()
        )
        begun = local_day(first) if first else None
    if begun is None:
        return None
    months = int(parameter("joint-review-months").on(local_day(at), province=actor.agency_code[:2]))
    return rules.REVIEW_DUE(on=local_day(at), last_until=begun, months=months)
