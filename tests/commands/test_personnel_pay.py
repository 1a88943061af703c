"""Pay from duties done, its approval and corrections; conduct on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.factories import agencies, personnel
from tests.factories.actors import area_clerk, area_director, clerk, head
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.models import ConductRecord, Duty, PayLine
from zikao.stages.personnel.queries import registers
from zikao.stages.personnel.states import ConductKind, Done, PayBasis, PayState, PostKind, UnitDay

pytestmark = pytest.mark.django_db
CLERK = Actor("经办", Post.PREFECTURE_CLERK, "3201", account_id=5)


def test_sheet_adds_up_duties_done_at_the_rates_of_the_day(at: datetime) -> None:
    sheet = personnel.a_pay_sheet(at)
    lines = [(line.post_kind, line.quantity, line.amount_fen) for line in queries.lines_of(sheet)]
    assert sorted(lines) == [("chief", 1, 15_000), ("rover", 1, 15_000), ("rover", 1, 15_000)]
    assert sheet.total_fen == 45_000
    with pytest.raises(Conflict):
        commands.draw_up_pay(site_id=sheet.site_id, sitting_code="2026-10", by=area_clerk(), at=at)


def test_room_is_paid_to_whoever_signed_and_to_nobody_else(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    site = agencies.a_site(at, rooms=1)
    first, *_ = personnel.staffed_rooms(at, site)
    monkeypatch.setattr(registers, "_signed", [lambda code, site_id: [(first.person_id, 1), (999_999, 1)]])
    monkeypatch.setattr(registers, "_units", [lambda code: [UnitDay(1, personnel.EXAM_DAY)]])
    with pytest.raises(Refused) as refusal:
        commands.draw_up_pay(site_id=site.pk, sitting_code="2026-10", by=area_clerk(), at=at)
    assert refusal.value.code == "rate-missing"
    rate = {"post_kind": PostKind.INVIGILATOR, "basis": PayBasis.UNIT, "document": "文号", "by": head(), "at": at}
    commands.set_rate(**rate, rate_fen=10_000, since_on=personnel.EXAM_DAY)
    commands.set_rate(**rate, rate_fen=99_900, since_on=personnel.EXAM_DAY + timedelta(days=1))
    sheet = commands.draw_up_pay(site_id=site.pk, sitting_code="2026-10", by=area_clerk(), at=at).value
    assert [(line.person_id, line.amount_fen) for line in sheet.lines.all()] == [(first.person_id, 10_000)]


def test_nothing_done_is_not_paid_and_days_to_come_are_not_done(at: datetime) -> None:
    site = agencies.a_site(at)
    personnel.a_chief(at, site)
    with pytest.raises(NotFound):
        commands.draw_up_pay(site_id=site.pk, sitting_code="2026-10", by=area_clerk(), at=at)
    with pytest.raises(WrongState):
        commands.record_duties_done(
            site_id=site.pk, sitting_code="2026-10", unit_number=None, absent=[], by=area_clerk(), at=at
        )


def test_sheet_is_approved_by_another_corrected_by_lines_and_paid_in_full(at: datetime) -> None:
    sheet = personnel.a_pay_sheet(at)
    same = Actor(sheet.drawn_by, Post.AREA_DIRECTOR, "3201")
    with pytest.raises(Refused) as refusal:
        commands.approve_pay(sheet_id=sheet.pk, by=same, at=at)
    assert refusal.value.code == "approver-drew-it-up"
    with pytest.raises(WrongState):
        commands.mark_paid(sheet_id=sheet.pk, voucher="1号", by=CLERK, at=at)
    commands.approve_pay(sheet_id=sheet.pk, by=area_director(), at=at)
    commands.mark_paid(sheet_id=sheet.pk, voucher="1号", by=CLERK, at=at)
    line = sheet.lines.filter(post_kind="rover").order_by("id")[0]
    with pytest.raises(BadInput):
        commands.correct_pay(line_id=line.pk, quantity=1, reason="一样", by=CLERK, at=at)
    commands.correct_pay(line_id=line.pk, quantity=0, reason="中途离岗", by=CLERK, at=at)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.total_fen, sheet.paid_fen) == (PayState.DRAWN, 30_000, 45_000)
    own = Actor("经办", Post.AREA_DIRECTOR, "3201", account_id=5)
    with pytest.raises(Refused):
        commands.approve_pay(sheet_id=sheet.pk, by=own, at=at)
    commands.approve_pay(sheet_id=sheet.pk, by=area_director(), at=at)
    paid = commands.mark_paid(sheet_id=sheet.pk, voucher="2号", by=CLERK, at=at).value
    assert paid.paid_fen == paid.total_fen == sum(each.amount_fen for each in sheet.lines.all())


def test_the_database_changes_no_pay_line_and_no_conduct_record(at: datetime) -> None:
    line = personnel.a_pay_sheet(at).lines.order_by("id")[0]
    record = personnel.a_conduct_record(at, line.person)
    for rows in (PayLine.objects.filter(pk=line.pk), ConductRecord.objects.filter(pk=record.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_markers_are_paid_for_what_they_marked(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    person = personnel.a_person(at, account_id=61)
    monkeypatch.setattr(registers, "_marked", [lambda code: [Done(person.pk, PostKind.MARKER, 120)]])
    commands.set_rate(
        post_kind=PostKind.MARKER, basis=PayBasis.SCRIPT, rate_fen=200, since_on=at.date(), document="文号",
        by=head(), at=at,
    )  # fmt: skip
    by = clerk(Post.PROVINCE_CLERK, "32")
    agencies.the_province(at)
    assert commands.draw_up_marking_pay(sitting_code="2026-10", by=by, at=at).value.total_fen == 24_000
    for again, error in ((by, Conflict), (clerk(Post.PROVINCE_CLERK, "3201"), NotFound), (area_clerk(), NotPermitted)):
        with pytest.raises(error):
            commands.draw_up_marking_pay(sitting_code="2026-10", by=again, at=at)


def test_what_was_signed_after_the_sheet_is_added_once(at: datetime) -> None:
    sheet = personnel.a_pay_sheet(at)
    with pytest.raises(Conflict):
        commands.supplement_pay(sheet_id=sheet.pk, by=CLERK, at=at)
    (late,) = personnel.invigilators(at, 1)
    duty = commands.assign_invigilator(
        site_id=sheet.site_id, person_id=late.pk, sitting_code="2026-10", unit_number=2, on=personnel.EXAM_DAY,
        by=area_clerk(), at=at,
    ).value  # fmt: skip
    Duty.objects.filter(pk=duty.pk).update(done_at=at)
    commands.approve_pay(sheet_id=sheet.pk, by=area_director(), at=at)
    commands.mark_paid(sheet_id=sheet.pk, voucher="1号", by=CLERK, at=at)
    line = sheet.lines.filter(post_kind="rover").order_by("id")[0]
    commands.correct_pay(line_id=line.pk, quantity=0, reason="中途离岗", by=CLERK, at=at)
    more = commands.supplement_pay(sheet_id=sheet.pk, by=CLERK, at=at).value
    assert (more.state, more.total_fen, more.paid_fen) == (PayState.DRAWN, 45_000, 45_000)
    assert more.lines.get(person=late).quantity == 1
    with pytest.raises(Conflict):
        commands.supplement_pay(sheet_id=sheet.pk, by=CLERK, at=at)
    with pytest.raises(WrongState) as done:
        commands.hand_over_duty(
            duty_id=duty.pk, person_id=line.person_id, on=personnel.EXAM_DAY, reason="换", by=area_clerk(), at=at
        )
    assert done.value.code == "duty-done"


def test_a_day_at_two_sites_is_paid_once(at: datetime) -> None:
    first, second = agencies.a_site(at), agencies.a_site(at)
    (rover,) = personnel.invigilators(at, 1)
    for unit, site in enumerate((first, second), 1):
        commands.assign_invigilator(
            site_id=site.pk, person_id=rover.pk, sitting_code="2026-10", unit_number=unit, on=personnel.EXAM_DAY,
            by=area_clerk(), at=at,
        )  # fmt: skip
    Duty.objects.update(done_at=at)
    commands.set_rate(
        post_kind=PostKind.ROVER, basis=PayBasis.DAY, rate_fen=30_000, since_on=at.date(), document="文号",
        by=head(), at=at,
    )  # fmt: skip
    assert commands.draw_up_pay(site_id=first.pk, sitting_code="2026-10", by=CLERK, at=at).value.total_fen == 30_000
    with pytest.raises(NotFound):
        commands.draw_up_pay(site_id=second.pk, sitting_code="2026-10", by=CLERK, at=at)


def test_serious_breach_ends_duties_until_it_is_annulled(at: datetime) -> None:
    site = agencies.a_site(at, rooms=1)
    duty, *_ = personnel.staffed_rooms(at, site)
    person, on = duty.person, personnel.EXAM_DAY
    personnel.a_conduct_record(at, person)
    assert Duty.objects.filter(pk=duty.pk).exists()
    record = personnel.a_conduct_record(at, person, code="taking-out", text="将试卷带出考场。", serious=True)
    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert Duty.all_duties.get(pk=duty.pk).end_reason
    refused = queries.fitness(person, PostKind.INVIGILATOR, "2026-10", on, site)
    assert [finding.code for finding in refused.refusals] == ["serious-breach"]
    assert queries.fitness(person, PostKind.INVIGILATOR, "2027-04", on, site).granted
    commands.annul_conduct(record_id=record.pk, reason="认错人", by=area_clerk(), at=at)
    assert queries.fitness(person, PostKind.INVIGILATOR, "2026-10", on, site).granted
    with pytest.raises(WrongState):
        commands.annul_conduct(record_id=record.pk, reason="再撤", by=area_clerk(), at=at)
    assert len(queries.year_of(person, 2026).breaches) == 1


def test_record_needs_facts_evidence_and_a_named_breach(at: datetime) -> None:
    person = personnel.a_person(at)
    with pytest.raises(BadInput) as fault:
        personnel.a_conduct_record(at, person, code="sleepwalking", text=" ", evidence="")
    assert set(fault.value.field_errors) == {"code", "text", "evidence"}
    with pytest.raises(BadInput):
        personnel.a_conduct_record(at, person, kind=ConductKind.COMMENDATION, code="", serious=True)
    with pytest.raises(NotFound):
        commands.record_conduct(
            person_id=person.pk, sitting_code="2026-10", kind=ConductKind.COMMENDATION, text="好", evidence="记录",
            happened_on=at.date(), by=area_clerk("3202"), at=at,
        )  # fmt: skip


def a_shared_post(at: datetime, monkeypatch: pytest.MonkeyPatch, basis: PayBasis) -> tuple[Duty, Duty]:
    """A chief of three units on two days, whose post another takes over from the third unit on; a rate for it."""
    site, days = agencies.a_site(at), {1: 0, 2: 0, 3: 1}
    units = [UnitDay(number, personnel.EXAM_DAY + timedelta(days=day)) for number, day in days.items()]
    monkeypatch.setattr(registers, "_units", [lambda code: units])
    rovers = personnel.invigilators(at, 3)
    for unit, rover in zip(units, rovers, strict=True):
        commands.assign_invigilator(
            site_id=site.pk, person_id=rover.pk, sitting_code="2026-10", unit_number=unit.number, on=unit.on,
            by=area_clerk(), at=at,
        )  # fmt: skip
    duty = personnel.a_chief(at, site)
    (other,) = personnel.certified(at, {77: "接替主考"}, PostKind.CHIEF, agency_code="3201")
    first_evening = at.replace(month=10, day=24, hour=18)
    given = {"duty_id": duty.pk, "person_id": other.pk, "reason": "生病", "by": area_director(), "at": first_evening}
    for wrong, code in ((None, "taking-over-unit-missing"), (1, "taking-over-unit-unknown")):
        with pytest.raises(Refused) as refusal:
            commands.hand_over_duty(**given, on=units[0].on, from_unit=wrong)
        assert (refusal.value.code, refusal.value.clause) == (code, "EA-7.2")
    part = commands.hand_over_duty(**given, on=units[0].on, from_unit=3).value
    commands.set_rate(
        post_kind=PostKind.CHIEF, basis=basis, rate_fen=20_000, since_on=at.date(), document="文号", by=head(), at=at
    )
    commands.record_duties_done(
        site_id=site.pk, sitting_code="2026-10", unit_number=None, absent=(), by=area_clerk(),
        at=first_evening + timedelta(days=2),
    )  # fmt: skip
    return duty, part


@pytest.mark.parametrize(("basis", "shares"), [(PayBasis.UNIT, (2, 1)), (PayBasis.DAY, (1, 1))])
def test_post_handed_over_during_a_sitting_is_paid_to_each_for_what_they_did(
    at: datetime, monkeypatch: pytest.MonkeyPatch, basis: PayBasis, shares: tuple[int, int]
) -> None:
    former, part = a_shared_post(at, monkeypatch, basis)
    sheet = commands.draw_up_pay(site_id=former.site_id, sitting_code="2026-10", by=CLERK, at=at).value
    paid = dict(sheet.lines.filter(post_kind="chief").values_list("person_id", "quantity"))
    assert paid == {former.person_id: shares[0], part.person_id: shares[1]}
    assert sheet.total_fen == sum(shares) * 20_000
    assert list(Duty.objects.filter(site=former.site, post_kind=PostKind.CHIEF)) == [part], "one chief at a time"
    spans = [queries.duties_held(each.person).get().span for each in (former, part)]
    assert spans == ["到第3单元前为止", "第3单元起"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Duty.objects.filter(pk=part.pk).update(until_unit=2)
