"""Who keeps which part of a roster: the province all of it, each prefecture and each examining school its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr

from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.stages.agencies.models import Agency, School
from zikao.stages.graduation.models import GraduationCertificate, Roster
from zikao.stages.graduation.queries.applications import certificates


@dataclass(frozen=True)
class Share:
    """A keeper's part of a roster; `key` names it in an address: "province", "area-3201", "school-10284"."""

    key: str
    kind: str
    name: str
    count: int


def shares_of(actor: Actor, roster: Roster) -> list[Share]:
    """The keepers of a roster with how many graduates each has."""
    rows = certificates(actor).filter(roster=roster).order_by()
    areas = dict(rows.values(area=Substr("agency_code", 1, 4)).annotate(n=Count("id")).values_list("area", "n"))
    names = dict(Agency.objects.filter(code__in=areas).values_list("code", "name"))
    school = "application__school__code"
    schools = dict(rows.values(school).annotate(n=Count("id")).values_list(school, "n"))
    titles = dict(School.objects.filter(code__in=schools).values_list("code", "name"))
    return [
        Share("province", "省级教育考试机构", "", roster.count),
        *(
            Share(f"area-{code}", "地级教育考试机构", names.get(code) or str(code), n)
            for code, n in sorted(areas.items())
        ),
        *(Share(f"school-{code}", "主考学校", titles.get(code) or str(code), n) for code, n in sorted(schools.items())),
    ]


def share(actor: Actor, roster: Roster, key: str) -> tuple[Share, QuerySet[GraduationCertificate]]:
    """A keeper's part with its certificates; NotFound for a keeper the roster does not have."""
    found = next((each for each in shares_of(actor, roster) if each.key == key), None)
    if found is None:
        raise NotFound("no-such-share", message="这份名册没有这个留存机构。")
    rows = certificates(actor).filter(roster=roster)
    kind, _, code = key.partition("-")
    if kind == "area":
        rows = rows.filter(agency_code__startswith=code)
    if kind == "school":
        rows = rows.filter(application__school__code=code)
    return found, rows
