"""A timetable that is public is corrected: by the centre, by the province, and what is entered follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoDbBlocker

from tests.factories import corrections as make
from tests.factories import entries as entering
from tests.factories.actors import clerk, head, the_node
from tests.factories.candidates import a_candidate, as_candidate
from tests.factories.programmes import SITTING, a_paper, a_published_timetable, the_peer, the_timetable_file
from tests.standing import held
from zikao.foundation.actors import Post
from zikao.foundation.errors import Conflict, NotFound, NotPermitted, Refused
from zikao.foundation.exchange.models import Outbox
from zikao.national import commands as national
from zikao.national.models import TimetableFiling
from zikao.stages.entries import commands as entries
from zikao.stages.entries.models import Entry, Order, Payment, Refund
from zikao.stages.entries.queries import counters_off
from zikao.stages.entries.states import COURSE_DROPPED
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.models import Major, NationalEdition, Paper, Sitting, TimetableCorrection, TimetableEdition
from zikao.stages.programmes.states import SlotData, TimetableState, UnitData

pytestmark = pytest.mark.django_db
HEARD = "programmes.national-timetable-correction"


@pytest.fixture(scope="module", autouse=True)
def _published(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The timetable issued and published, and entries open: made once for the module."""

    def build(at: datetime) -> None:
        make.the_issued_timetable(at)
        a_published_timetable(at)
        the_peer(at)
        entering.a_window(at)

    with held(django_db_blocker, build):
        yield


def unit_of(course: str) -> int:
    return Paper.objects.get(sitting__code=SITTING, course__code=course).unit.number


def is_offered(course: str) -> bool:
    return queries.papers_of(Sitting.objects.get(code=SITTING)).filter(course__code=course).exists()


def test_centres_correction_moves_a_course_and_the_earlier_edition_stays(at: datetime) -> None:
    a_published_timetable(at)
    make.delivered(make.an_issued_correction(at, {"15044": 2}))
    assert unit_of("15044") == 2
    first, second = TimetableEdition.objects.order_by("number")
    assert (first.kind, second.kind, second.document) == ("first", "national", "全国统考安排第1号更正")
    assert [row["kind"] for row in second.changes] == ["moved"]
    assert second.changes[0]["before"] == "第1单元 10月24日 09:00–11:30"
    assert {s["course"]: s["unit"] for s in first.body["slots"]}["15044"] == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        TimetableEdition.objects.filter(pk=first.pk).update(reason="改写")


def test_correction_that_comes_twice_has_one_effect(at: datetime) -> None:
    a_published_timetable(at)
    message = make.an_issued_correction(at, {"15044": 2})
    make.delivered(message)
    assert make.delivered(message) is None
    assert (TimetableEdition.objects.count(), NationalEdition.objects.count()) == (2, 2)


def test_added_course_is_there_to_be_offered_by_the_provinces_own_correction(at: datetime) -> None:
    a_published_timetable(at)
    new = SlotData("15099", "国家安全教育", True, 3)
    make.delivered(make.an_issued_correction(at, dropped=["15044"], added=[new]))
    assert not is_offered("15044")
    assert not is_offered("15099")
    offered = SlotData("15099", "国家安全教育", True, 3, ("050101",))
    data = make.a_corrected_file(at, added=[offered])
    commands.stage_correction(sitting_code=SITTING, data=data, reason="补开考", by=head(), at=at)
    change = TimetableCorrection.objects.get().changes[0]
    assert (change["kind"], change["course"]) == ("added", "15099")


def test_centre_corrects_only_before_the_first_day_for_a_reason_and_something(at: datetime) -> None:
    make.the_issued_timetable(at)
    data = the_timetable_file().national_only
    officer, day = make.an_officer(), datetime(2026, 10, 24, 8, tzinfo=at.tzinfo)
    for reason, when, wanted, code in (
        ("改", day, make.changed(data, {"15044": 2}), "timetable-correction-after-start"),
        ("改", at, data, "timetable-correction-changes-nothing"),
        (" ", at, make.changed(data, {"15044": 2}), "timetable-correction-without-reason"),
    ):
        with pytest.raises(Refused) as refusal:
            national.stage_correction(sitting_code=SITTING, data=wanted, reason=reason, by=officer, at=when)
        assert [finding.code for finding in refusal.value.findings] == [code]
    with pytest.raises(NotPermitted):
        national.stage_correction(sitting_code=SITTING, data=data, reason="改", by=head(), at=at)
    staged = make.a_staged_national_correction(at)
    with pytest.raises(Conflict):
        national.issue_correction(correction_id=staged.pk, digest="0" * 64, by=officer, at=at)
    with pytest.raises(Conflict):
        make.a_staged_national_correction(at)
    national.drop_correction(correction_id=staged.pk, by=officer, at=at)
    assert make.a_staged_national_correction(at).number == 1


def test_provinces_correction_is_filed_before_it_is_in_force(at: datetime) -> None:
    make.the_issued_timetable(at)
    staged = make.a_staged_correction(at)
    with pytest.raises(Refused) as refusal:
        commands.publish_correction(correction_id=staged.pk, by=head(), at=at)
    assert refusal.value.clause == "EA-22.5"
    base = queries.timetable_data(Sitting.objects.get(code=SITTING))
    sent_first = Outbox.objects.get(kind="programmes.timetable-filing")
    assert sent_first.body["timetable"] == base.as_body()
    make.delivered(sent_first)
    commands.file_correction(correction_id=staged.pk, by=head(), at=at)
    message = Outbox.objects.filter(kind="programmes.timetable-filing").latest("id")
    make.delivered(message)
    make.delivered(message)
    assert list(TimetableFiling.objects.order_by("id").values_list("number", flat=True)) == [
        "备20261032",
        "备20261032-1",
    ]
    make.delivered(
        Outbox.objects.filter(kind="programmes.timetable-acknowledged", peer__code="province:32").latest("id")
    )
    assert unit_of("00037") == 1
    commands.publish_correction(correction_id=staged.pk, by=head(), at=at)
    assert unit_of("00037") == 3
    assert TimetableEdition.objects.get(number=2).document == "备20261032-1"


def test_centre_returns_a_correction_that_moves_its_course(at: datetime) -> None:
    make.the_issued_timetable(at)
    a_published_timetable(at)
    make.delivered(Outbox.objects.get(kind="programmes.timetable-filing"))
    with pytest.raises(Refused) as refusal:
        make.a_staged_correction(at, {"15044": 3})
    assert refusal.value.clause == "EA-22.2"
    make.an_issued_correction(at, {"15044": 2})  # on its way: the province does not know it yet
    staged = make.a_staged_correction(at)
    commands.file_correction(correction_id=staged.pk, by=head(), at=at)
    make.delivered(Outbox.objects.filter(kind="programmes.timetable-filing").latest("id"))
    make.delivered(Outbox.objects.get(kind="programmes.timetable-returned"))
    staged.refresh_from_db()
    assert (staged.state, "15044" in staged.answer) == ("returned", True)


def test_correction_made_from_another_edition_is_not_filed(at: datetime) -> None:
    staged = make.a_staged_correction(at)
    with pytest.raises(Conflict):
        make.a_staged_correction(at)
    make.delivered(make.an_issued_correction(at, {"15044": 2}))
    with pytest.raises(Conflict) as refusal:
        commands.file_correction(correction_id=staged.pk, by=head(), at=at)
    assert refusal.value.code == "timetable-changed-meanwhile"
    commands.drop_correction(correction_id=staged.pk, by=head(), at=at)
    assert make.a_staged_correction(at).pk != staged.pk


def test_entries_stay_and_clash_where_their_course_moves(at: datetime) -> None:
    entering.limited_places(at, 1)
    someone = a_candidate(at)
    entering.paid_entries(at, someone, ("00536", "00037"))  # unit 2, unit 1
    make.a_published_correction(at, {"00037": 2})
    rows = {row.paper.course.code: row for row in Entry.objects.select_related("unit", "paper__course")}
    assert (rows["00037"].unit.number, rows["00037"].clashing, rows["00536"].clashing) == (2, True, False)
    assert rows["00037"].was_at == "第1单元 10月24日 09:00–11:30"
    assert counters_off(SITTING) == []
    assert TimetableEdition.objects.get(number=2).effects["clashing"] == 1
    # either may be taken back, whole, when the window is long over
    late = entering.after_window(at) + timedelta(hours=1)
    entries.withdraw_entry(entry_id=rows["00536"].pk, by=as_candidate(someone), at=late)
    rows["00037"].refresh_from_db()
    assert (rows["00037"].state, rows["00037"].clashing) == ("paid", False)
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_fen) == ("corrected", rows["00536"].fee_fen)


def test_two_courses_that_change_places_do_not_clash(at: datetime) -> None:
    entering.paid_entries(at, None, ("00536", "00037"))
    make.a_published_correction(at, {"00037": 2, "00536": 1})
    assert not Entry.objects.filter(clashing=True).exists()
    assert set(Entry.objects.values_list("paper__course__code", "unit__number")) == {("00037", 2), ("00536", 1)}


def test_dropped_course_is_withdrawn_and_paid_back(at: datetime) -> None:
    paid, other = entering.paid_entries(at, None, ("00037", "00536"))
    unpaid = entering.entries(at, None, ("00037",))[0]
    order = entering.order_of(at, unpaid.candidate, courses=("00536",))
    make.a_published_correction(at, dropped=["00037"])
    states = dict(Entry.objects.values_list("pk", "state"))
    assert (states[paid.pk], states[unpaid.pk], states[other.pk]) == ("withdrawn", "withdrawn", "paid")
    assert Refund.objects.get().amount_fen == paid.fee_fen
    assert Payment.objects.get().refund_fen == paid.fee_fen
    assert set(Entry.objects.filter(state="withdrawn").values_list("was_at", flat=True)) == {COURSE_DROPPED}
    assert Order.objects.get(pk=order.pk).state == "cancelled"
    with pytest.raises(NotFound):
        entries.enter_courses(
            candidate_id=unpaid.candidate_id, sitting_code=SITTING, paper_ids=[a_paper(at, "00037").pk],
            area_code="3201", by=as_candidate(unpaid.candidate), at=at,
        )  # fmt: skip


def test_freezing_ends_what_still_clashes(at: datetime) -> None:
    entering.paid_entries(at, None, ("00536", "00037"))
    make.a_published_correction(at, {"00037": 2})
    frozen = entering.a_frozen_list(at)
    assert (frozen.count, frozen.withdrawn) == (1, 1)
    assert Entry.objects.get(state="withdrawn").paper.course.code == "00037"
    assert Refund.objects.get().reason == "corrected"


def test_frozen_list_refuses_what_touches_it_and_names_the_way(at: datetime) -> None:
    entering.paid_entries(at, None, ("00037",))
    message = make.an_issued_correction(at, {"15044": 2})
    filed = make.a_filed_correction(at)
    entering.a_frozen_list(at)
    late = entering.after_window(at)
    with pytest.raises(Refused) as refusal:
        commands.publish_correction(correction_id=filed.pk, by=head(), at=late)
    assert (refusal.value.clause, "第三十三条" in refusal.value.remedy) == ("EA-16", True)
    assert Entry.objects.get().unit.number == 1
    make.delivered(message, late)  # nobody on the list has that course
    assert unit_of("15044") == 2


def test_only_the_province_corrects_and_only_its_head_files(at: datetime) -> None:
    data = make.a_corrected_file(at, {"00037": 3})
    with pytest.raises(NotPermitted):
        commands.stage_correction(
            sitting_code=SITTING, data=data, reason="改", by=clerk(Post.COUNTY_CLERK, "320102"), at=at
        )
    staged = make.a_staged_correction(at)
    with pytest.raises(NotPermitted):
        commands.file_correction(correction_id=staged.pk, by=clerk(), at=at)
    assert queries.timetable_of(SITTING).state == TimetableState.PUBLISHED
    with pytest.raises(NotPermitted):
        commands.record_correction_answer(
            reference=staged.pk, digest=staged.digest, number="备1", reason="", by=head(), at=at
        )
    assert the_node().post == Post.NODE


def test_other_time_of_a_unit_is_told_and_a_major_that_loses_a_course_is_paid_back(at: datetime) -> None:
    entering.paid_entries(at, None, ("00536", "00538"))
    unit = Sitting.objects.get(code=SITTING).units.get(number=3)
    later = UnitData(3, unit.starts_at + timedelta(minutes=30), unit.ends_at + timedelta(minutes=30))
    issued = make.current()
    wanted = replace(issued, units=tuple(later if each.number == 3 else each for each in issued.units))
    staged = national.stage_correction(
        sitting_code=SITTING, data=wanted, reason="考点腾不出", by=make.an_officer(), at=at
    ).value
    national.issue_correction(correction_id=staged.pk, digest=staged.digest, by=make.an_officer(), at=at)
    make.delivered(Outbox.objects.get(kind=HEARD))
    told = Entry.objects.get(paper__course__code="00538")
    assert (told.was_at, told.clashing, told.unit.starts_at) == ("第3单元 10月25日 09:00–11:30", False, later.starts_at)
    data = make.a_corrected_file(at)
    other = tuple(
        replace(each, major_codes=("120402",)) if each.course_code == "00536" else each for each in data.slots
    )
    found = commands.stage_correction(
        sitting_code=SITTING, data=replace(data, slots=other), reason="专业有误", by=head(), at=at
    ).value
    assert [row["kind"] for row in found.changes] == ["majors"]
    commands.file_correction(correction_id=found.pk, by=head(), at=at)
    commands.record_correction_answer(
        reference=found.pk, digest=found.digest, number="备20261032-1", reason="", by=the_node(), at=at
    )
    commands.publish_correction(correction_id=found.pk, by=head(), at=at)
    assert Entry.objects.get(paper__course__code="00536").was_at == COURSE_DROPPED
    assert queries.papers_of(Sitting.objects.get(code=SITTING), Major.objects.get(code="120402")).filter(
        course__code="00536"
    )
