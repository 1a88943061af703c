"""Reading and composing the letters about premises of tutoring institutions (EA-A3.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision, all_of, clause
from zikao.stages.agencies import registers, rules
from zikao.stages.agencies.models import PremisesLetter, Site
from zikao.stages.agencies.queries.sites import site_usable
from zikao.stages.agencies.queries.tree import agency_name
from zikao.stages.agencies.states import ApprovalKind, ExceptionState, LetterState, SiteState

CHIEF, DEPUTY, INVIGILATOR = "主考", "副主考", "监考员"
RUN_BY = "组考工作由省级教育考试机构直接负责和管理，主考、监考人员由省级外派，助学机构不参与考试组织工作。"


def letters(by: Actor) -> QuerySet[PremisesLetter]:
    """The letters of the actor's subtree."""
    return scoped(PremisesLetter.objects.select_related("site"), by)


def letter(by: Actor, letter_id: int) -> PremisesLetter:
    """One letter. Raises NotFound."""
    return access(PremisesLetter.objects.select_related("site"), by, pk=letter_id)


def next_session(on: date) -> str:
    """The code of the session that comes next."""
    return rules.NEXT_SESSION(on=on)


def letter_ready(site: Site, sitting_code: str, at: datetime) -> Decision:
    """Whether everything that the letter must say is on record."""
    staff, on = registers.staff_of(site.pk, sitting_code), local_day(at)
    approved = site.approvals.filter(kind=ApprovalKind.TUTORING, state=ExceptionState.APPROVED).exists()
    before = rules.LETTER_BEFORE(on=on, sitting=sitting_code)
    complete = rules.PREMISES_LETTER(
        on=on,
        in_tutoring_institution=site.tutoring_institution_id is not None,
        approved=approved,
        usable=site_usable(site, on).granted,
        rooms=site.rooms.count(),
        chiefs=sum(each.duty == CHIEF for each in staff),
        deputies=sum(each.duty == DEPUTY for each in staff),
        invigilators=sum(each.duty == INVIGILATOR for each in staff),
        incomplete=sum(not (each.name and each.unit and each.title) for each in staff),
    )
    return all_of(before, complete)


def letter_body(site: Site, sitting_code: str, number: str) -> dict[str, Any]:
    """What the letter says, as it is signed and sent."""
    exception = site.approvals.get(kind=ApprovalKind.TUTORING, state=ExceptionState.APPROVED)
    staff = registers.staff_of(site.pk, sitting_code)
    institution = site.tutoring_institution
    return {
        "number": number,
        "sitting": sitting_code,
        "agency": agency_name(site.area.code[:2]),
        "site": site.code,
        "name": site.name,
        "address": site.address,
        "area": site.area.name,
        "institution": institution.name if institution else "",
        "rooms": site.rooms.count(),
        "seats": sum(site.rooms.values_list("seats", flat=True)),
        "reason": exception.reason,
        "approval": exception.document_number,
        "filing": site.filing_number,
        "run_by": RUN_BY,
        "staff": [{"duty": s.duty, "name": s.name, "unit": s.unit, "title": s.title} for s in staff],
    }


def letter_document(body: dict[str, Any], digest: str, at: datetime) -> dict[str, Any]:
    """What the letter's document is made of."""
    chips = [clause(each).chip for each in ("EA-A3.1", "EA-24.3")]
    return {**body, "digest": digest, "issued_on": local_day(at), "clauses": chips}


def letters_owed(by: Actor, on: date) -> QuerySet[Site]:
    """Accepted sites on such premises whose letter for the next session is not with the centre."""
    sites = scoped(Site.objects.filter(tutoring_institution__isnull=False, state=SiteState.ACCEPTED), by)
    sent = PremisesLetter.objects.filter(sitting_code=next_session(on)).exclude(state=LetterState.RETURNED)
    return sites.exclude(pk__in=sent.values("site_id")).order_by("code")
