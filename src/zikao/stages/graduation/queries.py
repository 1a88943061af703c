"""Plans and passes as the audit sees them; applications, rosters and certificates."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.graduation.models import Application, GraduationCertificate, Roster
from zikao.stages.graduation.states import ApplicationState
from zikao.stages.results.models import Score
from zikao.stages.results.queries import current_scores


def applications(actor: Actor) -> QuerySet[Application]:
    """The applications in the actor's subtree; a school's clerk sees those of plans it examines."""
    rows = Application.objects.select_related("candidate", "plan__major", "plan__examining_school")
    return scoped(rows, actor).order_by("-batch_on", "candidate__admission_number")


def application(actor: Actor, application_id: int) -> Application:
    """One application; NotFound outside the subtree."""
    rows = Application.objects.select_related("candidate", "plan__major", "plan__examining_school")
    return access(rows, actor, pk=application_id)


def confirmed_without_certificate(batch_on: date) -> QuerySet[Application]:
    """The applications of a batch that every body has approved and that have no certificate yet."""
    return (
        Application.objects.filter(batch_on=batch_on, state=ApplicationState.CONFIRMED, certificate__isnull=True)
        .select_related("candidate", "plan__major", "plan__examining_school")
        .order_by("candidate__admission_number")
    )


def rosters() -> QuerySet[Roster]:
    """All rosters, newest first."""
    return Roster.objects.order_by("-batch_on")


def certificates(actor: Actor) -> QuerySet[GraduationCertificate]:
    """The certificates in the actor's subtree."""
    rows = GraduationCertificate.objects.select_related(
        "application__candidate", "application__plan__major", "application__plan__examining_school"
    )
    return scoped(rows, actor).order_by("number")


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
