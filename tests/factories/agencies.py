"""Agencies, sites, schools and secure rooms, made through their commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories import approvals
from tests.factories.actors import AREA, COUNTY, PROVINCE, area_clerk, clerk, head
from zikao.foundation.actors import Post
from zikao.foundation.approvals import Approval
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.agencies import commands
from zikao.stages.agencies.models import (
    Agency,
    Facility,
    MinistryConsent,
    RecordDepartment,
    School,
    SecureRoom,
    Site,
    SiteApproval,
    SupportingSchool,
    TutoringInstitution,
)
from zikao.stages.agencies.states import (
    AgencyKind,
    ApprovalKind,
    CheckedItem,
    CommitteeRole,
    ConsentMatter,
    ContactRow,
    EmergencyLevel,
    FacilityKind,
    MemberRow,
    RoomRow,
    Supply,
)


def the_province(at: datetime, code: str = PROVINCE) -> Agency:
    """The province's agency; made at the first call."""
    found = Agency.objects.filter(code=code).first()
    if found is not None:
        return found
    return commands.open_agency(
        code=code, name=f"{code}省教育考试院", kind=AgencyKind.PROVINCE, by=head(code), at=at
    ).value


def an_area(at: datetime, code: str = AREA) -> Agency:
    """A prefecture with its province; made at the first call."""
    found = Agency.objects.filter(code=code).first()
    if found is not None:
        return found
    province = the_province(at, code[:2])
    return commands.open_agency(
        code=code,
        name=f"{code}市教育招生考试院",
        kind=AgencyKind.PREFECTURE,
        parent_code=province.code,
        by=head(province.code),
        at=at,
    ).value


def a_county(at: datetime, code: str = COUNTY, *, is_seat: bool = True) -> Agency:
    """A county with its prefecture and province; the government's seat unless told otherwise."""
    found = Agency.objects.filter(code=code).first()
    if found is not None:
        return found
    area = an_area(at, code[:4])
    return commands.open_agency(
        code=code,
        name=f"{code}区招生办",
        kind=AgencyKind.COUNTY,
        parent_code=area.code,
        is_seat=is_seat,
        by=head(code[:2]),
        at=at,
    ).value


def whole_checklist(at: datetime, *failing: str) -> list[CheckedItem]:
    """Every item of the inspection with evidence; those named fail."""
    codes = parameter("site-inspection-items").on(local_day(at))
    return [CheckedItem(code, code not in failing, "现场检查记录") for code in codes]


def a_proposed_site(at: datetime, county_code: str = COUNTY, **more: Any) -> Site:
    """A site as the area proposes it."""
    county = a_county(at, county_code)
    return commands.propose_site(
        name=more.pop("name", "第一中学考点"),
        county_code=county.code,
        host=more.pop("host", "第一中学"),
        address="人民路1号",
        by=area_clerk(county.code[:4]),
        at=at,
        **more,
    ).value


def an_inspected_site(at: datetime, county_code: str = COUNTY) -> Site:
    """A site whose inspection passed."""
    site = a_proposed_site(at, county_code)
    clerk_of_area = area_clerk(county_code[:4])
    commands.inspect_site(
        site_id=site.pk, inspectors="检查甲、检查乙", items=whole_checklist(at), by=clerk_of_area, at=at
    )
    site.refresh_from_db()
    return site


def a_site(at: datetime, rooms: int = 2, *, seats: int = 30, county_code: str = COUNTY) -> Site:
    """An accepted site with rooms 1..n, valid for two years."""
    site = an_inspected_site(at, county_code)
    commands.accept_site(
        site_id=site.pk,
        accepted_until=local_day(at) + timedelta(days=730),
        filing_number=f"考点备{site.code}",
        by=head(county_code[:2]),
        at=at,
    )
    rows = [RoomRow(number, seats, 80) for number in range(1, rooms + 1)]
    commands.add_rooms(site_id=site.pk, rooms=rows, by=area_clerk(county_code[:4]), at=at)
    site.refresh_from_db()
    return site


def a_school(at: datetime, name: str = "南京师范大学", code: str = "10319", province: str = PROVINCE) -> School:
    """An examining school; made at the first call."""
    found = School.objects.filter(name=name).first()
    if found is not None:
        return found
    return commands.register_school(code=code, name=name, agency_code=province, by=head(province), at=at).value


def a_tutoring_institution(at: datetime, code: str = "Z001") -> TutoringInstitution:
    """A tutoring institution of the province."""
    found = TutoringInstitution.objects.filter(code=code).first()
    return (
        found
        or commands.register_tutoring_institution(
            code=code, name=f"{code}助学中心", agency_code=PROVINCE, by=head(), at=at
        ).value
    )


def a_secure_room(at: datetime, agency_code: str = AREA, name: str = "试卷保密室") -> SecureRoom:
    """A secure room with two cameras, accepted for a year."""
    if len(agency_code) == 2:
        the_province(at, agency_code)
    else:
        an_area(at, agency_code[:4])
    today = local_day(at)
    return commands.register_secure_room(
        agency_code=agency_code,
        name=name,
        cameras=2,
        acceptance_number="保密验〔2026〕1号",
        accepted_on=today,
        accepted_until=today + timedelta(days=365),
        by=clerk(Post.PAPERS_OFFICER, agency_code[:2]),
        at=at,
    ).value


def a_committee(at: datetime, area_code: str = AREA, *without: str) -> Agency:
    """A committee with every department, but for those named."""
    area = an_area(at, area_code)
    departments = parameter("area-committee-departments").on(local_day(at))
    members = [
        MemberRow(CommitteeRole.DIRECTOR, "人民政府", "主任甲"),
        MemberRow(CommitteeRole.DEPUTY, "教育行政部门", "副主任乙"),
        MemberRow(CommitteeRole.DEPUTY, "教育考试机构", "副主任丙"),
        *(MemberRow(CommitteeRole.MEMBER, name, f"{name}负责人") for name in departments if name not in without),
    ]
    commands.set_committee(
        area_code=area.code, members=members, since_on=local_day(at), by=area_clerk(area.code), at=at
    )
    return area


def an_exception(
    at: datetime, site: Site, kind: ApprovalKind = ApprovalKind.TUTORING, *, signed: bool = True
) -> SiteApproval:
    """An exception that the area applies for; approved by the whole chain unless told otherwise."""
    application = commands.apply_for_exception(
        site_id=site.pk,
        kind=kind,
        reason="当地没有其他标准化考点",
        evidence=b"%PDF application",
        evidence_type="application/pdf",
        by=approvals.someone(Post.PREFECTURE_CLERK, site.area.code, at),
        at=at,
    ).value
    if signed:
        approvals.sign_all(Approval.objects.get(subject=f"agencies.siteapproval:{application.pk}"), at)
        application.refresh_from_db()
    return application


def a_site_on_premises(at: datetime, rooms: int = 1) -> Site:
    """An accepted site on a tutoring institution's premises, approved by the province."""
    institution = a_tutoring_institution(at)
    site = a_proposed_site(
        at, name="助学中心考点", tutoring_institution_code=institution.code, exception_reason="当地没有其他标准化考点"
    )
    an_exception(at, site)
    by = area_clerk(site.area.code)
    commands.inspect_site(site_id=site.pk, inspectors="甲、乙", items=whole_checklist(at), by=by, at=at)
    until = local_day(at) + timedelta(days=365)
    commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备Z1", by=head(), at=at)
    rows = [RoomRow(number, 30, 80) for number in range(1, rooms + 1)]
    commands.add_rooms(site_id=site.pk, rooms=rows, by=by, at=at)
    site.refresh_from_db()
    return site


def a_consent(at: datetime, place_code: str = "33", days: int = 60) -> MinistryConsent:
    """The ministry's consent to examine in another province."""
    return commands.record_consent(
        matter=ConsentMatter.SITE,
        place_code=place_code,
        document_number=f"教考试函〔2026〕{place_code}号",
        consented_on=local_day(at),
        until_on=local_day(at) + timedelta(days=days),
        document=b"%PDF consent",
        document_type="application/pdf",
        by=head(),
        at=at,
    ).value


def an_emergency_group(at: datetime, level: EmergencyLevel = EmergencyLevel.PROVINCE, *without: str) -> None:
    """A whole leading group, but for the roles named."""
    rows = [
        ContactRow("", "leader", "组长甲", "省教育厅厅长", "13900000001"),
        ContactRow("", "deputy", "副组长乙", "省教育考试院院长", "13900000002"),
        ContactRow("", "contact", "联络员丙", "考务处", "025-83000003", "加密传真"),
    ]
    members = [row for row in rows if row.role not in without]
    commands.set_emergency_group(level=level, members=members, since_on=local_day(at), by=head(), at=at)


def working_groups(at: datetime, site: Site, *without: str) -> None:
    """Six groups with leader and member, but for those named."""
    codes = [code for code in parameter("site-working-groups").on(local_day(at)) if code not in without]
    rows = [
        ContactRow(code, role, f"{code}{role}", "第一中学", "025-83000000")
        for code in codes
        for role in ("leader", "member")
    ]
    by = area_clerk(site.area.code)
    commands.set_working_groups(site_id=site.pk, members=rows, since_on=local_day(at), by=by, at=at)


def a_vehicle(at: datetime, agency_code: str = AREA, days: int = 365, **more: Any) -> Facility:
    """A vehicle with cameras and positioning."""
    an_area(at, agency_code[:4])
    given: dict[str, Any] = {
        "kind": FacilityKind.VEHICLE,
        "name": "厢式货车",
        "identifier": "苏A·00001",
        "cameras": 4,
        "has_positioning": True,
        **more,
    }
    return commands.register_facility(
        agency_code=agency_code,
        certificate_number="检〔2026〕1号",
        valid_from=local_day(at),
        valid_until=local_day(at) + timedelta(days=days),
        evidence=b"%PDF check",
        evidence_type="application/pdf",
        by=head(),
        at=at,
        **given,
    ).value


def a_supporting_school(at: datetime) -> SupportingSchool:
    """A school that supplies rooms and markers."""
    area = an_area(at)
    return commands.register_supporting_school(
        code="10284", name="南京大学", area_code=area.code, supply=Supply(rooms=40, markers=12), contact="联系人甲",
        phone="025-83590000",
        by=head(), at=at,
    ).value  # fmt: skip


def a_record_department(at: datetime, agency_code: str = PROVINCE, staff: int = 2) -> RecordDepartment:
    """A department of student records with full-time staff, trained and assessed today."""
    the_province(at) if len(agency_code) == 2 else an_area(at, agency_code)
    by, today = clerk(Post.RECORDS_HEAD), local_day(at)
    department = commands.set_up_record_department(
        agency_code=agency_code, name="考籍处", head="处长甲", equipment="专用服务器两台、内网终端八台",
        document_number="苏考院〔2020〕1号", by=by, at=at,
    ).value  # fmt: skip
    for number in range(staff):
        one = commands.engage_record_staff(
            department_id=department.pk, name=f"考籍员{number}", is_full_time=True, since_on=today, by=by, at=at
        ).value
        commands.record_staff_training(
            department_id=department.pk, staff_id=one.pk, trained_on=today, assessed_as="合格", by=by, at=at
        )
    return department
