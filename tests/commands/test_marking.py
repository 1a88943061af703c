"""Marking by its commands: keys, cards, doubts, marks, totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.factories import marking as make
from zikao.foundation.errors import BadInput, Conflict, NotPermitted, Refused, WrongState
from zikao.foundation.storage import get
from zikao.stages.marking import commands, queries
from zikao.stages.marking.commands.rulings import Ruling
from zikao.stages.marking.models import Card, Doubt, Reading
from zikao.stages.marking.pictures import item_picture, whole_picture
from zikao.stages.seating.models import Seat
from zikao.world.scans import Filled, Habits

pytestmark = pytest.mark.django_db
FAINT = Habits(light=0, faint=1, half=0, cross=0, tick=0, dash=0, changed=0, double=0)
TWICE = Habits(light=0, faint=0, half=0, cross=0, tick=0, dash=0, changed=0, double=1)


def balance(paper: object) -> queries.PaperBalance:
    return queries.paper_balance(paper)  # type: ignore[arg-type]


# Key


def test_key_is_in_force_when_two_others_signed_one_of_them_the_head(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    key = make.an_entered_key(at, paper)
    key = commands.sign_key(key_id=key.pk, digest=key.digest, by=make.CLERK, at=at).value
    assert key.state == "reviewed"
    key = commands.sign_key(key_id=key.pk, digest=key.digest, by=make.HEAD, at=at).value
    assert key.state == "signed"
    assert make.KEY.encode() not in bytes(key.answers_sealed)


def test_two_reviewers_without_the_head_do_not_put_a_key_in_force(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    key = make.an_entered_key(at, paper)
    for account in (51, 52, 53):
        by = replace(make.CLERK, account_id=account)
        key = commands.sign_key(key_id=key.pk, digest=key.digest, by=by, at=at).value
    assert key.state == "reviewed"


def test_a_signed_key_cannot_be_entered_again(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    make.a_signed_key(at, paper)
    with pytest.raises(WrongState):
        make.an_entered_key(at, paper, "BBBBBBBBBB")


def test_an_unsigned_key_entered_again_is_replaced_and_its_signatures_do_not_count(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    first = make.an_entered_key(at, paper)
    commands.sign_key(key_id=first.pk, digest=first.digest, by=make.CLERK, at=at)
    second = make.an_entered_key(at, paper, "BBBBBBBBBB")
    first.refresh_from_db()
    assert (first.state, second.version, second.signatures.count()) == ("replaced", 2, 0)
    with pytest.raises(WrongState):
        commands.sign_key(key_id=first.pk, digest=first.digest, by=make.HEAD, at=at)


def test_a_reviewer_who_saw_another_key_does_not_sign_it(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    key = make.an_entered_key(at, paper)
    with pytest.raises(Conflict):
        commands.sign_key(key_id=key.pk, digest="0" * 64, by=make.CLERK, at=at)


@pytest.mark.parametrize("answers", ["ABCD", "ABCDABCDAE", "ABCDABCDA-"])
def test_a_key_with_missing_or_strange_letters_is_bad_input(at: datetime, answers: str) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    with pytest.raises(BadInput):
        make.an_entered_key(at, paper, answers)


def test_questions_that_do_not_add_up_to_the_full_mark_are_bad_input(at: datetime) -> None:
    with pytest.raises(BadInput):
        commands.register_questions(
            paper_id=make.a_paper(at, make.COURSE).pk, objective=[Decimal(1)] * 60, by=make.KEY_CLERK, at=at
        )


def test_a_marker_may_not_enter_a_key(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    with pytest.raises(NotPermitted):
        commands.enter_key(paper_id=paper.pk, answers=make.KEY, by=make.marker_actor(1), at=at)


def test_nobody_enters_a_key_without_a_certificate_valid_that_day(at: datetime) -> None:
    paper = make.the_questions(at, make.a_paper(at, make.COURSE))
    facts = {"paper_id": paper.pk, "answers": make.KEY, "by": make.KEY_CLERK}
    with pytest.raises(Refused) as refused:
        commands.enter_key(**facts, at=at)
    assert (refused.value.code, refused.value.clause) == ("no-valid-certificate", "EA-10")
    make.an_entered_key(at, paper)
    with pytest.raises(Refused, match="no-valid-certificate"):
        commands.enter_key(**facts, at=at + timedelta(days=400))


# Cards


def test_cards_are_read_twice_and_belong_to_their_seats(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=4, absent=1)
    make.the_questions(at, paper)
    make.a_read_batch(at, paper)
    seen = balance(paper)
    assert (seen.expected, seen.read, seen.absent, seen.missing, seen.doubtful) == (4, 3, 1, 0, 0)
    assert seen.adds_up
    assert Reading.objects.count() == 8
    assert make.card_of(paper, 1).answers == make.KEY
    assert make.card_of(paper, 4).absent


def test_a_seat_whose_candidate_came_and_whose_card_is_not_there_is_missing(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=3, absent=1)
    make.the_questions(at, paper)
    make.a_read_batch(at, paper, make.scans_of(paper)[1:2])
    seen = balance(paper)
    assert (seen.missing, seen.read, seen.absent) == (1, 1, 1)
    assert seen.adds_up
    assert [seat.number for seat in queries.missing_cards(make.OPERATOR, paper)] == [1]


def test_the_same_picture_and_a_second_card_of_a_seat_are_set_aside_and_nothing_is_lost(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=2, absent=0)
    make.the_questions(at, paper)
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper, number=1)
    scans = make.scans_of(paper)
    make.a_read_batch(at, paper, [*scans, scans[0], make.scan_of(seat, "A" * 10, seed=99)])
    assert list(Card.objects.filter(state="set-aside").values_list("reason", flat=True)) == ["duplicate", "duplicate"]
    seen = balance(paper)
    assert (seen.scanned, seen.placed, seen.set_aside, seen.read) == (4, 2, 2, 2)
    assert seen.adds_up


def test_torn_foreign_broken_and_strangers_cards_are_set_aside_with_their_reason(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    scanner = make.the_scanner()
    stranger = scanner.scan(Filled("00037320100000001", make.KEY), seed=5)
    other_course = scanner.scan(Filled("13000320100000001", make.KEY), seed=6)
    torn = scanner.torn(Filled("00037320100000001", make.KEY), seed=7)
    make.a_read_batch(at, paper, [scanner.foreign(seed=4), stranger, other_course, torn, b"no picture"])
    reasons = list(Card.objects.order_by("number").values_list("reason", flat=True))
    assert reasons == ["no-corners", "unknown-seat", "wrong-course", "no-corners", "unreadable"]
    assert balance(paper).adds_up


def test_a_batch_read_on_one_machine_only_is_refused(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    batch = commands.receive_scans(paper_id=paper.pk, images=make.scans_of(paper), by=make.OPERATOR, at=at).value
    make.read_batch(batch_id=batch.pk, reader=1, machine="甲", by=make.OPERATOR, at=at)
    with pytest.raises(Conflict):
        make.read_batch(batch_id=batch.pk, reader=2, machine="甲", by=make.OPERATOR, at=at)
    with pytest.raises(Refused) as refused:
        commands.compare_readings(batch_id=batch.pk, by=make.OPERATOR, at=at)
    assert refused.value.clause == "EA-A9.2.1.4a"


def test_an_absent_mark_against_the_room_sheet_is_a_doubt_and_follows_the_sheet(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=1)
    make.the_questions(at, paper)
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper)
    make.a_read_batch(at, paper, [make.scan_of(seat)])
    doubt = Doubt.objects.get()
    assert (doubt.item, doubt.reason) == (0, "absent-mark")
    with pytest.raises(Refused):
        commands.resolve_doubts(rulings=[Ruling(doubt.pk, "P")], by=make.OPERATOR, at=at)
    for by in (make.OPERATOR, make.OTHER_OPERATOR):
        commands.resolve_doubts(rulings=[Ruling(doubt.pk, "X")], by=by, at=at)
    card = make.card_of(paper)
    assert (card.state, card.absent, balance(paper).absent) == ("resolved", True, 1)


# Doubts


def doubtful_paper(at: datetime, habits: Habits) -> object:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper)
    answers = "A---------" if habits is FAINT else "AB--------"
    make.a_read_batch(at, paper, [make.scan_of(seat, answers, habits=habits)])
    return paper


def test_two_people_who_agree_settle_a_doubt_and_the_card_keeps_the_other_answers(at: datetime) -> None:
    paper = doubtful_paper(at, FAINT)
    doubt = Doubt.objects.get()
    assert (doubt.item, doubt.reason, make.card_of(paper).answers) == (1, "faint", "?---------")  # type: ignore[arg-type]
    commands.resolve_doubts(rulings=[Ruling(doubt.pk, "A")], by=make.OPERATOR, at=at)
    assert make.card_of(paper).state == "doubtful"  # type: ignore[arg-type]
    commands.resolve_doubts(rulings=[Ruling(doubt.pk, "A")], by=make.OTHER_OPERATOR, at=at)
    card = make.card_of(paper)  # type: ignore[arg-type]
    assert (card.state, card.answers) == ("resolved", "A---------")
    assert doubt.rulings.count() == 2


def test_two_who_differ_settle_nothing_until_a_third_agrees_with_one(at: datetime) -> None:
    paper = doubtful_paper(at, FAINT)
    doubt = Doubt.objects.get()
    for by, answer in ((make.OPERATOR, "A"), (make.OTHER_OPERATOR, "-")):
        commands.resolve_doubts(rulings=[Ruling(doubt.pk, answer)], by=by, at=at)
    assert make.card_of(paper).state == "doubtful"  # type: ignore[arg-type]
    commands.resolve_doubts(rulings=[Ruling(doubt.pk, "-")], by=make.CLERK, at=at)
    assert make.card_of(paper).answers == "----------"  # type: ignore[arg-type]


def test_one_person_cannot_settle_a_doubt_alone(at: datetime) -> None:
    doubtful_paper(at, FAINT)
    doubt = Doubt.objects.get()
    commands.resolve_doubts(rulings=[Ruling(doubt.pk, "A")], by=make.OPERATOR, at=at)
    with pytest.raises(Refused) as refused:
        commands.resolve_doubts(rulings=[Ruling(doubt.pk, "A")], by=make.OPERATOR, at=at)
    assert refused.value.code == "ruled-already"


def test_several_doubts_of_a_card_are_ruled_together_and_a_double_earns_nothing(at: datetime) -> None:
    paper = doubtful_paper(at, TWICE)
    doubts = list(Doubt.objects.order_by("item"))
    assert [(doubt.item, doubt.reason) for doubt in doubts] == [(1, "double"), (2, "double")]
    for by in (make.OPERATOR, make.OTHER_OPERATOR):
        commands.resolve_doubts(rulings=[Ruling(doubts[0].pk, "*"), Ruling(doubts[1].pk, "B")], by=by, at=at)
    assert make.card_of(paper).answers == "*B--------"  # type: ignore[arg-type]


def test_people_see_the_doubtful_item_and_never_more(at: datetime) -> None:
    doubtful_paper(at, FAINT)
    doubt = Doubt.objects.select_related("card__paper").get()
    assert item_picture(doubt)[:2] == b"\xff\xd8"
    assert len(item_picture(doubt)) < len(whole_picture(doubt.card)) < len(get(doubt.card.image))


# Cards set aside


def test_a_torn_card_is_placed_when_a_second_person_says_the_same(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper)
    make.a_read_batch(at, paper, [make.the_scanner().torn(Filled(make.barcode_of(seat), make.KEY), seed=3)])
    card = Card.objects.get()
    said = {"card_id": card.pk, "seat_id": seat.pk, "answers": make.KEY, "note": "按条形码和座位核对"}
    commands.place_set_aside(**said, by=make.OPERATOR, at=at)
    assert balance(paper).missing == 1
    commands.place_set_aside(**said, by=make.OTHER_OPERATOR, at=at)
    card.refresh_from_db()
    assert (card.state, card.seat_id, card.answers) == ("resolved", seat.pk, make.KEY)
    seen = balance(paper)
    assert (seen.missing, seen.resolved, seen.set_aside) == (0, 1, 0)
    assert seen.adds_up


def test_two_people_who_transcribe_differently_place_nothing(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    seat = Seat.objects.select_related("paper__course", "entry__candidate").get(paper=paper)
    make.a_read_batch(at, paper, [make.the_scanner().torn(Filled(make.barcode_of(seat), make.KEY), seed=3)])
    said = {"card_id": Card.objects.get().pk, "seat_id": seat.pk, "note": "按条形码核对"}
    commands.place_set_aside(**said, answers=make.KEY, by=make.OPERATOR, at=at)
    commands.place_set_aside(**said, answers="A" * 10, by=make.OTHER_OPERATOR, at=at)
    assert Card.objects.get().state == "set-aside"
    with pytest.raises(Refused):
        commands.place_set_aside(**said, answers="A" * 10, by=make.OPERATOR, at=at)


def test_a_duplicate_is_dismissed_by_two_and_cannot_take_an_occupied_seat(at: datetime) -> None:
    paper = make.a_sat_paper(at, people=1, absent=0)
    make.the_questions(at, paper)
    scans = make.scans_of(paper)
    make.a_read_batch(at, paper, [*scans, *scans])
    card, seat = Card.objects.get(state="set-aside"), Seat.objects.get(paper=paper)
    with pytest.raises(Conflict):
        commands.place_set_aside(
            card_id=card.pk, seat_id=seat.pk, answers=make.KEY, note="核对", by=make.OPERATOR, at=at
        )
    for by in (make.OPERATOR, make.OTHER_OPERATOR):
        commands.place_set_aside(card_id=card.pk, seat_id=None, answers="", note="同一张卡重复扫描", by=by, at=at)
    seen = balance(paper)
    assert (seen.dismissed, seen.set_aside, seen.read) == (1, 0, 1)
    assert seen.adds_up
