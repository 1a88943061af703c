"""A site on a tutoring institution's premises is run by people whom the province sends, and the centre is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zikao.foundation.clock import local_day
from zikao.stages.agencies import commands as agencies
from zikao.stages.agencies.models import Site
from zikao.stages.personnel import commands
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.rules.dispatching import Demand
from zikao.stages.personnel.states import PersonKind, PostKind
from zikao.stages.programmes.models import Unit
from zikao.world.calendar import DUTIES_ASSIGNED, SET_UP, SITTING
from zikao.world.life import staffing
from zikao.world.life.context import COUNTIES, Life

INVIGILATORS_SENT = 16
"""Two a room and rovers in every unit, never the same two together twice."""
NUMBER = 250
"""Among the full-time staff of an agency: neither a chief nor a carrier of papers bears it."""


def sent_from(life: Life) -> str:
    """The area whose people the province sends to the site on premises: not its own."""
    return life.areas[1]


def wanted_from(life: Life, area: str) -> int:
    """How many invigilators an area has beyond those for its own sites."""
    return INVIGILATORS_SENT if area == sent_from(life) else 0


def _chiefs_home(life: Life) -> str:
    """A county of that area: nobody else there may be a chief."""
    return COUNTIES[sent_from(life)][0][0]


def train_those_sent(life: Life, site: Site) -> None:
    """A chief from elsewhere, a deputy of the area, an inspector of the province."""
    chief = life.who(f"chief-{site.code}", SET_UP)
    for agency, post_kind, home, who in (
        (sent_from(life), PostKind.CHIEF, _chiefs_home(life), chief),
        (site.area.code, PostKind.DEPUTY, site.area.code, None),
        (life.root, PostKind.INSPECTOR, life.root, None),
    ):
        row = replace(staffing.person_row(life, agency, PersonKind.FULL, NUMBER, who), agency_code=home)
        by = life.who("exam-affairs" if agency == life.root else f"clerk-{agency}", SET_UP)
        registered = commands.register_persons(rows=[row], agency_code=home, by=by, at=SET_UP).value
        staffing.train(life, agency, registered, post_kind)


def _only(post_kind: PostKind, agency: str) -> Person:
    return Person.objects.get(agency_code=agency, certificates__post_kind=post_kind)


def run_by_the_province(life: Life, site: Site, units: Sequence[Unit]) -> None:
    """An inspector of the province, a chief and invigilators drawn elsewhere; the area appoints them, and a deputy."""
    by, first = life.who("exam-affairs", DUTIES_ASSIGNED), local_day(units[0].starts_at)
    last = local_day(units[-1].starts_at)
    inspector = _only(PostKind.INSPECTOR, life.root)
    commands.assign_duty(
        site_id=site.pk, person_id=inspector.pk, sitting_code=SITTING, on=first, post_kind=PostKind.INSPECTOR,
        by=by, at=DUTIES_ASSIGNED,
    )  # fmt: skip
    for number, (kind, count, pool) in enumerate(
        (
            (PostKind.CHIEF, 1, _chiefs_home(life)),
            (PostKind.INVIGILATOR, INVIGILATORS_SENT, sent_from(life)),
        ),
        1,
    ):
        commands.dispatch_people(
            sitting_code=SITTING, number=f"调派〔2026〕{life.root}{number:02d}号", first_on=first, last_on=last,
            demands=[Demand(site.pk, str(kind), count)], pool_codes=[pool], seed=f"{life.seed}/{site.code}",
            by=by, at=DUTIES_ASSIGNED,
        )  # fmt: skip
    director = life.who(f"director-{site.area.code}", DUTIES_ASSIGNED)
    chief = Person.objects.get(account_id=life.who(f"chief-{site.code}", DUTIES_ASSIGNED).account_id)
    for person, kind in ((chief, PostKind.CHIEF), (_only(PostKind.DEPUTY, site.area.code), PostKind.DEPUTY)):
        commands.appoint_chief(
            site_id=site.pk, person_id=person.pk, sitting_code=SITTING, on=first, post_kind=kind,
            by=director, at=DUTIES_ASSIGNED,
        )  # fmt: skip


def tell_the_centre(life: Life, site: Site) -> None:
    """The letter of this sitting, when everybody is appointed."""
    by = life.who("exam-affairs", DUTIES_ASSIGNED)
    agencies.send_premises_letter(site_id=site.pk, sitting_code=SITTING, by=by, at=DUTIES_ASSIGNED)
