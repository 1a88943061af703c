"""Marks and totals: scripts opened, marked, scored and added up."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import marking as make
from tests.factories.actors import head
from tests.factories.personnel import certified
from zikao.foundation.errors import BadInput, Refused, WrongState
from zikao.foundation.storage import get
from zikao.stages.marking import commands
from zikao.stages.marking.models import Mark, Marker, QuestionScore, Script, Total
from zikao.stages.marking.pictures import answer_picture
from zikao.stages.personnel.commands import declare_interest
from zikao.stages.personnel.models import Certificate, Person
from zikao.stages.personnel.states import InterestKind, PostKind
from zikao.stages.programmes.models import Paper
from zikao.stages.seating.models import Seat

pytestmark = pytest.mark.django_db


def test_a_paper_is_scored_marked_and_totalled(at: datetime) -> None:
    paper = make.a_paper_in_marking(at, people=2)
    commands.score_objective(paper_id=paper.pk, by=make.OPERATOR, at=at)
    make.mark_everything(at, paper, {11: ["20", "20.5"], 12: ["10"]})
    commands.total_scripts(paper_id=paper.pk, by=make.REVIEWER, at=at)
    totals = list(Total.objects.values_list("objective", "subjective", "total"))
    assert totals == [(Decimal(40), Decimal("30.25"), 70)] * 2


def test_half_a_point_is_rounded_up_at_the_total_only(at: datetime) -> None:
    paper = make.a_paper_in_marking(at, people=1)
    commands.score_objective(paper_id=paper.pk, by=make.OPERATOR, at=at)
    make.mark_everything(at, paper, {11: ["9.5", "9.6"], 12: ["9.9"]})
    commands.total_scripts(paper_id=paper.pk, by=make.REVIEWER, at=at)
    total = Total.objects.get()
    assert (total.subjective, total.total) == (Decimal("19.45"), 59)


def test_marks_too_far_apart_go_to_a_third_marker_and_the_closest_two_count(at: datetime) -> None:
    paper = make.a_paper_in_marking(at, people=1)
    make.mark_everything(at, paper, {11: ["10", "30", "26"], 12: ["5"]})
    score = QuestionScore.objects.get(question__number=11)
    assert (score.points, score.rounds) == (Decimal(28), 3)
    assert len({mark.marker_account_id for mark in Mark.objects.filter(question__number=11)}) == 3


def test_no_marker_gets_the_same_question_of_a_script_twice(at: datetime) -> None:
    make.a_paper_in_marking(at, people=1, markers=1)
    by = make.marker_actor(1)
    seen = []
    while (task := commands.next_script(by=by, at=at).value) is not None:
        seen.append((task.script_id, task.question_id))
        commands.give_mark(task_id=task.pk, points=Decimal(1), by=by, at=at)
    assert len(seen) == len(set(seen)) == 2


def test_a_marker_who_asks_again_gets_the_script_in_hand(at: datetime) -> None:
    make.a_paper_in_marking(at, people=2)
    by = make.marker_actor(1)
    first = commands.next_script(by=by, at=at).value
    again = commands.next_script(by=by, at=at + timedelta(minutes=3)).value
    assert first is not None
    assert again is not None
    assert again.pk == first.pk


def test_marks_below_zero_above_the_maximum_or_too_fine_are_refused(at: datetime) -> None:
    make.a_paper_in_marking(at, people=1)
    by = make.marker_actor(1)
    task = commands.next_script(by=by, at=at).value
    assert task is not None
    for points in ("-1", "40.1", "1.25"):
        with pytest.raises(Refused):
            commands.give_mark(task_id=task.pk, points=Decimal(points), by=by, at=at)
    assert not Mark.objects.exists()


def test_totals_are_refused_while_a_card_is_missing_doubtful_or_a_question_unmarked(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=2, absent=0)
    make.the_questions(at, paper)
    make.a_signed_key(at, paper)
    make.a_read_batch(at, paper, make.scans_of(paper)[:1])
    make.at_the_totalling_place(at, paper)
    commands.open_scripts(paper_id=paper.pk, by=make.OPERATOR, at=at)
    with pytest.raises(Refused) as refused:
        commands.total_scripts(paper_id=paper.pk, by=make.REVIEWER, at=at)
    assert {finding.code for finding in refused.value.findings} == {"cards-missing", "questions-unmarked"}
    assert not Total.objects.exists()


def test_objective_scores_agree_with_the_rule_for_every_kind_of_answer(at: datetime) -> None:
    from zikao.stages.marking import rules

    paper = make.a_sat_paper(at, people=3, absent=0)
    make.the_questions(at, paper)
    make.a_signed_key(at, paper)
    sheets = ["ABCDABCDAB", "BACDABC-AB", "----------"]
    seats = Seat.objects.filter(paper=paper).select_related("paper__course", "entry__candidate").order_by("number")
    images = [make.scan_of(seat, sheet, seed=seat.number) for seat, sheet in zip(seats, sheets, strict=True)]
    make.a_read_batch(at, paper, images)
    make.at_the_totalling_place(at, paper)
    commands.open_scripts(paper_id=paper.pk, by=make.OPERATOR, at=at)
    commands.score_objective(paper_id=paper.pk, by=make.OPERATOR, at=at)
    for script in Script.objects.select_related("card", "objective_score"):
        points = [Decimal(4)] * 10
        expected = rules.OBJECTIVE_SCORE(on=at.date(), answers=script.card.answers, key=make.KEY, points=points)
        assert script.objective_score.points == expected


def test_nothing_is_scored_with_an_unsigned_key(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    make.an_entered_key(at, paper)
    make.at_the_totalling_place(at, paper)
    with pytest.raises(WrongState):
        commands.score_objective(paper_id=paper.pk, by=make.OPERATOR, at=at)


def test_the_picture_a_marker_sees_holds_no_barcode(at: datetime) -> None:
    import zxingcpp
    from simplejpeg import decode_jpeg

    make.a_paper_in_marking(at, people=1)
    script = Script.objects.select_related("card__paper").get()
    shown = decode_jpeg(answer_picture(script), "GRAY")[:, :, 0]
    whole = decode_jpeg(get(script.card.image), "GRAY")[:, :, 0]
    assert zxingcpp.read_barcodes(whole, formats=zxingcpp.BarcodeFormat.Code128)
    assert not zxingcpp.read_barcodes(shown, formats=zxingcpp.BarcodeFormat.Code128)


def appointed(at: datetime, paper: Paper) -> Marker:
    facts = {"name": "评卷员1", "title": "讲师", "university_teacher": True, "interest": False}
    return commands.appoint_marker(
        paper_id=paper.pk, account_id=make.marker_actor(1).account_id or 0, secrecy_signed_on=at.date(),
        by=make.HEAD, at=at, **facts,
    ).value  # fmt: skip


def test_nobody_is_appointed_marker_without_a_certificate_valid_that_day(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    with pytest.raises(Refused) as refused:
        appointed(at, paper)
    assert (refused.value.code, refused.value.clause) == ("no-valid-certificate", "EA-10")
    person = certified(at, {make.marker_actor(1).account_id or 0: "评卷员1"}, PostKind.INVIGILATOR)[0]
    with pytest.raises(Refused):
        appointed(at, paper)
    person.certificates.update(post_kind=PostKind.MARKER, valid_until=at.date() + timedelta(days=1))
    with pytest.raises(Refused):
        appointed(at + timedelta(days=1), paper)
    appointed(at, paper)


def test_marker_takes_and_marks_only_on_days_on_which_the_certificate_is_valid(at: datetime) -> None:
    make.a_paper_in_marking(at, people=1)
    by = make.marker_actor(1)
    held = Certificate.objects.filter(person__account_id=by.account_id)
    task = commands.next_script(by=by, at=at).value
    held.update(valid_until=at.date() + timedelta(days=1))
    commands.next_script(by=by, at=at)
    held.update(valid_from_on=at.date() - timedelta(days=1), valid_until=at.date())
    for act in (
        lambda: commands.next_script(by=by, at=at),
        lambda: commands.give_mark(task_id=task.pk, points=Decimal(1), by=by, at=at),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "no-valid-certificate"
    assert not Mark.objects.exists()


def test_script_in_the_hand_of_who_must_keep_away_goes_to_another_marker(at: datetime) -> None:
    make.a_paper_in_marking(at, people=1)
    by, other = make.marker_actor(1), make.marker_actor(2)
    task = commands.next_script(by=by, at=at).value
    person = Person.objects.get(account_id=by.account_id)
    declare_interest(person_id=person.pk, sitting_code="2026-10", kind=InterestKind.RELATIVE, by=head(), at=at)
    with pytest.raises(Refused):
        commands.next_script(by=by, at=at)
    with pytest.raises(Refused):
        commands.give_mark(task_id=task.pk, points=Decimal(1), by=by, at=at)
    back: dict[str, Any] = {"marker_id": Marker.objects.get(account_id=by.account_id).pk, "by": make.HEAD, "at": at}
    with pytest.raises(BadInput):
        commands.take_back_script(**back, reason=" ")
    commands.take_back_script(**back, reason="子女参加本次考试")
    with pytest.raises(WrongState):
        commands.take_back_script(**back, reason="再收")
    taken = set()
    while (found := commands.next_script(by=other, at=at).value) is not None:
        taken.add(found.pk)
        commands.give_mark(task_id=found.pk, points=Decimal(1), by=other, at=at)
    assert task.pk in taken


def test_who_entered_or_signed_the_key_does_not_mark(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    make.a_signed_key(at, paper)
    with pytest.raises(Refused) as refused:
        commands.appoint_marker(
            paper_id=paper.pk,
            account_id=make.CLERK.account_id or 0,
            name="考务员",
            title="讲师",
            university_teacher=True,
            interest=False,
            secrecy_signed_on=at.date(),
            by=make.HEAD,
            at=at,
        )
    assert refused.value.code == "marker-keeps-key"
