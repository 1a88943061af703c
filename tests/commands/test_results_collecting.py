"""Annex 1, two to five: a round with its group and posts, workers who may work, three present, video kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.factories import collecting as make
from tests.factories import results
from tests.factories.actors import clerk
from tests.factories.archive import OFFICER, PROVINCE_HEAD, RECORDS_HEAD
from tests.factories.programmes import a_sitting
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.foundation.retention.models import Holding
from zikao.stages.results import commands
from zikao.stages.results.models import CollectionSession, CollectionWorker, Presence, Publication, StagedScore
from zikao.stages.results.states import CollectionDuty, MemberRole

pytestmark = pytest.mark.django_db
SITTING = "2026-10"
SURVEYOR = Actor("省级考务员", Post.PROVINCE_CLERK, "32", account_id=900_934)


def collect(at: datetime, by: Actor = OFFICER) -> Publication:
    return commands.collect_scores(sitting=SITTING, by=by, at=at).value


def refusal_of(at: datetime) -> str:
    with pytest.raises(Refused) as refusal:
        collect(at)
    assert not StagedScore.objects.exists()
    assert not Publication.objects.exists()
    return refusal.value.code


# The round


def test_head_confirms_a_round_with_a_group_of_both_and_all_posts_named(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    assert (held.state, held.confirmed_by) == ("confirmed", PROVINCE_HEAD.account_id)
    line = lines_about(held)[0]
    assert line.command == "results.round-confirmed"
    assert len(line.facts["duties"]) == len(CollectionDuty)


def test_a_round_without_a_school_or_with_an_empty_post_is_not_confirmed(at: datetime) -> None:
    held = make.a_draft(at, a_sitting(at))
    commands.name_member(round_id=held.pk, name="沈立", school="", role=MemberRole.LEADER, by=RECORDS_HEAD, at=at)
    with pytest.raises(Refused) as refusal:
        commands.confirm_round(round_id=held.pk, by=PROVINCE_HEAD, at=at)
    assert {each.code for each in refusal.value.findings} == {"group-without-school", "duties-unnamed"}
    held.refresh_from_db()
    assert held.state == "drafted"


@pytest.mark.parametrize(
    ("duty", "person", "code"),
    [
        (CollectionDuty.SUPERVISION, OFFICER, "supervisor-works"),
        (CollectionDuty.SUPERVISION, make.CLERK, "supervisor-works"),
        (CollectionDuty.SUPERVISION, make.REVIEWER, "supervisor-works"),
        (CollectionDuty.CHECKING, OFFICER, "checker-collects"),
    ],
)
def test_who_supervises_or_checks_does_not_collect(duty: str, person: Actor, code: str, at: datetime) -> None:
    held = make.a_staffed_draft(at, a_sitting(at))
    named = CollectionDuty(duty)
    account = person.account_id or 0
    commands.name_responsible(round_id=held.pk, duty=named, account_id=account, by=RECORDS_HEAD, at=at)
    with pytest.raises(Refused) as refusal:
        commands.confirm_round(round_id=held.pk, by=PROVINCE_HEAD, at=at)
    assert refusal.value.code == code


def test_group_and_posts_do_not_change_after_confirmation(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    with pytest.raises(WrongState):
        commands.name_member(round_id=held.pk, name="何人", school="", role=MemberRole.MEMBER, by=RECORDS_HEAD, at=at)
    with pytest.raises(WrongState):
        commands.name_responsible(
            round_id=held.pk, duty=CollectionDuty.CHECKING, account_id=OFFICER.account_id or 0, by=RECORDS_HEAD, at=at
        )
    with pytest.raises(WrongState):
        commands.confirm_round(round_id=held.pk, by=PROVINCE_HEAD, at=at)


def test_a_sitting_has_one_live_round_and_another_after_it_is_closed(at: datetime) -> None:
    sitting = a_sitting(at)
    held = make.a_round(at, sitting)
    with pytest.raises(Conflict):
        make.a_draft(at, sitting)
    commands.close_round(round_id=held.pk, by=RECORDS_HEAD, at=at)
    assert make.a_draft(at, sitting).pk != held.pk


def test_a_round_ends_after_it_begins_and_has_its_process(at: datetime) -> None:
    given = {"sitting": a_sitting(at).code, "process_type": "text/plain", "by": RECORDS_HEAD, "at": at}
    day = timedelta(days=1)
    with pytest.raises(BadInput):
        commands.draft_round(begins_at=at + day, ends_at=at + day, process=b"x", **given)
    with pytest.raises(BadInput):
        commands.draft_round(begins_at=at, ends_at=at + day, process=b"", **given)


# Who works


def test_worker_is_vetted_trained_filed_and_pledges_by_the_own_hand(at: datetime) -> None:
    worker = make.a_worker(make.a_round(at, a_sitting(at)), OFFICER, at)
    assert worker.state == "pledged"
    assert worker.pledge_signed_at == at
    assert [line.command for line in lines_about(worker)] == [
        "results.pledge-signed", "results.worker-filed", "results.worker-trained", "results.worker-vetted",
    ]  # fmt: skip


def test_nobody_signs_anothers_pledge(at: datetime) -> None:
    worker = make.a_filed_worker(make.a_round(at, a_sitting(at)), OFFICER, at)
    for stranger in (make.CLERK, clerk(Post.SCORE_OFFICER)):
        with pytest.raises(NotPermitted):
            commands.sign_pledge(worker_id=worker.pk, by=stranger, at=at)
    worker.refresh_from_db()
    assert worker.pledge_signed_at is None


def test_pledge_is_not_signed_before_training_and_filing(at: datetime) -> None:
    worker = make.a_vetted_worker(make.a_round(at, a_sitting(at)), OFFICER, at)
    with pytest.raises(WrongState):
        commands.sign_pledge(worker_id=worker.pk, by=OFFICER, at=at)
    with pytest.raises(WrongState):
        commands.file_worker(worker_id=worker.pk, by=RECORDS_HEAD, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        CollectionWorker.objects.filter(pk=worker.pk).update(state="pledged")


def test_training_in_three_of_four_is_not_recorded(at: datetime) -> None:
    worker = make.a_vetted_worker(make.a_round(at, a_sitting(at)), OFFICER, at)
    with pytest.raises(Refused) as refusal:
        commands.record_training(
            worker_id=worker.pk, topics=make.TOPICS[:3], trained_on=at.date(), by=RECORDS_HEAD, at=at
        )
    assert refusal.value.code == "worker-untrained"


def test_organiser_does_not_vet_themselves_nor_anybody_twice(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    with pytest.raises(BadInput):
        make.a_vetted_worker(held, RECORDS_HEAD, at)
    make.a_vetted_worker(held, OFFICER, at)
    with pytest.raises(Conflict):
        make.a_vetted_worker(held, OFFICER, at)


# The hours


def test_collection_is_refused_without_a_confirmed_round(at: datetime) -> None:
    sitting = results.a_marked_sitting(at)
    assert refusal_of(at) == "round-missing"
    make.a_staffed_draft(at, sitting)
    assert refusal_of(at) == "round-missing"


def test_collection_is_refused_while_two_are_present(at: datetime) -> None:
    session = make.ready_to_collect(at, results.a_marked_sitting(at))
    commands.leave_session(session_id=session.pk, by=make.REVIEWER, at=at)
    assert refusal_of(at) == "too-few-present"
    commands.join_session(session_id=session.pk, by=make.REVIEWER, at=at)
    publication = collect(at)
    assert lines_about(publication)[0].facts["session"] == session.pk


def test_collection_is_refused_before_and_after_the_set_time(at: datetime) -> None:
    held = make.ready_to_collect(at, results.a_marked_sitting(at)).round
    assert refusal_of(held.begins_at - timedelta(seconds=1)) == "outside-set-time"
    assert refusal_of(held.ends_at) == "outside-set-time"
    assert collect(held.ends_at - timedelta(seconds=1)).count


def test_collection_is_refused_to_who_did_not_sign_the_pledge(at: datetime) -> None:
    held = make.a_round(at, results.a_marked_sitting(at))
    worker = make.a_filed_worker(held, OFFICER, at)
    assert refusal_of(at) == "pledge-unsigned"
    with pytest.raises(Refused) as refusal:
        make.a_session(held, at)
    assert refusal.value.code == "pledge-unsigned"
    commands.sign_pledge(worker_id=worker.pk, by=OFFICER, at=at)
    assert refusal_of(at) == "not-in-session"


def test_collection_is_refused_to_who_was_not_vetted(at: datetime) -> None:
    make.a_round(at, results.a_marked_sitting(at))
    assert refusal_of(at) == "worker-unvetted"


def test_who_may_not_work_does_not_sign_in(at: datetime) -> None:
    session = make.ready_to_collect(at, results.a_marked_sitting(at))
    with pytest.raises(Refused):
        commands.join_session(session_id=session.pk, by=make.known(SURVEYOR, at), at=at)
    make.a_filed_worker(session.round, SURVEYOR, at)
    with pytest.raises(Refused) as refusal:
        commands.join_session(session_id=session.pk, by=SURVEYOR, at=at)
    assert refusal.value.code == "pledge-unsigned"


def test_one_person_is_present_once(at: datetime) -> None:
    session = make.ready_to_collect(at, results.a_marked_sitting(at))
    with pytest.raises(Conflict):
        commands.join_session(session_id=session.pk, by=make.CLERK, at=at)
    first = Presence.objects.order_by("id").first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Presence.objects.create(session=session, worker=first.worker, account_id=first.account_id, joined_at=at)


def test_recused_worker_leaves_and_does_not_count(at: datetime) -> None:
    make.ready_to_collect(at, results.a_marked_sitting(at))
    worker = CollectionWorker.objects.get(account_id=make.CLERK.account_id)
    commands.recuse_worker(worker_id=worker.pk, by=make.CLERK, at=at)
    assert refusal_of(at) == "too-few-present"
    own = CollectionWorker.objects.get(account_id=OFFICER.account_id)
    commands.recuse_worker(worker_id=own.pk, by=OFFICER, at=at)
    assert refusal_of(at) == "worker-recused"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"isolated": False}, "machines-not-isolated"),
        ({"only_needed": False}, "machines-not-clean"),
        ({"camera": " "}, "collection-not-filmed"),
    ],
)
def test_session_begins_only_isolated_and_filmed(changes: dict[str, object], code: str, at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    make.a_worker(held, OFFICER, at)
    given = {"place": "采集室", "camera": "1", "isolated": True, "only_needed": True, **changes}
    with pytest.raises(Refused) as refusal:
        commands.begin_session(round_id=held.pk, by=OFFICER, at=at, **given)
    assert refusal.value.code == code
    assert not CollectionSession.objects.exists()


def test_ended_session_registers_its_video_and_signs_everybody_out(at: datetime) -> None:
    session = make.ready_to_collect(at, results.a_marked_sitting(at))
    with pytest.raises(Conflict):
        commands.close_round(round_id=session.round_id, by=RECORDS_HEAD, at=at)
    given = {"session_id": session.pk, "pieces": 4, "place": "音像档案室", "keeper": "许慧", "by": OFFICER, "at": at}
    with pytest.raises(BadInput):
        commands.end_session(video=" ", **given)
    ended = commands.end_session(video="V-1", **given).value
    kept = Holding.objects.get(pk=ended.holding_id)
    assert (kept.kind, kept.matter, kept.quantity) == ("collection-video", SITTING, 4)
    assert not Presence.objects.filter(left_at=None).exists()
    assert refusal_of(at) == "not-in-session"
    with pytest.raises(WrongState):
        commands.join_session(session_id=session.pk, by=make.CLERK, at=at)


# Who may


@pytest.mark.parametrize(
    ("act", "wrong"),
    [
        ("draft_round", (Post.PROVINCE_HEAD, Post.SCORE_OFFICER, Post.RECORDS_CLERK)),
        ("confirm_round", (Post.RECORDS_HEAD, Post.SCORE_OFFICER)),
        ("close_round", (Post.SCORE_OFFICER, Post.PROVINCE_CLERK)),
        ("vet_worker", (Post.SCORE_OFFICER, Post.PROVINCE_HEAD)),
        ("file_worker", (Post.SCORE_OFFICER, Post.RECORDS_CLERK)),
        ("sign_pledge", (Post.RECORDS_HEAD, Post.COUNTY_CLERK, Post.MARKER)),
        ("begin_session", (Post.RECORDS_HEAD, Post.RECORDS_CLERK)),
        ("join_session", (Post.RECORDS_HEAD, Post.COUNTY_CLERK)),
        ("end_session", (Post.RECORDS_CLERK, Post.PROVINCE_HEAD)),
    ],
)
def test_other_posts_may_not(act: str, wrong: tuple[Post, ...], at: datetime) -> None:
    for post in wrong:
        with pytest.raises(NotPermitted):
            getattr(commands, act)(by=clerk(post), at=at)


def test_another_provinces_round_does_not_exist(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    with pytest.raises(NotFound):
        commands.close_round(round_id=held.pk, by=clerk(Post.RECORDS_HEAD, "33"), at=at)
