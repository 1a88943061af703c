"""Who is on duty at a site, told to agencies for the letter about premises of a tutoring institution (EA-A3.1)."""

from __future__ import annotations

from zikao.stages.agencies.registers import names_staff
from zikao.stages.agencies.states import StaffLine
from zikao.stages.personnel.models import Duty
from zikao.stages.personnel.states import PostKind

NAMED = (PostKind.CHIEF, PostKind.DEPUTY, PostKind.INVIGILATOR)


@names_staff
def on_duty(site_id: int, sitting_code: str) -> list[StaffLine]:
    """The chief, the deputies and the invigilators, each once, with unit and post."""
    duties = Duty.objects.filter(site_id=site_id, sitting_code=sitting_code, post_kind__in=NAMED)
    rows = duties.order_by("post_kind", "person_id").distinct("post_kind", "person_id").select_related("person")
    order = {str(kind): number for number, kind in enumerate(NAMED)}
    return [
        StaffLine(str(PostKind(row.post_kind).label), row.person.name, row.person.unit, row.person.title)
        for row in sorted(rows, key=lambda row: (order[row.post_kind], row.person_id))
    ]
