"""How scores come to be collected: a round confirmed, three people who may work, signed in at a filmed place."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories.actors import PROVINCE
from tests.factories.agencies import a_school
from tests.factories.archive import OFFICER, PROVINCE_HEAD, RECORDS_HEAD
from zikao.foundation.access.models import Account
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.stages.programmes.models import Sitting
from zikao.stages.results import commands
from zikao.stages.results.models import CollectionRound, CollectionSession, CollectionWorker
from zikao.stages.results.states import CollectionDuty, MemberRole

# far above what a test process counts up to: an account made by number is nobody else's
CLERK = Actor("考籍管理员", Post.RECORDS_CLERK, PROVINCE, account_id=900_931)
REVIEWER = Actor("积分复核员", Post.TOTALS_REVIEWER, PROVINCE, account_id=900_932)
SUPERVISOR = Actor("审计管理员", Post.AUDITOR, PROVINCE, account_id=900_933)
TOPICS = ("法规", "保密", "纪律", "操作")
DUTIES = {
    CollectionDuty.LEADER: PROVINCE_HEAD,
    CollectionDuty.RECORDS: RECORDS_HEAD,
    CollectionDuty.SCORES: OFFICER,
    CollectionDuty.CHECKING: CLERK,
    CollectionDuty.SUPERVISION: SUPERVISOR,
    CollectionDuty.MACHINES: REVIEWER,
}


def known(person: Actor, at: datetime) -> Actor:
    """The account behind an actor of the tests; an account that is there stays."""
    facts = {"name": person.name, "kind": AccountKind.STAFF, "agency_code": person.agency_code, "created_at": at}
    Account.objects.get_or_create(pk=person.account_id, defaults={"username": f"known.{person.account_id}", **facts})
    return person


def a_draft(at: datetime, sitting: Sitting) -> CollectionRound:
    """A round of one day around `at`, with nobody named."""
    return commands.draft_round(
        sitting=sitting.code, begins_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=23),
        process="成绩采集工作流程".encode(), process_type="text/plain", by=RECORDS_HEAD, at=at,
    ).value  # fmt: skip


def a_staffed_draft(at: datetime, sitting: Sitting) -> CollectionRound:
    """A round with its leading group and its responsible people, not confirmed."""
    held = a_draft(at, sitting)
    school = a_school(at).code
    for name, code, role in (("沈立", "", MemberRole.LEADER), ("石磊", school, MemberRole.MEMBER)):
        commands.name_member(round_id=held.pk, name=name, school=code, role=role, by=RECORDS_HEAD, at=at)
    for duty, person in DUTIES.items():
        account = known(person, at).account_id or 0
        commands.name_responsible(round_id=held.pk, duty=duty, account_id=account, by=RECORDS_HEAD, at=at)
    return held


def a_round(at: datetime, sitting: Sitting) -> CollectionRound:
    """A confirmed round."""
    held = a_staffed_draft(at, sitting)
    return commands.confirm_round(round_id=held.pk, by=PROVINCE_HEAD, at=at).value


def a_vetted_worker(held: CollectionRound, person: Actor, at: datetime) -> CollectionWorker:
    """Somebody chosen, neither trained nor filed."""
    account = known(person, at).account_id or 0
    vetting = "政治素质和业务审查合格"
    return commands.vet_worker(
        round_id=held.pk, account_id=account, vetting=vetting, by=RECORDS_HEAD, at=at
    ).value  # fmt: skip


def a_filed_worker(held: CollectionRound, person: Actor, at: datetime) -> CollectionWorker:
    """Somebody vetted, trained and filed, whose pledge is not signed."""
    worker = a_vetted_worker(held, person, at)
    commands.record_training(worker_id=worker.pk, topics=TOPICS, trained_on=local_day(at), by=RECORDS_HEAD, at=at)
    return commands.file_worker(worker_id=worker.pk, by=RECORDS_HEAD, at=at).value


def a_worker(held: CollectionRound, person: Actor, at: datetime) -> CollectionWorker:
    """Somebody who may work."""
    return commands.sign_pledge(worker_id=a_filed_worker(held, person, at).pk, by=person, at=at).value


def a_session(held: CollectionRound, at: datetime, *others: Actor, by: Actor = OFFICER) -> CollectionSession:
    """A session begun by a worker, with the others signed in."""
    session = commands.begin_session(
        round_id=held.pk, place="省考试院采集室", camera="摄像机 1 至 4", isolated=True, only_needed=True, by=by, at=at
    ).value
    for person in others:
        commands.join_session(session_id=session.pk, by=person, at=at)
    return session


def ready_to_collect(at: datetime, sitting: Sitting, by: Actor = OFFICER) -> CollectionSession:
    """All that annex 1 asks before `by` may collect the sitting's scores: group, time, workers, three present."""
    held = a_round(at, sitting)
    for person in (by, CLERK, REVIEWER):
        a_worker(held, person, at)
    return a_session(held, at, CLERK, REVIEWER, by=by)
