"""Agencies, sites, schools and secure rooms, made through their commands."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories.actors import AREA, COUNTY, PROVINCE, area_clerk, clerk, head
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import parameter
from zikao.stages.agencies import commands
from zikao.stages.agencies.models import Agency, School, SecureRoom, Site, TutoringInstitution
from zikao.stages.agencies.states import AgencyKind, CheckedItem, CommitteeRole, MemberRow, RoomRow


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


def a_proposed_site(at: datetime, county_code: str = COUNTY, **more: str) -> Site:
    """A site as the area proposes it."""
    county = a_county(at, county_code)
    return commands.propose_site(
        name=more.pop("name", "第一中学考点"),
        county_code=county.code,
        host=more.pop("host", "第一中学"),
        address="人民路1号",
        by=area_clerk(county.code[:4]),
        at=at,
        **more,  # type: ignore[arg-type]
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
    return commands.register_tutoring_institution(
        code=code, name=f"{code}助学中心", agency_code=PROVINCE, by=head(), at=at
    ).value


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
        MemberRow(CommitteeRole.DIRECTOR, "市人民政府", "主任甲"),
        MemberRow(CommitteeRole.DEPUTY, "教育", "副主任乙"),
        *(MemberRow(CommitteeRole.MEMBER, name, f"{name}负责人") for name in departments if name not in without),
    ]
    commands.set_committee(
        area_code=area.code, members=members, since_on=local_day(at), by=area_clerk(area.code), at=at
    )
    return area
