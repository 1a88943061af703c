"""The person behind an act, and whether they are trained and certified to mark."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access
from zikao.foundation.errors import NotPermitted
from zikao.foundation.regulation import Decision
from zikao.stages.marking.models import Mark, Marker, MarkingTask
from zikao.stages.marking.states import TaskState
from zikao.stages.personnel.models import Certificate, Person
from zikao.stages.personnel.queries import certified, certified_accounts, certified_for
from zikao.stages.personnel.queries.registers import tells_marked
from zikao.stages.personnel.states import Done, PersonKind, PostKind
from zikao.stages.programmes.models import Paper


def account_of(actor: Actor) -> int:
    """The account behind an act in which persons are counted; NotPermitted for anyone without one."""
    if actor.account_id is None:
        raise NotPermitted("no-account", message="这一事项要由本人登录后办理。", remedy="请用本人账号登录后办理。")
    return actor.account_id


def full_time_person(by: Actor) -> Person | None:
    """The full-time member of the exam staff behind an account, if it is one."""
    return Person.objects.filter(account_id=account_of(by), kind=PersonKind.FULL).first()


def may_mark(account_id: int | None, on: date) -> Decision:
    """Whether the person behind an account is trained, assessed and certified as a marker on the day (EA-10)."""
    return certified(account_id, PostKind.MARKER, on)


def to_appoint(by: Actor, on: date) -> list[Certificate]:
    """The certificates of those who may be appointed markers that day: certified, with an account to mark in."""
    held = certified_for(by, (PostKind.MARKER,), on)
    return [each for each in held if each.person.account_id is not None]


def marker_of(by: Actor, marker_id: int) -> Marker:
    """One marker in the actor's subtree. Raises NotFound."""
    return access(Marker.objects.all(), by, pk=marker_id)


def markers_of(paper: Paper, on: date) -> list[tuple[Marker, Certificate | None]]:
    """The markers of a paper, each with the certificate that is valid on the day, if there is one."""
    taken = MarkingTask.objects.filter(
        account_id=OuterRef("account_id"), state=TaskState.TAKEN, question__paper=OuterRef("paper_id")
    )
    rows: QuerySet[Marker] = paper.markers.annotate(in_hand=Exists(taken)).order_by("id")
    held = certified_accounts([each.account_id for each in rows], PostKind.MARKER, on)
    return [(each, held.get(each.account_id)) for each in rows]


@tells_marked
def marked(sitting_code: str) -> list[Done]:
    """How many questions of scripts each registered marker of a sitting marked."""
    rows = Mark.objects.filter(script__paper__sitting__code=sitting_code).order_by("marker_account_id")
    counts = dict(rows.values_list("marker_account_id").annotate(Count("id")))
    people = Person.objects.filter(account_id__in=counts).order_by("id").values_list("pk", "account_id")
    return [Done(person, PostKind.MARKER, counts[account]) for person, account in people if account is not None]
