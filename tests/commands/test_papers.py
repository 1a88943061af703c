"""Papers: packed in one go, handed over without a gap, and refused whole when one thing is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.actors import area_clerk, clerk, head
from tests.factories.agencies import a_secure_room
from tests.factories.papers import CHIEF, PACKER, WAY, a_box, boxes, handed, keeper, keepers, on_exam_day, seen
from tests.factories.personnel import a_dispatch, certified
from tests.factories.programmes import SITTING, a_sitting
from tests.factories.seating import drawn, later
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.stages.agencies.models import SecureRoom
from zikao.stages.papers import commands, queries
from zikao.stages.papers.models import Box, HandOver, Pack
from zikao.stages.papers.states import TRANSITIONS, BoxState, HandOverKind
from zikao.stages.personnel.commands import declare_interest
from zikao.stages.personnel.queries import certified_for, days_on_duty
from zikao.stages.personnel.rules.dispatching import Demand
from zikao.stages.personnel.states import InterestKind, PostKind
from zikao.stages.seating.models import Seat

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


def test_packer_packs_every_seat_of_the_sitting_once(at):
    made = boxes(at, candidates=5)
    assert {box.unit.number for box in made} == {1, 2}
    assert sum(pack.copies for pack in Pack.objects.all()) == Seat.objects.count()
    assert all(pack.box.unit_id == pack.paper.unit_id for pack in Pack.objects.select_related("box", "paper"))
    assert len({box.seal_number for box in made}) == len(made)


def test_packer_adds_spare_papers_by_the_share_of_the_province(at):
    boxes(at)
    assert [pack.spare for pack in Pack.objects.all()] == [1] * Pack.objects.count()


def test_packer_is_refused_when_packed_already(at):
    boxes(at)
    with pytest.raises(Conflict):
        commands.pack_papers(sitting=SITTING, by=PACKER, at=later(at))


def test_packer_is_refused_while_nobody_is_seated(at):
    a_sitting(at)
    keepers(at)
    with pytest.raises(Conflict, match="还没有编排座位"):
        commands.pack_papers(sitting=SITTING, by=PACKER, at=at)
    assert not Box.objects.exists()


def test_packer_finds_no_sitting_of_that_name(at):
    with pytest.raises(NotFound):
        commands.pack_papers(sitting="2099-04", by=PACKER, at=at)


def test_nobody_packs_or_takes_papers_without_a_certificate_valid_that_day(at):
    drawn(at)
    with pytest.raises(Refused) as refusal:
        commands.pack_papers(sitting=SITTING, by=PACKER, at=later(at))
    assert codes(refusal) == {"no-valid-certificate"}
    assert refusal.value.clause == "EA-10"
    assert "请先培训、考核并发证" in refusal.value.remedy
    keepers(at)
    commands.pack_papers(sitting=SITTING, by=PACKER, at=later(at))
    box = Box.objects.select_related("unit").earliest("unit__number")
    taker, room = keeper("保管员甲"), a_secure_room(at)
    for held in (
        {"post_kind": PostKind.INVIGILATOR},
        {"post_kind": PostKind.PAPERS, "valid_until": local_day(on_exam_day(box))},
    ):
        taker.certificates.update(**held)
        with pytest.raises(Refused) as refusal:
            handed(box, HandOverKind.STORE, at, secure_room_id=room.pk)
        assert codes(refusal) == {"no-valid-certificate"}
    taker.certificates.update(valid_until=local_day(on_exam_day(box)) + timedelta(days=1))
    handed(box, HandOverKind.STORE, at, secure_room_id=room.pk)
    assert HandOver.objects.get().taker_person == taker


def test_papers_are_not_given_to_who_has_an_interest_in_the_sitting(at):
    box = a_box(at, BoxState.STORED)
    taker = keeper("押运员乙")
    declare_interest(
        person_id=taker.pk, sitting_code=SITTING, kind=InterestKind.RELATIVE, by=area_clerk(), at=later(at)
    )
    with pytest.raises(Refused) as refusal:
        handed(box, HandOverKind.ISSUE, at)
    assert codes(refusal) == {"full-time-recused"}


def test_taker_of_another_area_is_not_found_unless_the_province_sent_them_here(at):
    box, room = boxes(at)[0], a_secure_room(at)
    stranger = certified(at, {900_969: "外地保管员"}, PostKind.PAPERS, agency_code="3202")[0]
    with pytest.raises(NotFound):
        handed(box, HandOverKind.STORE, at, taker_id=stranger.pk, secure_room_id=room.pk)
    day, days = local_day(on_exam_day(box)), days_on_duty(SITTING)
    a_dispatch(
        at, box.site, demands=[Demand(box.site_id, PostKind.PAPERS.value, 1)], first_on=min(days), last_on=max(days),
        sitting_code=SITTING,
    )  # fmt: skip
    assert [each.person for each in certified_for(area_clerk(), (PostKind.PAPERS,), day)][-1] == stranger
    handed(box, HandOverKind.STORE, at, taker_id=stranger.pk, secure_room_id=room.pk)
    assert HandOver.objects.get().taker_person == stranger


@pytest.mark.parametrize("post", [Post.SITE_CHIEF, Post.PREFECTURE_CLERK, Post.EXAM_AFFAIRS_HEAD, Post.INVIGILATOR])
def test_others_may_not_pack(at, post):
    drawn(at)
    with pytest.raises(NotPermitted):
        commands.pack_papers(sitting=SITTING, by=clerk(post), at=later(at))
    assert not Box.objects.exists()


def test_a_box_goes_its_whole_way(at):
    box = a_box(at, BoxState.RETURNED)
    journey = list(queries.journey_of(box))
    assert [each.kind for each in journey] == list(HandOverKind.values)
    assert [each.giver for each in journey[1:]] == [each.taker for each in journey[:-1]]
    assert box.seal_number == f"S{box.pk}"
    lines = lines_about(f"papers.receive:{journey[2].batch}")
    assert [line.facts["boxes"] for line in lines] == [[box.code]]


@pytest.mark.parametrize("state", list(BoxState))
def test_a_box_goes_only_where_its_state_leads(at, state):
    box = a_box(at, state)
    for kind, _, reached in WAY:
        if reached in TRANSITIONS[state]:
            continue
        more = {"secure_room_id": SecureRoom.objects.get().pk if SecureRoom.objects.exists() else a_secure_room(at).pk}
        with pytest.raises(WrongState):
            handed(box, kind, at, **(more if kind is HandOverKind.STORE else {}))
    box.refresh_from_db()
    assert box.state == state


@pytest.mark.parametrize("kind", list(HandOverKind))
@pytest.mark.parametrize("post", [Post.PAPERS_OFFICER, Post.PREFECTURE_CLERK, Post.SITE_CHIEF, Post.COUNTY_CLERK])
def test_a_hand_over_is_recorded_by_the_post_that_answers_for_it(at, kind, post):
    from zikao.stages.papers.policies import WHO_TAKES

    before = {reached: BoxState.PACKED if i == 0 else WAY[i - 1][2] for i, (_, _, reached) in enumerate(WAY)}
    reached = next(state for each, _, state in WAY if each is kind)
    box = a_box(at, before[reached])
    by = clerk(post, "32" if post is Post.PAPERS_OFFICER else "3201")
    if post in WHO_TAKES[kind]:
        assert handed(box, kind, at, by=by) == 1
    else:
        with pytest.raises(NotPermitted):
            handed(box, kind, at, by=by)
        assert Box.objects.get(pk=box.pk).state == before[reached]


def test_clerk_is_refused_the_papers_of_another_unit(at):
    box = a_box(at, BoxState.STORED)
    with pytest.raises(Refused) as refusal:
        handed(box, HandOverKind.ISSUE, at, unit_number=2)
    assert codes(refusal) == {"box-of-another-unit"}


def test_clerk_is_refused_the_papers_the_day_before(at):
    box = a_box(at, BoxState.STORED)
    with pytest.raises(Refused) as refusal:
        handed(box, HandOverKind.ISSUE, at, when=on_exam_day(box) - timedelta(days=1))
    assert codes(refusal) == {"unit-on-another-day"}


def test_clerk_is_refused_a_room_whose_acceptance_ran_out(at):
    box = boxes(at)[0]
    room = a_secure_room(at)
    with pytest.raises(Refused) as refusal:
        handed(box, HandOverKind.STORE, at, secure_room_id=room.pk, when=at + timedelta(days=366))
    assert codes(refusal) == {"storage-place-not-accepted"}
    assert not HandOver.objects.exists()


def test_clerk_is_refused_the_room_of_another_agency(at):
    box = boxes(at)[0]
    room = a_secure_room(at, "32")
    with pytest.raises(BadInput):
        handed(box, HandOverKind.STORE, at, secure_room_id=room.pk)


def test_chief_is_refused_without_a_count(at):
    box = a_box(at, BoxState.ISSUED)
    with pytest.raises(Refused) as refusal:
        handed(box, HandOverKind.RECEIVE, at, boxes=[seen(box, packs_counted=None)])
    assert codes(refusal) == {"packs-miscounted"}


def test_chief_is_refused_when_something_stays_in_the_box(at):
    box = a_box(at, BoxState.ISSUED)
    with pytest.raises(Refused) as refusal:
        handed(box, HandOverKind.RECEIVE, at, boxes=[seen(box, box_empty_after=False)])
    assert codes(refusal) == {"box-not-emptied"}


def test_chief_seals_scripts_only_with_a_new_seal_for_each_box(at):
    box = a_box(at, BoxState.AT_SITE)
    with pytest.raises(BadInput) as bad:
        handed(box, HandOverKind.SEAL, at, new_seals=[])
    assert "new_seals" in bad.value.field_errors


def test_clerk_hands_over_all_boxes_or_none(at):
    first, second = boxes(at)
    wrong = replace(seen(second), seal_intact=False)
    with pytest.raises(Refused):
        handed(first, HandOverKind.STORE, at, boxes=[seen(first), wrong])
    assert not HandOver.objects.exists()
    assert set(Box.objects.values_list("state", flat=True)) == {"packed"}
    room = SecureRoom.objects.get()
    assert handed(first, HandOverKind.STORE, at, boxes=[seen(first), seen(second)], secure_room_id=room.pk) == 2
    assert set(HandOver.objects.values_list("batch", flat=True)) == {min(first.code, second.code)}


@pytest.mark.parametrize("listed", ["none", "twice"])
def test_clerk_is_told_when_boxes_are_listed_wrong(at, listed):
    box = boxes(at)[0]
    given = [] if listed == "none" else [seen(box), seen(box)]
    with pytest.raises(BadInput):
        handed(box, HandOverKind.STORE, at, boxes=given)


def test_counts_of_states_add_up_in_the_actors_subtree(at):
    a_box(at, BoxState.STORED)
    sitting = Box.objects.first().sitting
    assert queries.boxes_by_state(sitting) == {"stored": 1, "packed": 1}
    assert [each.total for each in queries.unit_counts(area_clerk(), sitting) if each.total] == [1, 1]
    assert not any(each.total for each in queries.unit_counts(area_clerk("3202"), sitting))
    assert queries.boxes(head(), sitting).count() == 2
    assert queries.boxes(CHIEF, sitting).count() == 2
