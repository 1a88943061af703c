"""What stands on a site's registration sheet (EA-24.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.queries.sites import groups_of
from zikao.stages.agencies.queries.tree import agency_name

CLAUSES = ("EA-24.1", "EA-24.2", "EA-24.5", "EA-25.2")


def site_sheet(site: Site, on: date) -> dict[str, Any]:
    """The sheet as it is today: the place, the last inspection, every room, the working groups without telephones."""
    rooms = list(site.rooms.all())
    last = site.inspections.prefetch_related("items").order_by("-id").first()
    return {
        "number": site.filing_number or "未备案",
        "agency": agency_name(site.agency_code[:2]),
        "title": str(site),
        "facts": _facts(site),
        "inspected": f"{last.inspected_on}，检查人：{last.inspectors}。" if last else "还没有检查。",
        "items": [
            {"title": each.title, "verdict": "合格" if each.ok else "不合格", "evidence": each.evidence}
            for each in (last.items.all() if last else ())
        ],
        "rooms": [
            {"number": f"{r.number:02d}", "seats": str(r.seats), "spacing": str(r.spacing_cm), "place": r.place or "—"}
            for r in rooms
        ],
        "seats": sum(room.seats for room in rooms),
        "groups": [
            {"group": m.get_group_display(), "role": m.get_role_display(), "name": m.name, "unit": m.unit}
            for m in groups_of(site, on)
        ],
        "printed_on": on,
        "clauses": [clause(each).chip for each in CLAUSES],
    }


def _facts(site: Site) -> list[dict[str, str]]:
    seat = "地级人民政府所在地" if site.county.is_seat else "不在地级人民政府所在地"
    validity = f"{site.accepted_on} 至 {site.accepted_until}（不含当日）" if site.accepted_on else "没有验收"
    lines = [
        ("考点", str(site)),
        ("办学机构", site.host),
        ("地址", site.address),
        ("考区、县区", f"{site.area.name}；{site.county.name}（{seat}）"),
        ("状态", str(site.get_state_display())),
        ("备案号", site.filing_number or "—"),
        ("验收有效期", validity),
        *((str(each.get_kind_display()), f"{each.document_number or each.get_state_display()}：{each.reason}")
          for each in site.approvals.all()),
        *([("停用或撤销原因", site.suspension_reason)] if site.suspension_reason else []),
    ]  # fmt: skip
    return [{"label": label, "text": text} for label, text in lines]
