"""What the confirmation of entries and the pledge on paper are made of."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.pages.formats import money_text
from zikao.foundation.regulation import clause, parameter
from zikao.stages.agencies.models import Agency, Site
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import pledge_of
from zikao.stages.entries.models import Entry, EntryWindow
from zikao.stages.entries.queries.entering import own_entries
from zikao.stages.entries.queries.progress import granted_words
from zikao.stages.entries.states import EntryState


def confirmation_of(candidate: Candidate, window: EntryWindow, at: datetime) -> dict[str, object]:
    """What the confirmation (entries/confirmation.typ) is made of: the entries that stand, and what was paid."""
    rows = list(own_entries(candidate.pk, window.sitting.code))
    codes = {candidate.agency_code, *(row.area_code for row in rows)}
    names = dict(Agency.objects.filter(code__in=codes).values_list("code", "name"))
    sites = dict(Site.objects.filter(code__in={row.site_code for row in rows}).values_list("code", "name"))
    signed = pledge_of(candidate.pk, window.sitting_id)
    return {
        **_head(candidate, window, at),
        "major": str(candidate.major),
        "county": names.get(candidate.agency_code, candidate.agency_code),
        "area": "、".join(sorted({names.get(row.area_code, row.area_code) for row in rows})),
        "granted": "、".join(granted_words(candidate.pk, at)) or "无",
        "courses": [_course(row, sites) for row in rows],
        "fee": money_text(sum(row.fee_fen for row in rows)),
        "paid": money_text(sum(row.fee_fen for row in rows if row.state == EntryState.PAID)),
        "closes_at": _moment(window.closes_at),
        "pledged_at": _moment(signed.accepted_at) if signed else "",
        "clauses": [clause(name).chip for name in ("EA-13.2", "EA-26.1")],
    }


def pledge_paper(candidate: Candidate, window: EntryWindow, at: datetime) -> dict[str, object]:
    """What the pledge on paper (entries/pledge.typ) is made of."""
    return {**_head(candidate, window, at), "clauses": [clause("EA-26.1").chip]}


def _head(candidate: Candidate, window: EntryWindow, at: datetime) -> dict[str, object]:
    agency = Agency.objects.filter(code=candidate.agency_code[:2]).values_list("name", flat=True).first()
    return {
        "agency": agency or "",
        "number": f"{window.sitting.code}-{candidate.admission_number}",
        "sitting": f"{window.sitting}考试",
        "name": candidate.name,
        "admission_number": candidate.admission_number,
        "pledge": parameter("integrity-pledge").on(local_day(at)),
        "issued_on": local_day(at),
    }


def _course(row: Entry, sites: dict[str, str]) -> dict[str, object]:
    return {
        "unit": row.unit.number,
        "at": _moment(row.unit.starts_at),
        "course": f"{row.paper.course.code} {row.paper.course.name}",
        "site": sites.get(row.site_code, "不指定"),
        "fee": money_text(row.fee_fen),
        "state": row.get_state_display(),
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
