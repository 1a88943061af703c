"""A province set up: agencies, committees, sites with rooms, secure rooms, trained staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from zikao.foundation.actors import Post, node_actor
from zikao.foundation.clock import local_day
from zikao.foundation.exchange.commands import add_peer
from zikao.foundation.regulation import parameter
from zikao.stages.agencies import commands as agencies
from zikao.stages.agencies.models import Site
from zikao.stages.agencies.states import AgencyKind, CheckedItem, CommitteeRole, MemberRow, RoomRow
from zikao.stages.personnel import commands as personnel
from zikao.stages.personnel.states import PersonKind, PostKind
from zikao.world import people
from zikao.world.calendar import SET_UP, TRANSFER_COMPLETED
from zikao.world.cast import CENTRE, PROVINCIAL, Role, provincial_roles
from zikao.world.life import incidents, premises, staffing
from zikao.world.life.context import AREAS, COUNTIES, PROVINCES, Life
from zikao.world.life.furnishing import furnish

ROOM_SEATS = 30
BUSIEST_UNIT_SHARE = 0.72
"""At most this share of all candidates sits in one unit; sites get rooms for them, with a fifth to spare."""
SPARE = 1.2
KEEPERS_FROM = 300


def meet_peers(life: Life, peers: list[dict[str, str]]) -> None:
    """Make the other nodes known: code, address, public key of each."""
    node = node_actor(life.root)
    for peer in life.each("登记往来节点", peers):
        add_peer(
            code=peer["code"],
            url=peer["url"],
            public_key_pem=peer["key"],
            envelope_key_pem=peer["envelope"],
            by=node,
            at=SET_UP,
        )


def set_up_centre(life: Life) -> None:
    """The centre has its officers, and the ministry's leading group."""
    life.cast.engage(list(CENTRE), SET_UP)
    incidents.found_ministrys_group(life)


def set_up_factors(life: Life) -> None:
    """Whoever touches scores, papers or keys gets dynamic codes: last, because visitors sign in from now on."""
    life.cast.set_up_factors(TRANSFER_COMPLETED)


def set_up_province(life: Life) -> None:
    """Agencies, cast, committees, sites, secure rooms and staff of a province."""
    life.cast.engage(provincial_roles(life.root, life.areas, life.counties), SET_UP)
    _open_agencies(life)
    sites = [_open_site(life, area, county, number) for area, county, number in life.each("验收考点", _sites_of(life))]
    sites = furnish(life, sites)
    _appoint_chiefs(life, sites)
    for area in life.each("培训考试工作人员", life.areas):
        _train_staff(life, area, [site for site in sites if site.area.code == area])
    premises.train_those_sent(life, next(site for site in sites if site.tutoring_institution_id is not None))
    _train_the_province(life)
    staffing.set_rates(life)


def _open_agencies(life: Life) -> None:
    by = life.who("exam-affairs", SET_UP)
    name = PROVINCES[life.root]
    agencies.open_agency(code=life.root, name=f"{name}省教育考试院", kind=AgencyKind.PROVINCE, by=by, at=SET_UP)
    for code, title in AREAS[life.root]:
        agencies.open_agency(
            code=code, name=f"{title}教育考试院", kind=AgencyKind.PREFECTURE, parent_code=life.root, by=by, at=SET_UP
        )
        for county, place in COUNTIES[code]:
            agencies.open_agency(
                code=county,
                name=f"{place}自考办",
                kind=AgencyKind.COUNTY,
                parent_code=code,
                is_seat=True,
                by=by,
                at=SET_UP,
            )
        _set_committee(life, code)
    _accept_secure_rooms(life)


def _set_committee(life: Life, area: str) -> None:
    rng = Random(f"{life.seed}/committee/{area}")
    departments = parameter("area-committee-departments").on(local_day(SET_UP))
    members = [
        MemberRow(CommitteeRole.DIRECTOR, "人民政府", people.name(rng, "1")),
        MemberRow(CommitteeRole.DEPUTY, "教育行政部门", people.name(rng, "2")),
        MemberRow(CommitteeRole.DEPUTY, "教育考试机构", people.name(rng, "1")),
        *(MemberRow(CommitteeRole.MEMBER, department, people.name(rng, "1")) for department in departments),
    ]
    by = life.who(f"clerk-{area}", SET_UP)
    agencies.set_committee(area_code=area, members=members, since_on=local_day(SET_UP), by=by, at=SET_UP)


def _accept_secure_rooms(life: Life) -> None:
    by, today = life.who("papers", SET_UP), local_day(SET_UP)
    for code in (life.root, *life.areas):
        agencies.register_secure_room(
            agency_code=code,
            name="试卷保密室",
            cameras=4,
            acceptance_number=f"保密验〔2026〕{code}号",
            accepted_on=today,
            accepted_until=today + timedelta(days=365),
            by=by,
            at=SET_UP,
        )


def _sites_of(life: Life) -> list[tuple[str, str, int]]:
    return [(area, county, 1) for area in life.areas for county, _ in COUNTIES[area]]


def _rooms_a_site(life: Life) -> int:
    busiest = life.candidates * BUSIEST_UNIT_SHARE * SPARE
    return max(2, round(busiest / len(_sites_of(life)) / ROOM_SEATS) + 1)


def _open_site(life: Life, area: str, county: str, number: int) -> Site:
    title = dict(COUNTIES[area])[county].removesuffix("区")
    clerk, head = life.who(f"clerk-{area}", SET_UP), life.who("exam-affairs", SET_UP)
    site = agencies.propose_site(
        name=f"{title}第{number}中学考点",
        county_code=county,
        host=f"{title}第{number}中学",
        address=f"{people.STREETS[int(county) % len(people.STREETS)]}{int(county) % 300 + 1}号",
        by=clerk,
        at=SET_UP,
    ).value
    items = parameter("site-inspection-items").on(local_day(SET_UP))
    checked = [CheckedItem(code, True, "现场查验记录") for code in items]
    agencies.inspect_site(site_id=site.pk, inspectors="检查组甲、检查组乙", items=checked, by=clerk, at=SET_UP)
    until = local_day(SET_UP) + timedelta(days=3 * 365)
    agencies.accept_site(site_id=site.pk, accepted_until=until, filing_number=f"考点备{site.code}", by=head, at=SET_UP)
    rooms = [RoomRow(n, ROOM_SEATS, 100, f"教学楼{(n - 1) // 8 + 1}层") for n in range(1, _rooms_a_site(life) + 1)]
    agencies.add_rooms(site_id=site.pk, rooms=rooms, by=clerk, at=SET_UP)
    return site


def _appoint_chiefs(life: Life, sites: list[Site]) -> None:
    roles = [Role(f"chief-{site.code}", f"主考 {site.code}", Post.SITE_CHIEF, site.agency_code) for site in sites]
    invigilator = Role("invigilator", "监考员 示例", Post.INVIGILATOR, sites[0].agency_code)
    life.cast.engage([*roles, invigilator], SET_UP)


def _train_staff(life: Life, area: str, sites: list[Site]) -> None:
    by, full = life.who(f"clerk-{area}", SET_UP), PersonKind.FULL
    own = [site for site in sites if site.tutoring_institution_id is None]
    invigilators = sum(site.rooms.count() for site in own) * 2 + 6 * len(own) + premises.wanted_from(life, area)
    chiefs = [life.who(f"chief-{site.code}", SET_UP) for site in own]
    carriers = [staffing.person_row(life, area, full, KEEPERS_FROM + n) for n in range(2 * len(sites))]
    for rows, post_kind in (
        ([staffing.person_row(life, area, PersonKind.PART, n) for n in range(invigilators)], PostKind.INVIGILATOR),
        ([staffing.person_row(life, area, full, n, chief) for n, chief in enumerate(chiefs)], PostKind.CHIEF),
        ([*carriers, staffing.person_row(life, area, full, KEEPERS_FROM + len(carriers), by)], PostKind.PAPERS),
    ):
        registered = personnel.register_persons(rows=rows, agency_code=area, by=by, at=SET_UP).value
        staffing.train(life, area, registered, post_kind)


def _train_the_province(life: Life) -> None:
    """The province's own: who packs the papers, who marks, who leads the markers, who enters the keys."""
    by = life.who("exam-affairs", SET_UP)
    markers = ["leader", "key-clerk", *(name for name, _, post in PROVINCIAL if post is Post.MARKER)]
    first = 0
    for usernames, post_kind in ((["papers"], PostKind.PAPERS), (markers, PostKind.MARKER)):
        own = [life.who(username, SET_UP) for username in usernames]
        unit = f"{PROVINCES[life.root]}{'省教育考试院' if post_kind is PostKind.PAPERS else '大学'}"
        rows = [
            replace(staffing.person_row(life, life.root, PersonKind.FULL, first + n, each), unit=unit)
            for n, each in enumerate(own)
        ]
        registered = personnel.register_persons(rows=rows, agency_code=life.root, by=by, at=SET_UP).value
        staffing.train(life, life.root, registered, post_kind)
        first += len(rows)
