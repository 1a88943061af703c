"""Applications, decisions, rosters and certificates, made through their commands."""

from __future__ import annotations

from datetime import date, datetime

from tests.factories.actors import AREA, PROVINCE
from tests.factories.candidates import a_candidate
from tests.factories.results import RECORDS_CLERK, RECORDS_HEAD, passed_everything
from zikao.foundation.actors import Actor, Post
from zikao.stages.candidates.models import Candidate
from zikao.stages.graduation import commands
from zikao.stages.graduation.models import Application, GraduationCertificate, Roster
from zikao.stages.graduation.states import ApplicationState, Materials
from zikao.stages.programmes.models import Plan
from zikao.stages.records.commands import open_record

RECEIVER = Actor("地市受理人", Post.PREFECTURE_CLERK, AREA, account_id=931)
REVIEWER = Actor("地市审核人", Post.PREFECTURE_CLERK, AREA, account_id=932)
SCHOOL = Actor("主考学校", Post.SCHOOL_CLERK, PROVINCE, account_id=933)
BATCH_ON = date(2026, 12, 30)
NEXT_BATCH = date(2027, 6, 30)
WHOLE = Materials(True, True, True, "103191201906000001", True)
WAY = (
    (ApplicationState.REVIEWED, REVIEWER),
    (ApplicationState.APPROVED, RECORDS_HEAD),
    (ApplicationState.CONFIRMED, SCHOOL),
)


def a_finisher(at: datetime, *without: str, major: str = "050101") -> tuple[Candidate, Plan]:
    """A candidate with a record who has passed everything but the courses named."""
    candidate = a_candidate(at, major_code=major)
    plan = passed_everything(at, candidate, *without)
    open_record(candidate_id=candidate.pk, by=RECORDS_CLERK, at=at)
    return candidate, plan


def an_application(at: datetime, candidate: Candidate | None = None, **more: object) -> Application:
    """An application taken in with whole materials."""
    someone = candidate or a_finisher(at)[0]
    facts: dict[str, object] = {"batch_on": BATCH_ON, "materials": WHOLE, **more}
    plan = Plan.objects.get(major=someone.major)
    return commands.apply_for_graduation(  # type: ignore[arg-type]
        candidate_id=someone.pk, plan_id=plan.pk, by=RECEIVER, at=at, **facts
    ).value


def brought_to(at: datetime, state: ApplicationState, application: Application | None = None) -> Application:
    """An application that has come as far as a state on the way to confirmation."""
    found = application or an_application(at)
    for to, by in WAY:
        if found.state == state:
            break
        commands.decide_applications(application_ids=[found.pk], to=to, by=by, at=at)
        found.refresh_from_db()
    return found


def a_roster(at: datetime, people: int = 1) -> Roster:
    """A batch with its roster and certificates."""
    for _ in range(people):
        brought_to(at, ApplicationState.CONFIRMED)
    return commands.make_certificates(batch_on=BATCH_ON, by=RECORDS_CLERK, at=at).value


def a_certificate(at: datetime, *, registered: bool = False) -> GraduationCertificate:
    """A certificate; the registry's answer has its own tests."""
    certificate = a_roster(at).certificates.get()
    if registered:
        certificate.registered_at = at
        certificate.save(update_fields=["registered_at"])
    return certificate
