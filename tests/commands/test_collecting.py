"""Annex 1, two to five: a round with its group and posts, workers who may work, three present, video kept."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.factories import collecting as make
from tests.factories import results
from tests.factories.actors import clerk
from tests.factories.archive import OFFICER, PROVINCE_HEAD, RECORDS_HEAD
from tests.factories.programmes import a_sitting
from zikao.foundation.access.models import Appointment
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.ledger import lines_about
from zikao.foundation.retention.models import Holding
from zikao.stages.collecting import commands
from zikao.stages.collecting.models import Presence, Session, Worker
from zikao.stages.collecting.states import CollectionDuty, MemberRole, Purpose, Work
from zikao.stages.results import commands as results_commands
from zikao.stages.results.models import Publication, StagedScore

pytestmark = pytest.mark.django_db
SITTING = "2026-10"


def collect(at: datetime, by: Actor = OFFICER) -> Publication:
    return results_commands.collect_scores(sitting=SITTING, by=by, at=at).value


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
    assert line.command == "collecting.round-confirmed"
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
    purpose = {"purpose": Purpose.SITTING, "sitting": a_sitting(at).code}
    given = {**purpose, "process_type": "text/plain", "by": RECORDS_HEAD, "at": at}
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
        "collecting.pledge-signed", "collecting.workers-filed", "collecting.workers-trained",
        "collecting.workers-vetted",
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
        commands.file_workers(round_id=worker.round_id, worker_ids=[worker.pk], by=RECORDS_HEAD, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Worker.objects.filter(pk=worker.pk).update(state="pledged")


def test_training_in_three_of_four_is_not_recorded(at: datetime) -> None:
    worker = make.a_vetted_worker(make.a_round(at, a_sitting(at)), OFFICER, at)
    with pytest.raises(Refused) as refusal:
        commands.record_training(
            round_id=worker.round_id, worker_ids=[worker.pk], topics=make.TOPICS[:3], trained_on=at.date(),
            by=RECORDS_HEAD, at=at,
        )  # fmt: skip
    assert refusal.value.code == "worker-untrained"


def test_many_are_vetted_trained_and_filed_at_once_and_each_pledges_by_the_own_hand(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    people = [Actor(f"评卷员{n}", Post.MARKER, "32", account_id=907_000 + n) for n in range(300)]
    workers = make.filed_workers(held, people, at)
    assert Counter(held.workers.values_list("state", flat=True)) == {"filed": 300}
    line = lines_about(held)[0]
    assert (line.command, line.facts["count"]) == ("collecting.workers-filed", 300)
    assert workers[7].pk in line.facts["workers"]
    commands.sign_pledge(worker_id=workers[0].pk, by=people[0], at=at)
    with pytest.raises(NotPermitted):
        commands.sign_pledge(worker_id=workers[1].pk, by=people[0], at=at)
    assert Counter(held.workers.values_list("state", flat=True)) == {"filed": 299, "pledged": 1}


def test_one_who_cannot_take_the_step_stops_all(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    ready, filed = make.a_vetted_worker(held, OFFICER, at), make.a_filed_worker(held, make.CLERK, at)
    given = {"round_id": held.pk, "worker_ids": [ready.pk, filed.pk], "by": RECORDS_HEAD, "at": at}
    with pytest.raises(WrongState):
        commands.record_training(topics=make.TOPICS, trained_on=at.date(), **given)
    ready.refresh_from_db()
    assert ready.state == "vetted"
    with pytest.raises(Conflict):
        make.vetted_workers(held, [make.REVIEWER, make.CLERK], at)
    assert held.workers.count() == 2


def test_nobody_vets_trains_or_files_themselves(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    with pytest.raises(BadInput):
        make.a_vetted_worker(held, RECORDS_HEAD, at)
    worker = make.vetted_workers(held, [RECORDS_HEAD], at, by=PROVINCE_HEAD)[0]
    given = {"round_id": held.pk, "worker_ids": [worker.pk], "at": at}
    with pytest.raises(BadInput):
        commands.record_training(topics=make.TOPICS, trained_on=at.date(), by=RECORDS_HEAD, **given)
    commands.record_training(topics=make.TOPICS, trained_on=at.date(), by=PROVINCE_HEAD, **given)
    with pytest.raises(BadInput):
        commands.file_workers(by=RECORDS_HEAD, **given)
    assert commands.file_workers(by=PROVINCE_HEAD, **given).value[0].pk == worker.pk


def test_who_is_not_in_post_is_not_chosen(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    Appointment.objects.filter(account_id=make.known(OFFICER, at).account_id).update(until_on=at.date())
    with pytest.raises(BadInput):
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
        commands.join_session(session_id=session.pk, by=make.known(make.SURVEYOR, at), at=at)
    make.a_filed_worker(session.round, make.SURVEYOR, at)
    with pytest.raises(Refused) as refusal:
        commands.join_session(session_id=session.pk, by=make.SURVEYOR, at=at)
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
    worker = Worker.objects.get(account_id=make.CLERK.account_id)
    commands.recuse_worker(worker_id=worker.pk, by=make.CLERK, at=at)
    assert refusal_of(at) == "too-few-present"
    own = Worker.objects.get(account_id=OFFICER.account_id)
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
    given = {
        "work": Work.COLLECTING, "place": "采集室", "camera": "1", "isolated": True, "only_needed": True, **changes,
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        commands.begin_session(round_id=held.pk, by=OFFICER, at=at, **given)
    assert refusal.value.code == code
    assert not Session.objects.exists()


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


def test_several_places_mark_at_once_and_only_one_collects(at: datetime) -> None:
    held = make.a_round(at, a_sitting(at))
    make.workers(held, (OFFICER, make.SURVEYOR, make.LEADER), at)
    make.a_session(held, at, by=make.SURVEYOR, work=Work.MARKING, place="第一评卷室")
    second = make.a_session(held, at, by=make.LEADER, work=Work.MARKING, place="第二评卷室")
    with pytest.raises(Conflict) as taken:
        make.a_session(held, at, by=OFFICER, work=Work.MARKING, place="第二评卷室")
    assert taken.value.code == "place-in-session"
    with pytest.raises(Conflict) as elsewhere:
        make.a_session(held, at, by=make.LEADER, work=Work.TOTALLING)
    assert elsewhere.value.code == "already-present"
    make.a_session(held, at, by=OFFICER, work=Work.COLLECTING)
    commands.leave_session(session_id=second.pk, by=make.LEADER, at=at)
    make.a_session(held, at, by=make.LEADER, work=Work.TOTALLING)
    with pytest.raises(DatabaseError), transaction.atomic():
        make._any_session(at, held, Work.COLLECTING)


def test_work_is_of_the_rounds_purpose(at: datetime) -> None:
    held = make.a_round(at, None)
    make.a_worker(held, OFFICER, at)
    with pytest.raises(BadInput):
        make.a_session(held, at, work=Work.MARKING)
    with pytest.raises(Conflict):
        make.a_draft(at, None)
    assert make.a_draft(at, a_sitting(at)).purpose == "sitting"


# Who may


@pytest.mark.parametrize(
    ("act", "wrong"),
    [
        ("draft_round", (Post.PROVINCE_HEAD, Post.SCORE_OFFICER, Post.RECORDS_CLERK)),
        ("confirm_round", (Post.RECORDS_HEAD, Post.SCORE_OFFICER)),
        ("close_round", (Post.SCORE_OFFICER, Post.PROVINCE_CLERK)),
        ("vet_workers", (Post.SCORE_OFFICER, Post.EXAM_AFFAIRS_HEAD)),
        ("record_training", (Post.SCORE_OFFICER, Post.GROUP_LEADER)),
        ("file_workers", (Post.SCORE_OFFICER, Post.RECORDS_CLERK)),
        ("sign_pledge", (Post.PROVINCE_HEAD, Post.COUNTY_CLERK, Post.KEY_CLERK)),
        ("begin_session", (Post.RECORDS_HEAD, Post.RECORDS_CLERK, Post.MARKER)),
        ("join_session", (Post.AUDITOR, Post.COUNTY_CLERK)),
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
