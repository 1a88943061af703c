"""What a province keeps ready: whom to reach, groups of its sites, record departments, vehicles, supporting schools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random

from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.approvals.commands import sign_approval
from zikao.foundation.approvals.models import Approval
from zikao.foundation.clock import local_day
from zikao.foundation.documents import render
from zikao.foundation.regulation import parameter
from zikao.stages.agencies import commands
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.states import (
    ApprovalKind,
    CheckedItem,
    ContactRow,
    EmergencyLevel,
    FacilityKind,
    RoomRow,
    Supply,
)
from zikao.world import people
from zikao.world.calendar import SET_UP
from zikao.world.life.context import COUNTIES, PROVINCES, Life
from zikao.world.password import PASSWORD

TODAY = local_day(SET_UP)
YEAR = timedelta(days=365)
SEATS, ROOMS_ON_PREMISES = 30, 2


def furnish(life: Life, sites: Iterable[Site]) -> list[Site]:
    """Everything that has to be ready before a session, but for candidates and papers; gives all sites."""
    rng = Random(f"{life.seed}/furnishing/{life.root}")
    _emergency_groups(life, rng)
    _duty_phones(life, rng)
    _record_departments(life, rng)
    _facilities(life)
    _supporting_schools(life, rng)
    everywhere = [*sites, _site_on_premises(life)]
    for site in life.each("登记考点工作小组", everywhere):
        _working_groups(life, site, rng)
        _cameras(life, site)
    return everywhere


def tutor_of(life: Life) -> str:
    """The code of the province's tutoring institution."""
    return f"Z{life.root}01"


def _phone(rng: Random) -> str:
    return f"025-8{rng.randrange(1_000_000, 9_999_999)}"


def _emergency_groups(life: Life, rng: Random) -> None:
    province = PROVINCES[life.root]
    units = {
        EmergencyLevel.MINISTRY: ("教育部分管负责人", "教育部考试中心主任", "教育部考试中心值班室"),
        EmergencyLevel.PROVINCE: (f"{province}省教育厅厅长", f"{province}省教育考试院院长", "考务处值班室"),
    }
    by = life.who("exam-affairs", SET_UP)
    for level, (leader, deputy, contact) in units.items():
        rows = [
            ContactRow("", "leader", people.name(rng, "1"), leader, _phone(rng)),
            ContactRow("", "deputy", people.name(rng, "2"), deputy, _phone(rng)),
            ContactRow("", "contact", people.name(rng, "1"), contact, _phone(rng), "加密传真"),
        ]
        commands.set_emergency_group(level=level, members=rows, since_on=TODAY, by=by, at=SET_UP)


def _duty_phones(life: Life, rng: Random) -> None:
    by = life.who("exam-affairs", SET_UP)
    for code in (life.root, *life.areas, *life.counties):
        commands.set_duty_phone(
            agency_code=code, place="考务值班室", phone=_phone(rng), is_day_and_night=True, by=by, at=SET_UP
        )


def _record_departments(life: Life, rng: Random) -> None:
    by = life.who("records-head", SET_UP)
    for code, workers in ((life.root, 3), *((area, 1) for area in life.areas)):
        department = commands.set_up_record_department(
            agency_code=code, name="考籍管理处" if code == life.root else "考籍科", head=people.name(rng, "2"),
            equipment="考籍管理专用服务器、内网终端、档案室", document_number=f"编〔2021〕{code}号", by=by, at=SET_UP,
        ).value  # fmt: skip
        for _ in range(workers):
            staff = commands.engage_record_staff(
                department_id=department.pk, name=people.name(rng, "1"), is_full_time=True,
                since_on=TODAY - 2 * YEAR, by=by, at=SET_UP,
            ).value  # fmt: skip
            commands.record_staff_training(
                department_id=department.pk, staff_id=staff.pk, trained_on=TODAY - timedelta(days=40),
                assessed_as="合格", by=by, at=SET_UP,
            )  # fmt: skip


def _facilities(life: Life) -> None:
    _facility(life, FacilityKind.PRINTING, life.root, "省印刷物资中心", f"印证-{life.root}01", cameras=32)
    for number, area in enumerate(life.areas, 1):
        _facility(life, FacilityKind.VEHICLE, area, "厢式运卷车", f"试卷车-{area}-{number}", cameras=4)


def _cameras(life: Life, site: Site) -> None:
    cameras = site.rooms.count() + 6
    _facility(
        life, FacilityKind.CAMERAS, site.area.code, f"{site.host}监控系统", f"SIP-{site.code}", site.code, cameras
    )


def _facility(
    life: Life, kind: FacilityKind, agency: str, name: str, number: str, site: str | None = None, cameras: int = 0
) -> None:
    commands.register_facility(
        kind=kind, agency_code=agency, name=name, identifier=number, site_code=site, cameras=cameras,
        has_positioning=kind == FacilityKind.VEHICLE, certificate_number=f"验〔2026〕{number}", valid_from=TODAY,
        valid_until=TODAY + YEAR, evidence=f"{name}验收合格证明".encode(), evidence_type="text/plain",
        by=life.who("exam-affairs", SET_UP), at=SET_UP,
    )  # fmt: skip


def _supporting_schools(life: Life, rng: Random) -> None:
    for area in life.areas:
        by = life.who(f"clerk-{area}", SET_UP)
        for number, (name, supply) in enumerate(
            (("师范学院", Supply(rooms=30, invigilators=120, markers=40, question_setters=6)),
             ("第一中等专业学校", Supply(rooms=24, invigilators=80))), 1,
        ):  # fmt: skip
            commands.register_supporting_school(
                code=f"X{area}{number}", name=f"{area}{name}", area_code=area, supply=supply,
                contact=people.name(rng, "2"), phone=_phone(rng), by=by, at=SET_UP,
            )  # fmt: skip


def _working_groups(life: Life, site: Site, rng: Random) -> None:
    rows = [
        ContactRow(code, role, people.name(rng, "1"), site.host, _phone(rng))
        for code in parameter("site-working-groups").on(TODAY)
        for role in ("leader", "member")
    ]
    by = life.who(f"clerk-{site.area.code}", SET_UP)
    commands.set_working_groups(site_id=site.pk, members=rows, since_on=TODAY, by=by, at=SET_UP)


def _site_on_premises(life: Life) -> Site:
    """A site on a tutoring institution's premises: asked for, approved by the province, inspected, accepted."""
    area, head = life.areas[0], life.who("exam-affairs", SET_UP)
    clerk = life.who(f"clerk-{area}", SET_UP)
    county, place = COUNTIES[area][0]
    code = tutor_of(life)
    commands.register_tutoring_institution(
        code=code, name=f"{place}自考助学中心", agency_code=life.root, by=head, at=SET_UP
    )
    reason = "标准化考点改造期间，当地没有其他可用场地"
    site = commands.propose_site(
        name=f"{place}助学中心考点", county_code=county, host=f"{place}自考助学中心", address="学府路8号",
        tutoring_institution_code=code, exception_reason=reason, by=clerk, at=SET_UP,
    ).value  # fmt: skip
    letter = {"agency": "考区委员会", "title": "使用助学机构场地的申请", "paragraphs": [reason], "issued_on": TODAY}
    application = commands.apply_for_exception(
        site_id=site.pk, kind=ApprovalKind.TUTORING, reason=reason, evidence=render("foundation/letter.typ", letter),
        evidence_type="application/pdf", by=clerk, at=SET_UP,
    ).value  # fmt: skip
    approval = Approval.objects.get(subject=f"agencies.siteapproval:{application.pk}")
    for minutes, username in enumerate(("exam-affairs", "head"), 1):
        moment = SET_UP + timedelta(minutes=minutes)
        by = life.who(username, moment)
        proof = reauthenticate(account_id=by.account_id or 0, secret=PASSWORD, at=moment)
        sign_approval(approval_id=approval.pk, proof=proof, comment="同意。", by=by, at=moment)
    items = [CheckedItem(item, True, "现场查验记录") for item in parameter("site-inspection-items").on(TODAY)]
    commands.inspect_site(site_id=site.pk, inspectors="检查组甲、检查组乙", items=items, by=clerk, at=SET_UP)
    commands.accept_site(
        site_id=site.pk, accepted_until=TODAY + YEAR, filing_number=f"考点备{site.code}", by=head, at=SET_UP
    )
    rooms = [RoomRow(number, SEATS, 100, "教学楼1层") for number in range(1, ROOMS_ON_PREMISES + 1)]
    commands.add_rooms(site_id=site.pk, rooms=rooms, by=clerk, at=SET_UP)
    site.refresh_from_db()
    return site
