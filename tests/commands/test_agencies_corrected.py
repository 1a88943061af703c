"""What was entered wrong or has changed: lists of people, a site's facts, schools, record departments, the seat."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.factories import agencies as make
from tests.factories.actors import area_clerk, clerk, head
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.stages.agencies import commands, queries, registers
from zikao.stages.agencies.models import EMERGENCY_PHONE, EmergencyMember, RecordDepartment
from zikao.stages.agencies.states import CommitteeRole, ContactRow, EmergencyLevel, MemberRow, NewAgency, SiteState

pytestmark = pytest.mark.django_db
DOCUMENT = {"document_number": "苏编〔2026〕8号"}


def _group(at: datetime, since_on: date, name: str, phone: str = "025-83000001") -> None:
    rows = [ContactRow("", "leader", name, "省教育厅", phone)]
    commands.set_emergency_group(level=EmergencyLevel.PROVINCE, members=rows, since_on=since_on, by=head(), at=at)


def _led_by(on: date) -> list[str]:
    return [each.name for each in queries.emergency_group(on, EmergencyLevel.PROVINCE)]


def test_clerk_who_mistyped_the_beginning_of_a_list_enters_it_again(at: datetime) -> None:
    make.the_province(at)
    today = local_day(at)
    _group(at, today, "甲")
    _group(at, date(2062, 8, 20), "乙")
    assert _led_by(today) == ["甲"]
    _group(at, today + timedelta(days=5), "丙")
    assert [_led_by(day) for day in (today, today + timedelta(days=5), date(2063, 1, 1))] == [["甲"], ["丙"], ["丙"]]
    later = at + timedelta(days=9)
    with pytest.raises(Conflict) as caught:
        _group(later, today + timedelta(days=1), "丁")
    assert "2026-08-25" in caught.value.message


def test_members_who_stay_keep_their_telephones(at: datetime) -> None:
    make.the_province(at)
    make.an_emergency_group(at)
    lines = queries.emergency_lines(head(), local_day(at))
    assert lines.splitlines()[0] == "组长,组长甲,省教育厅厅长,不变"
    assert "1390000" not in lines
    rows = [
        ContactRow("", "leader", "组长甲", "省教育厅厅长", "不变"),
        ContactRow("", "deputy", "新人", "省厅", "不变"),
    ]
    given = {"level": EmergencyLevel.PROVINCE, "since_on": local_day(at), "by": head(), "at": at}
    with pytest.raises(BadInput) as caught:
        commands.set_emergency_group(members=rows, **given)  # type: ignore[arg-type]
    assert caught.value.field_errors["members"].startswith("第2人")
    commands.set_emergency_group(members=rows[:1], **given)  # type: ignore[arg-type]
    (leader,) = queries.emergency_group(local_day(at), EmergencyLevel.PROVINCE)
    assert EMERGENCY_PHONE.text(leader) == "13900000001"


LONG = "很" * 200


@pytest.mark.parametrize(
    ("name", "phone", "said"),
    [
        (LONG, "025-83000001", "不能超过60个字"),
        ("甲", "打给老王", "电话"),
        ("甲", "1" * 14, "电话"),
        ("", "025-83000001", "请填写姓名"),
    ],
)
def test_member_of_a_group_who_does_not_fit_is_named(at: datetime, name: str, phone: str, said: str) -> None:
    make.the_province(at)
    with pytest.raises(BadInput) as caught:
        _group(at, local_day(at), name, phone)
    assert "第1人" in caught.value.field_errors["members"]
    assert said in caught.value.field_errors["members"]


@pytest.mark.parametrize(
    "name", ["𠮷㛃", "\ue000阿不都·卡德尔", "'; DROP TABLE agencies_site; --", "<script>alert(1)</script>"]
)
def test_rare_and_hostile_names_are_kept_as_they_are(at: datetime, name: str) -> None:
    make.the_province(at)
    _group(at, local_day(at), name)
    member = EmergencyMember.objects.get()
    assert (member.name, EMERGENCY_PHONE.text(member)) == (name, "025-83000001")


def test_committee_and_parts_of_a_split_that_do_not_fit_are_named(at: datetime) -> None:
    county = make.a_county(at)
    rows = [MemberRow(CommitteeRole.MEMBER, LONG, "甲"), MemberRow(CommitteeRole.MEMBER, "公安", LONG)]
    with pytest.raises(BadInput) as caught:
        commands.set_committee(area_code="3201", members=rows, since_on=local_day(at), by=area_clerk(), at=at)
    assert caught.value.field_errors["others"].count("不能超过") == 2
    with pytest.raises(BadInput):
        commands.split_agency(code=county.code, parts=[NewAgency("320115", LONG)], by=head(), at=at, **DOCUMENT)


def test_sites_facts_are_corrected_but_one_in_use_does_not_move(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make.a_site(at, rooms=1)
    now = {"name": site.name, "host": "南京市第一中学", "address": site.address}
    change = {"site_id": site.pk, "reason": "学校更名", "by": area_clerk(), "at": at}
    commands.change_site(**change, **now)
    site.refresh_from_db()
    assert site.host == "南京市第一中学"
    with pytest.raises(BadInput):
        commands.change_site(**change, **now)
    with pytest.raises(Refused) as caught:
        commands.change_site(**change, **now | {"address": "新址1号"})
    assert [finding.code for finding in caught.value.findings] == ["site-moves-in-use"]

    monkeypatch.setattr(registers, "_rounds", [lambda code, on: ["2026年10月考场编排"]])
    for act in (
        lambda: commands.change_site(**change, **now | {"name": "另一个名称"}),
        lambda: commands.close_site(site_id=site.pk, reason="不再使用", by=head(), at=at),
    ):
        with pytest.raises((Refused, Conflict)) as refused:
            act()
        assert "2026年10月考场编排" in str(refused.value.message) + str(getattr(refused.value, "findings", ""))
    monkeypatch.setattr(registers, "_rounds", [])
    commands.suspend_site(site_id=site.pk, reason="迁址", by=head(), at=at)
    commands.change_site(**change, **now | {"address": "新址1号"})
    until = local_day(at) + timedelta(days=9)
    with pytest.raises((Refused, WrongState)):
        commands.accept_site(site_id=site.pk, accepted_until=until, filing_number="备2", by=head(), at=at)
    commands.close_site(site_id=site.pk, reason="不再使用", by=head(), at=at)
    site.refresh_from_db()
    assert site.state == SiteState.CLOSED


def test_site_is_inspected_by_two_different_people(at: datetime) -> None:
    site = make.a_proposed_site(at)
    inspect = {"site_id": site.pk, "items": make.whole_checklist(at), "by": head(), "at": at}
    for people in ("甲", "甲、甲", " ， "):
        with pytest.raises(Refused) as caught:
            commands.inspect_site(inspectors=people, **inspect)  # type: ignore[arg-type]
        assert [finding.code for finding in caught.value.findings] == ["site-inspectors-few"]
    assert commands.inspect_site(inspectors="甲，乙", **inspect).value.inspectors == "甲、乙"  # type: ignore[arg-type]


def test_rooms_vehicles_and_the_seat_follow_into_the_area_that_takes_over(at: datetime) -> None:
    kept, moved = make.a_secure_room(at, "3202"), make.a_secure_room(at, "3201")
    vehicle, school = make.a_vehicle(at), make.a_supporting_school(at)
    make.a_county(at, "320102")
    make.a_county(at, "320106", is_seat=False)
    commands.merge_agency(code="320102", into_code="320106", by=head(), at=at, **DOCUMENT)
    county = queries.county("320106")
    assert county is not None
    assert county.is_seat
    commands.mark_seat(code="320106", is_seat=False, by=head(), at=at, **DOCUMENT)
    with pytest.raises(BadInput):
        commands.mark_seat(code="320106", is_seat=False, by=head(), at=at, **DOCUMENT)
    with pytest.raises(Refused):
        make.a_proposed_site(at, "320106")

    commands.recode_agency(code="320106", new_code="320206", parent_code="3202", by=head(), at=at, **DOCUMENT)
    commands.merge_agency(code="3201", into_code="3202", by=head(), at=at, **DOCUMENT)
    for row in (moved, vehicle, school):
        row.refresh_from_db()
    assert (moved.agency.code, moved.agency_code, moved.name) == ("3202", "3202", f"{kept.name}（原3201）")
    assert (vehicle.agency.code, school.area.code) == ("3202", "3202")


def test_school_and_tutoring_institution_are_renamed_and_the_former_name_is_found(at: datetime) -> None:
    school, institution = make.a_school(at), make.a_tutoring_institution(at)
    done = commands.rename_school(code=school.code, name="江苏师范大学", by=head(), at=at, **DOCUMENT)
    assert done.value.name == "江苏师范大学"
    assert lines_about(f"agencies.school:{school.pk}")[0].facts["former"] == "南京师范大学"
    other = make.a_school(at, "另一所大学", "10320")
    with pytest.raises(Conflict):
        commands.rename_school(code=other.code, name="江苏师范大学", by=head(), at=at, **DOCUMENT)
    with pytest.raises(BadInput):
        commands.rename_tutoring_institution(code=institution.code, name=institution.name, by=head(), at=at, **DOCUMENT)
    commands.rename_tutoring_institution(code=institution.code, name="新助学中心", by=head(), at=at, **DOCUMENT)
    institution.refresh_from_db()
    assert institution.name == "新助学中心"


def test_record_department_gets_another_head_and_is_dissolved_when_empty(at: datetime) -> None:
    make.an_area(at)
    department = make.a_record_department(at, "3201", staff=1)
    by, given = clerk(Post.RECORDS_HEAD), {"department_id": department.pk, **DOCUMENT}
    commands.change_record_department(name="考籍科", head="科长乙", equipment="终端四台", by=by, at=at, **given)  # type: ignore[arg-type]
    assert RecordDepartment.objects.get().head == "科长乙"
    with pytest.raises(BadInput):
        commands.assign_record_work(agency_code="3201", does_records=False, by=by, at=at)
    with pytest.raises(Conflict):
        commands.end_record_department(by=by, at=at, **given)  # type: ignore[arg-type]
    staff = department.staff.get()
    commands.end_record_staff(department_id=department.pk, staff_id=staff.pk, reason="moved", by=by, at=at)  # type: ignore[arg-type]
    commands.end_record_department(by=by, at=at, **given)  # type: ignore[arg-type]
    agency = queries.record_agency(by, "3201")
    assert "record-department-missing" in {f.code for f in queries.record_work(agency, local_day(at)).refusals}
    commands.assign_record_work(agency_code="3201", does_records=False, by=by, at=at)
    assert queries.record_work(queries.record_agency(by, "3201"), local_day(at)).granted
