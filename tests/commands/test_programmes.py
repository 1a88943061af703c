"""Plans, sittings, timetables and their filing."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.factories import programmes as make
from tests.factories.actors import clerk, head, the_node
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.exchange.handlers import handler_of
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.national.models import PermissionRequest, TimetableFiling
from zikao.stages.programmes import commands, inbox, queries
from zikao.stages.programmes.forms import read_plans, read_timetable
from zikao.stages.programmes.models import Course, Major, Paper, PaperMajor, Permission, Plan
from zikao.stages.programmes.states import PermissionKind, SlotData, TimetableData, TimetableState, UnitData

pytestmark = pytest.mark.django_db
NAME = "习近平新时代中国特色社会主义思想概论"


def test_province_imports_the_six_real_plans(at: datetime) -> None:
    assert len(make.the_plans(at)) == 6
    plan = queries.plan_in_force(Major.objects.get(code="050101"), date(2026, 10, 1))
    assert plan is not None
    assert (plan.min_credits, plan.examining_school.name, plan.courses.count()) == (76, "南京师范大学", 18)
    assert Course.objects.get(code="00037").name == "美学"
    assert Course.objects.get(code="15040").national
    assert not Course.objects.get(code="00037").national


def test_plan_before_its_first_day_is_not_in_force(at: datetime) -> None:
    major = make.a_major(at)
    assert queries.plan_in_force(major, date(2023, 12, 31)) is None
    assert queries.plan_in_force(major, date(2024, 1, 1)) is not None


def test_new_version_ends_the_one_before(at: datetime) -> None:
    major = make.a_major(at)
    newer = [replace(plan, version="2027年版") for plan in read_plans(make.the_plan_file())]
    commands.import_plans(plans=newer, since=date(2027, 1, 1), by=head(), at=at)
    old = queries.plan_in_force(major, date(2026, 12, 31))
    new = queries.plan_in_force(major, date(2027, 1, 1))
    assert (old and old.version, new and new.version) == ("2024年版(2025年修订)", "2027年版")


def test_same_plans_are_refused_the_second_time(at: datetime) -> None:
    make.the_plans(at)
    plans = read_plans(make.the_plan_file())
    with pytest.raises(BadInput) as refusal:
        commands.import_plans(plans=plans, since=date(2024, 1, 1), by=head(), at=at)
    assert "已经有了" in refusal.value.field_errors["050101 汉语言文学"]


def test_plan_below_the_minimum_is_refused_whole(at: datetime) -> None:
    make.a_school(at, "南京师范大学")
    plan = next(p for p in read_plans(make.the_plan_file()) if p.examining_school == "南京师范大学")
    with pytest.raises(BadInput) as refusal:
        commands.import_plans(plans=[plan, replace(plan, min_credits=69)], since=date(2024, 1, 1), by=head(), at=at)
    assert "低于 70 学分" in " ".join(refusal.value.field_errors.values())
    assert not Plan.objects.exists()


def test_plan_of_an_unknown_school_is_refused(at: datetime) -> None:
    with pytest.raises(BadInput):
        commands.import_plans(plans=read_plans(make.the_plan_file()), since=date(2024, 1, 1), by=head(), at=at)


def test_bad_plan_file_names_every_place() -> None:
    file = copy.deepcopy(make.the_plan_file())
    file["plans"][2]["courses"][5]["credits"] = "六"
    file["plans"][0]["groups"][0]["rule"] = "as you like"
    file["plans"][1]["courses"][0]["code"] = "123"
    with pytest.raises(BadInput) as fault:
        read_plans(file)
    assert set(fault.value.field_errors) == {
        "plans[2].courses[5].credits",
        "plans[0].groups[0].rule",
        "plans[1].courses[0].code",
    }


def test_bad_timetable_file_names_line_and_column() -> None:
    text = "session,major,unit,date,time,course,name,national\n2026-10,050101,1,2026-10-24,09:00-11:30,00037,美学,否\n"
    text += "2026-10,050101,x,2026-10-24,09:00-11:30,540,外国文学史,否\n"
    text += "2026-10,120402,2,2026-10-24,14:30-17:00,00037,美学,否\n"
    with pytest.raises(BadInput) as fault:
        read_timetable(text)
    assert set(fault.value.field_errors) == {"第3行 unit", "第3行 course", "第4行 course"}


@pytest.mark.parametrize(
    ("passed", "lacking"),
    [
        ({"13000"}, {"EL"}),
        ({"13000", "03954", "07827", "10398"}, set()),
        (set(), {"FL", "EL"}),
    ],
)
def test_choice_groups_of_a_real_plan(at: datetime, passed: set[str], lacking: set[str]) -> None:
    plan = queries.plan_in_force(make.a_major(at), date(2026, 10, 1))
    assert plan is not None
    assert set(queries.groups_lacking(plan, frozenset(passed))) == lacking


def test_whole_elective_group_stands_for_the_foreign_language(at: datetime) -> None:
    plan = queries.plan_in_force(make.a_major(at), date(2026, 10, 1))
    assert plan is not None
    electives = plan.courses.filter(group__code="EL").values_list("course__code", flat=True)
    assert queries.groups_lacking(plan, frozenset(electives)) == {}


def test_sitting_has_its_digit(at: datetime) -> None:
    assert make.a_sitting(at, month=10).digit == 2
    assert make.a_sitting(at, 2027, 4).digit == 1


def test_sitting_in_another_month_is_refused(at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        make.a_sitting(at, month=9)
    assert refusal.value.clause == "EA-22.1"


def test_overlapping_units_are_refused(at: datetime) -> None:
    make.a_sitting(at)
    begin = at.replace(month=10, day=24, hour=9)
    units = [
        UnitData(1, begin, begin + timedelta(minutes=150)),
        UnitData(2, begin + timedelta(minutes=149), begin + timedelta(minutes=300)),
    ]
    with pytest.raises(BadInput) as fault:
        commands.define_units(sitting_code="2026-10", units=units, by=head(), at=at)
    assert list(fault.value.field_errors) == ["units.2"]


def test_real_timetable_is_drafted_around_the_national_courses(at: datetime) -> None:
    timetable = make.a_drafted_timetable(at)
    papers = queries.papers_of(timetable.sitting)
    assert (papers.count(), papers.filter(course__national=True).count()) == (78, 6)
    grid = {row.major.code: row for row in queries.timetable_grid(timetable.sitting)}
    assert len(grid) == 8
    assert {p.course.code for p in grid["050101"].cells[1]} == {"00037", "00540", "03954", "15044"}


def moved(data: TimetableData, course: str, unit: int) -> TimetableData:
    slots = (replace(s, unit_number=unit) if s.course_code == course else s for s in data.slots)
    return replace(data, slots=tuple(slots))


def test_national_course_elsewhere_is_refused(at: datetime) -> None:
    timetable = make.a_drafted_timetable(at)
    with pytest.raises(Refused) as refusal:
        commands.draft_timetable(data=moved(make.the_timetable_file(), "15040", 1), by=head(), at=at)
    assert (refusal.value.code, refusal.value.clause) == ("national-course-elsewhere", "EA-22.2")
    assert queries.papers_of(timetable.sitting).count() == 78


def test_province_may_move_its_own_course(at: datetime) -> None:
    make.a_drafted_timetable(at)
    commands.draft_timetable(data=moved(make.the_timetable_file(), "00037", 2), by=head(), at=at)
    assert Paper.objects.get(course__code="00037").unit.number == 2


def test_national_course_in_july_is_refused(at: datetime) -> None:
    make.the_plans(at)
    make.a_sitting(at, 2027, 7)
    begin = at.replace(year=2027, month=7, day=10, hour=9)
    data = TimetableData(
        "2027-07",
        (UnitData(1, begin, begin + timedelta(minutes=150)),),
        (SlotData("15040", "习近平新时代中国特色社会主义思想概论", False, 1, ("050101",)),),
    )
    with pytest.raises(Refused) as refusal:
        commands.draft_timetable(data=data, by=head(), at=at)
    assert refusal.value.clause == "EA-22.3"


def test_publication_is_refused_before_the_centre_has_filed(at: datetime) -> None:
    make.a_filed_timetable(at)
    with pytest.raises(Refused) as refusal:
        commands.publish_timetable(sitting_code="2026-10", by=head(), at=at)
    assert (refusal.value.code, refusal.value.clause) == ("timetable-not-acknowledged", "EA-22.5")
    assert not queries.published("2026-10")


def test_filing_puts_one_message_into_the_outbox(at: datetime) -> None:
    make.a_filed_timetable(at)
    assert list(Outbox.objects.values_list("kind", flat=True)) == ["programmes.timetable-filing"]


def test_filed_timetable_cannot_be_changed(at: datetime) -> None:
    make.a_filed_timetable(at)
    with pytest.raises(WrongState):
        commands.draft_timetable(data=make.the_timetable_file(), by=head(), at=at)


def test_clerk_cannot_publish(at: datetime) -> None:
    make.an_acknowledged_timetable(at)
    with pytest.raises(NotPermitted):
        commands.publish_timetable(sitting_code="2026-10", by=clerk(Post.PROVINCE_CLERK), at=at)


def test_head_publishes_after_acknowledgement(at: datetime) -> None:
    assert make.a_published_timetable(at).state == TimetableState.PUBLISHED
    assert queries.published("2026-10")


def test_acknowledgement_of_another_digest_is_refused(at: datetime) -> None:
    make.a_filed_timetable(at)
    with pytest.raises(WrongState):
        commands.acknowledge_timetable(sitting_code="2026-10", digest="00", filing_number="备1", by=the_node(), at=at)


def test_returned_timetable_is_a_draft_again(at: datetime) -> None:
    filed = make.a_filed_timetable(at)
    body = {"sitting": "2026-10", "digest": filed.digest, "reason": "课程有误"}
    inbox.returned(body, "national", by=the_node(), at=at)
    again = queries.timetable_of("2026-10")
    assert (again.state, again.returned_reason) == (TimetableState.DRAFTED, "课程有误")


def test_another_province_cannot_acknowledge(at: datetime) -> None:
    filed = make.a_filed_timetable(at)
    body = {"sitting": "2026-10", "digest": filed.digest, "number": "备1"}
    with pytest.raises(BadInput):
        inbox.acknowledged(body, "province:33", by=the_node(), at=at)


def issue(at: datetime) -> None:
    make.the_peer(at, "province:32")
    officer = clerk(Post.NATIONAL_OFFICER, "")
    national.issue_timetable(data=make.the_timetable_file().national_only, to=["province:32"], by=officer, at=at)


def filing(at: datetime, data: TimetableData) -> TimetableFiling:
    from zikao.foundation.crypto import canonical, sm3

    body = data.as_body()
    return national.record_timetable_filing(
        province="32", body=body, digest=sm3(canonical(body)).hex(), by=the_node(), at=at
    ).value


def test_centre_files_a_good_timetable_and_answers(at: datetime) -> None:
    issue(at)
    filed = filing(at, make.the_timetable_file())
    assert (filed.state, filed.number) == ("acknowledged", "备20261032")
    kinds = list(Outbox.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["programmes.national-timetable", "programmes.timetable-acknowledged"]


def test_centre_returns_a_moved_national_course_with_the_reason(at: datetime) -> None:
    issue(at)
    filed = filing(at, moved(make.the_timetable_file(), "15040", 1))
    assert (filed.state, filed.number) == ("returned", "")
    assert "15040" in filed.reason


def test_centre_sees_through_a_national_course_called_provincial(at: datetime) -> None:
    issue(at)
    data = moved(make.the_timetable_file(), "15040", 1)
    slots = tuple(replace(s, national=False) for s in data.slots)
    assert filing(at, replace(data, slots=slots)).state == "returned"


def test_centre_returns_a_national_unit_at_another_time(at: datetime) -> None:
    issue(at)
    data = make.the_timetable_file()
    first = data.units[0]
    later = replace(first, starts_at=first.starts_at - timedelta(hours=1))
    filed = filing(at, replace(data, units=(later, *data.units[1:])))
    assert filed.state == "returned"
    assert "应在 10月24日 09:00–11:30，不能改到 10月24日 08:00–11:30" in filed.reason


def test_centre_issues_no_unit_outside_the_month(at: datetime) -> None:
    data = make.the_timetable_file().national_only
    far = [
        replace(u, starts_at=u.starts_at + timedelta(days=9), ends_at=u.ends_at + timedelta(days=9)) for u in data.units
    ]
    with pytest.raises(BadInput) as refusal:
        national.issue_timetable(
            data=replace(data, units=tuple(far)), to=[], by=clerk(Post.NATIONAL_OFFICER, ""), at=at
        )
    assert "不在本考次的月份" in refusal.value.message


def test_same_filing_twice_is_one_filing(at: datetime) -> None:
    issue(at)
    first, second = (filing(at, make.the_timetable_file()) for _ in range(2))
    assert first.pk == second.pk
    assert TimetableFiling.objects.count() == 1


def delivered(message: Outbox) -> object:
    """What the other node's handler does with a message, had it come from its sender."""
    sender = "national" if message.peer.code.startswith("province") else "province:32"
    handler = handler_of(message.kind)
    assert handler is not None
    return handler(message.body, sender, by=the_node(), at=message.sent_at)


def test_timetable_goes_to_the_centre_and_back_until_it_is_published(at: datetime) -> None:
    make.the_plans(at)
    make.the_peer(at)
    issue(at)
    delivered(Outbox.objects.get(kind="programmes.national-timetable"))
    commands.draft_timetable(data=make.the_timetable_file(), by=head(), at=at)
    commands.file_timetable(sitting_code="2026-10", by=head(), at=at)
    delivered(Outbox.objects.get(kind="programmes.timetable-filing"))
    delivered(Outbox.objects.get(kind="programmes.timetable-acknowledged"))
    commands.publish_timetable(sitting_code="2026-10", by=head(), at=at)
    assert queries.timetable_of("2026-10").filing_number == TimetableFiling.objects.get().number


def test_rejected_filing_is_a_draft_again(at: datetime) -> None:
    filed = make.a_filed_timetable(at)
    body = {"timetable": {"sitting": "2026-10"}, "digest": filed.digest}
    answer = {"state": "rejected", "message": "考试安排与摘要不一致，未予接收。"}
    inbox.filing_answered(body, answer, "national", by=the_node(), at=at)
    assert queries.timetable_of("2026-10").state == TimetableState.DRAFTED


def test_centre_refuses_to_issue_a_provincial_course(at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        national.issue_timetable(data=make.the_timetable_file(), to=[], by=clerk(Post.NATIONAL_OFFICER, ""), at=at)
    assert refusal.value.code == "provincial-course-in-national-timetable"


def test_grid_takes_the_same_number_of_queries_whatever_its_size(
    at: datetime, django_assert_num_queries: object
) -> None:
    timetable = make.a_published_timetable(at)
    with django_assert_num_queries(2):  # type: ignore[operator]
        queries.timetable_grid(timetable.sitting)


def test_centre_refuses_a_message_without_a_timetable(at: datetime) -> None:
    from zikao.national.inbox import timetables

    with pytest.raises(BadInput):
        timetables.timetable_filing({}, "province:32", by=the_node(), at=at)


def test_draft_with_other_times_gives_way_to_the_centres_timetable(at: datetime) -> None:
    """A province that began too early must be able to take the centre's timetable over, and is told to begin anew."""
    make.the_plans(at)
    make.a_sitting(at)
    data = make.the_timetable_file()
    own = replace(data, slots=tuple(slot for slot in data.slots if not slot.national))
    early = [replace(u, starts_at=u.starts_at - timedelta(minutes=30)) for u in data.units]
    commands.draft_timetable(data=replace(own, units=tuple(early)), by=head(), at=at)
    commands.take_over_timetable(body=data.national_only.as_body(), by=the_node(), at=at)
    taken = queries.timetable_of("2026-10")
    assert "重新拟定" in taken.returned_reason
    assert queries.papers_of(taken.sitting).count() == 0
    commands.draft_timetable(data=data, by=head(), at=at)
    assert queries.timetable_of("2026-10").returned_reason == ""


def test_course_called_otherwise_or_wrongly_national_is_refused_by_its_code(at: datetime) -> None:
    make.a_drafted_timetable(at)
    wrong = {"00037": {"course_name": "美学概论"}, "00540": {"national": True}}
    data = make.the_timetable_file()
    slots = tuple(replace(slot, **wrong.get(slot.course_code, {})) for slot in data.slots)
    with pytest.raises(BadInput) as refusal:
        commands.draft_timetable(data=replace(data, slots=slots), by=head(), at=at)
    assert refusal.value.field_errors == {
        "课程 00037": "已登记为“美学”，与文件中的“美学概论”不同。",
        "课程 00540": "“外国文学史”由本省命题，不是全国统考课程。",
    }
    assert Paper.objects.get(course__code="00540").course.national is False


def test_checker_names_a_course_that_no_plan_of_the_major_has(at: datetime) -> None:
    sitting = make.a_drafted_timetable(at).sitting
    assert queries.offered_outside_plans(sitting) == []
    PaperMajor.objects.create(paper=Paper.objects.get(course__code="00037"), major=Major.objects.get(code="080901"))
    found = queries.offered_outside_plans(sitting)
    assert [(row.major.code, row.paper.course.code) for row in found] == [("080901", "00037")]


def test_province_that_joined_late_is_sent_the_timetable(at: datetime) -> None:
    issue(at)
    make.the_peer(at, "province:33")
    officer = clerk(Post.NATIONAL_OFFICER, "")
    national.send_timetable_again(sitting_code="2026-10", to=["province:33"], by=officer, at=at)
    bodies = Outbox.objects.filter(kind="programmes.national-timetable").order_by("id")
    assert [each.peer.code for each in bodies] == ["province:32", "province:33"]
    with pytest.raises(NotFound):
        national.send_timetable_again(sitting_code="2027-04", to=["province:33"], by=officer, at=at)


def asked_and_approved(
    at: datetime, kind: str, sitting: str, unit: int | None = None, *, approved: bool = True
) -> None:
    """A request carried to the centre and its answer back, as the exchange would."""
    make.the_peer(at, "province:32")
    commands.request_permission(
        kind=PermissionKind(kind), course_code="15040", sitting_code=sitting, unit_number=unit, reason="停电补考",
        by=head(), at=at,
    )  # fmt: skip
    delivered(Outbox.objects.filter(kind="programmes.permission-request").latest("id"))
    asked = PermissionRequest.objects.latest("id")
    officer = clerk(Post.NATIONAL_OFFICER, "")
    national.answer_permission(request_id=asked.pk, approved=approved, answer="不同意", by=officer, at=at)
    delivered(Outbox.objects.filter(kind="programmes.permission-answered").latest("id"))


def test_national_course_is_held_elsewhere_once_the_centre_has_approved_it(at: datetime) -> None:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    elsewhere = moved(make.the_timetable_file(), "15040", 1)
    asked_and_approved(at, "schedule", "2026-10", 3, approved=False)
    with pytest.raises(Refused):
        commands.draft_timetable(data=elsewhere, by=head(), at=at)
    asked_and_approved(at, "schedule", "2026-10", 1)
    commands.draft_timetable(data=elsewhere, by=head(), at=at)
    assert Paper.objects.get(course__code="15040").unit.number == 1
    issue(at)
    assert filing(at, elsewhere).state == "acknowledged"
    commands.draft_timetable(data=make.the_timetable_file(), by=head(), at=at)
    assert Paper.objects.get(course__code="15040").unit.number == Paper.objects.get(course__code="15040").issued_unit


def test_national_course_is_held_in_july_only_with_the_centres_number(at: datetime) -> None:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    issue(at)
    make.a_sitting(at, 2027, 7)
    unit = UnitData(1, at.replace(year=2027, month=7), at.replace(year=2027, month=7) + timedelta(hours=2))
    data = TimetableData("2027-07", (unit,), (SlotData("15040", NAME, True, 1, ("050101",)),))
    with pytest.raises(Refused) as refusal:
        commands.draft_timetable(data=data, by=head(), at=at)
    assert refusal.value.clause == "EA-22.3"
    hidden = replace(data, slots=(replace(data.slots[0], national=False),))
    assert filing(at, hidden).state == "returned"
    asked_and_approved(at, "schedule", "2027-07", 1)
    commands.draft_timetable(data=data, by=head(), at=at)
    assert filing(at, data).state == "acknowledged"


def test_province_sets_or_changes_a_national_paper_only_with_approval(at: datetime) -> None:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    own = make.the_timetable_file()
    own = replace(own, slots=tuple(replace(s, national=False) if s.course_code == "15040" else s for s in own.slots))
    with pytest.raises(Refused) as refusal:
        commands.draft_timetable(data=own, by=head(), at=at)
    assert refusal.value.code == "national-paper-set-here"
    asked_and_approved(at, "set-paper", "2026-10")
    commands.draft_timetable(data=own, by=head(), at=at)
    assert Paper.objects.get(course__code="15040").own_paper
    issue(at)
    assert filing(at, queries.timetable_data(queries.sitting("2026-10"))).state == "acknowledged"


def test_change_of_a_national_paper_is_recorded_only_after_the_answer(at: datetime) -> None:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    asked_and_approved(at, "change-paper", "2026-10", approved=False)
    refused = Permission.objects.get()
    with pytest.raises(Refused) as refusal:
        commands.record_paper_change(permission_id=refused.pk, what="第3题", by=head(), at=at)
    assert refusal.value.code == "national-paper-changed-here"
    asked_and_approved(at, "change-paper", "2026-10")
    allowed = Permission.objects.get(state="approved")
    commands.record_paper_change(permission_id=allowed.pk, what="第3题选项B", by=head(), at=at)
    assert allowed.changes.get().paper.course.code == "15040"


def test_provincial_course_needs_no_approval_and_a_request_is_made_once(at: datetime) -> None:
    make.the_peer(at)
    make.a_drafted_timetable(at)
    request = {"sitting_code": "2027-07", "unit_number": 1, "reason": "补考", "by": head(), "at": at}
    kind = PermissionKind.SCHEDULE
    with pytest.raises(BadInput):
        commands.request_permission(kind=kind, course_code="00037", **request)
    with pytest.raises(BadInput, match="没有这样的考次"):
        commands.request_permission(kind=kind, course_code="15040", **request | {"sitting_code": "0000-07"})
    commands.request_permission(kind=kind, course_code="15040", **request)
    with pytest.raises(Conflict):
        commands.request_permission(kind=kind, course_code="15040", **request)


def test_centres_timetable_is_taken_over_into_a_draft_that_was_begun_before(at: datetime) -> None:
    make.the_plans(at)
    data = make.the_timetable_file()
    make.a_sitting(at)
    provincial = replace(data, slots=tuple(s for s in data.slots if not s.national))
    commands.draft_timetable(data=provincial, by=head(), at=at)
    commands.take_over_timetable(body=data.national_only.as_body(), by=the_node(), at=at)
    commands.draft_timetable(data=data, by=head(), at=at)
    assert Paper.objects.count() == len(data.slots)
