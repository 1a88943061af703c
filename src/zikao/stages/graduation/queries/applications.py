"""Plans and passes as the audit sees them; applications, rosters and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger.models import Line as LedgerLine
from zikao.foundation.pages import Line
from zikao.foundation.pages.history import lines_of
from zikao.foundation.regulation import parameter
from zikao.stages.graduation.models import Application, GraduationCertificate, Roster
from zikao.stages.graduation.rules import CompiledAudit
from zikao.stages.graduation.states import ApplicationState
from zikao.stages.records.queries import held_by, plan_fact
from zikao.stages.records.rules import Held
from zikao.stages.results.models import Score
from zikao.stages.results.queries import current_scores

NEAR = ("application__candidate", "application__plan__major", "application__school")


def applications(actor: Actor) -> QuerySet[Application]:
    """The applications in the actor's subtree."""
    rows = Application.objects.select_related("candidate", "plan__major", "school")
    return scoped(rows, actor).order_by("-batch_on", "candidate__admission_number")


def application(actor: Actor, application_id: int) -> Application:
    """One application; NotFound outside the subtree."""
    rows = Application.objects.select_related("candidate", "plan__major", "school")
    return access(rows, actor, pk=application_id)


def confirmed_without_certificate(batch_on: date) -> QuerySet[Application]:
    """The applications of a batch that every body has approved and that have no certificate yet."""
    return (
        Application.objects.filter(batch_on=batch_on, state=ApplicationState.CONFIRMED, certificate__isnull=True)
        .select_related("candidate", "plan__major", "school")
        .order_by("candidate__admission_number")
    )


def rosters() -> QuerySet[Roster]:
    """All rosters, newest first."""
    return Roster.objects.order_by("-batch_on")


def certificates(actor: Actor) -> QuerySet[GraduationCertificate]:
    """The certificates in the actor's subtree."""
    return scoped(GraduationCertificate.objects.select_related(*NEAR), actor).order_by("number")


def certificate(actor: Actor, certificate_id: int) -> GraduationCertificate:
    """One certificate; NotFound outside the subtree."""
    return access(GraduationCertificate.objects.select_related("roster", *NEAR), actor, pk=certificate_id)


def roster(roster_id: int) -> Roster:
    """One roster; NotFound where there is none."""
    found = Roster.objects.filter(pk=roster_id).first()
    if found is None:
        raise NotFound("roster-not-found", message="没有这份毕业生名册。")
    return found


def own_application(candidate_id: int) -> Application | None:
    """The candidate's own newest application."""
    rows = Application.objects.filter(candidate_id=candidate_id).select_related("plan__major", "school")
    return rows.order_by("-submitted_at").first()


def in_state(actor: Actor, *states: ApplicationState) -> QuerySet[Application]:
    """The applications of the subtree that stand in one of these states, the oldest first."""
    return applications(actor).filter(state__in=states).order_by("submitted_at")


def lines_about_application(application: Application) -> list[Line]:
    """The history of an application: its own lines, and those of the decisions over many that named it."""
    own = Q(subject=f"graduation.application:{application.pk}")
    decided = Q()
    for step, at in (
        ("reviewed", application.reviewed_at),
        ("approved", application.approved_at),
        ("confirmed", application.confirmed_at),
    ):
        if at is not None:
            decided |= Q(subject__gte=f"graduation.{step}:", subject__lt=f"graduation.{step};", at=at)
    found = LedgerLine.objects.filter(own | decided if decided else own).order_by("-id")
    mine = [line for line in found if application.pk in line.facts.get("applications", [application.pk])]
    return lines_of(mine)


def certificate_of(candidate_id: int) -> GraduationCertificate | None:
    """The candidate's own newest certificate."""
    rows = GraduationCertificate.objects.filter(application__candidate_id=candidate_id)
    return rows.select_related("application__plan__major").order_by("-issued_on").first()


def applications_by_state(batch_on: date) -> dict[str, int]:
    """How many applications of a batch stand in each state."""
    rows = Application.objects.filter(batch_on=batch_on).order_by().values_list("state").annotate(n=Count("id"))
    return dict(rows)


def passing_scores(candidate_id: int) -> QuerySet[Score]:
    """The passing scores in force of one candidate, for the graduate form."""
    return (
        current_scores()
        .filter(candidate_id=candidate_id, passed=True)
        .select_related("course")
        .order_by("sitting_label", "course__code")
    )


def roster_made(batch_on: date) -> bool:
    """Whether the roster of a batch is frozen, so that nobody can join it any more."""
    return Roster.objects.filter(batch_on=batch_on).exists()


def batches_ahead(on: date, count: int = 3) -> list[date]:
    """The next issue dates that can still be joined: those of the law whose roster is not made yet, soonest first."""
    days = [tuple(map(int, text.split("-"))) for text in parameter("issue-dates").on(on)]
    dates = sorted(date(on.year + year, month, day) for year in range(3) for month, day in days)
    made = set(Roster.objects.filter(batch_on__gte=on).values_list("batch_on", flat=True))
    return [day for day in dates if day >= on and day not in made][:count]


def batches() -> list[date]:
    """The batches that have applications, newest first."""
    rows = Application.objects.order_by("-batch_on").values_list("batch_on", flat=True)
    return list(rows.distinct())


def audited(found: Sequence[Application], on: date) -> dict[int, bool]:
    """Whether each application's candidate still fulfils the plan, by application id."""
    held = held_by(application.candidate_id for application in found)
    plans = {application.plan_id: application.plan for application in found}
    prepared = {pk: CompiledAudit(plan_fact(plan, on), on) for pk, plan in plans.items()}
    return {each.pk: prepared[each.plan_id].grants(held.get(each.candidate_id, Held())) for each in found}
