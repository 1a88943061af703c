"""How scores come to be collected and processed: a round confirmed, people who may work, signed in at filmed places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.factories.actors import PROVINCE
from tests.factories.agencies import a_school
from tests.factories.archive import OFFICER, PROVINCE_HEAD, RECORDS_HEAD
from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.states import AccountKind
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.stages.collecting import commands
from zikao.stages.collecting.models import Presence, Round, Session, Worker
from zikao.stages.collecting.states import CollectionDuty, MemberRole, Purpose, RoundState, Work
from zikao.stages.programmes.models import Sitting

# far above what a test process counts up to: an account made by number is nobody else's
CLERK = Actor("考籍管理员", Post.RECORDS_CLERK, PROVINCE, account_id=900_931)
REVIEWER = Actor("积分复核员", Post.TOTALS_REVIEWER, PROVINCE, account_id=900_932)
SUPERVISOR = Actor("审计管理员", Post.AUDITOR, PROVINCE, account_id=900_933)
SURVEYOR = Actor("省级考务员", Post.PROVINCE_CLERK, PROVINCE, account_id=900_934)
LEADER = Actor("评卷组长", Post.GROUP_LEADER, PROVINCE, account_id=900_935)
COLLEAGUES = tuple(Actor(f"同事{n}", Post.PROVINCE_CLERK, PROVINCE, account_id=900_940 + n) for n in (1, 2))
"""People who do nothing but be there."""
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
    """The account behind an actor of the tests, in its post; an account that is there stays."""
    facts = {"name": person.name, "kind": AccountKind.STAFF, "agency_code": person.agency_code, "created_at": at}
    account, _ = Account.objects.get_or_create(
        pk=person.account_id, defaults={"username": f"known.{person.account_id}", **facts}
    )
    since = {"since_on": local_day(at) - timedelta(days=365)}
    Appointment.objects.get_or_create(
        account=account, post=person.post.value, agency_code=person.agency_code, defaults=since
    )
    return person


def a_draft(at: datetime, sitting: Sitting | None, by: Actor = RECORDS_HEAD) -> Round:
    """A round of one day around `at`, with nobody named; without a sitting it is for handing in."""
    return commands.draft_round(
        purpose=Purpose.SITTING if sitting else Purpose.HAND_IN, sitting=sitting.code if sitting else "",
        begins_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=23),
        process="成绩采集工作流程".encode(), process_type="text/plain", by=by, at=at,
    ).value  # fmt: skip


def a_staffed_draft(at: datetime, sitting: Sitting | None) -> Round:
    """A round with its leading group and its responsible people, not confirmed."""
    held = a_draft(at, sitting)
    school = a_school(at).code
    for name, code, role in (("沈立", "", MemberRole.LEADER), ("石磊", school, MemberRole.MEMBER)):
        commands.name_member(round_id=held.pk, name=name, school=code, role=role, by=RECORDS_HEAD, at=at)
    for duty, person in DUTIES.items():
        account = known(person, at).account_id or 0
        commands.name_responsible(round_id=held.pk, duty=duty, account_id=account, by=RECORDS_HEAD, at=at)
    return held


def a_round(at: datetime, sitting: Sitting | None) -> Round:
    """A confirmed round."""
    held = a_staffed_draft(at, sitting)
    return commands.confirm_round(round_id=held.pk, by=PROVINCE_HEAD, at=at).value


def vetted_workers(held: Round, people: Sequence[Actor], at: datetime, by: Actor = RECORDS_HEAD) -> list[Worker]:
    """People chosen, neither trained nor filed."""
    accounts = [known(person, at).account_id or 0 for person in people]
    vetting = "政治素质和业务审查合格"
    return commands.vet_workers(round_id=held.pk, account_ids=accounts, vetting=vetting, by=by, at=at).value


def a_vetted_worker(held: Round, person: Actor, at: datetime) -> Worker:
    """Somebody chosen, neither trained nor filed."""
    return vetted_workers(held, [person], at)[0]


def filed_workers(held: Round, people: Sequence[Actor], at: datetime, by: Actor = RECORDS_HEAD) -> list[Worker]:
    """People vetted, trained and filed, whose pledges are not signed."""
    ids = [worker.pk for worker in vetted_workers(held, people, at, by)]
    given = {"round_id": held.pk, "worker_ids": ids, "by": by, "at": at}
    commands.record_training(topics=TOPICS, trained_on=local_day(at), **given)  # type: ignore[arg-type]
    return commands.file_workers(**given).value  # type: ignore[arg-type]


def a_filed_worker(held: Round, person: Actor, at: datetime) -> Worker:
    """Somebody vetted, trained and filed, whose pledge is not signed."""
    return filed_workers(held, [person], at)[0]


def workers(held: Round, people: Sequence[Actor], at: datetime, by: Actor = RECORDS_HEAD) -> None:
    """People who may work."""
    for worker in filed_workers(held, people, at, by):
        person = next(each for each in people if each.account_id == worker.account_id)
        commands.sign_pledge(worker_id=worker.pk, by=person, at=at)


def a_worker(held: Round, person: Actor, at: datetime) -> Worker:
    """Somebody who may work."""
    workers(held, [person], at, PROVINCE_HEAD if person.account_id == RECORDS_HEAD.account_id else RECORDS_HEAD)
    return held.workers.get(account_id=person.account_id)


def a_session(
    held: Round, at: datetime, *others: Actor, by: Actor = OFFICER, work: Work = Work.COLLECTING, place: str = ""
) -> Session:
    """A session begun by a worker, with the others signed in."""
    session = commands.begin_session(
        round_id=held.pk, work=work, place=place or f"{work.label}室", camera="摄像机 1 至 4", isolated=True,
        only_needed=True, by=by, at=at,
    ).value  # fmt: skip
    for person in others:
        commands.join_session(session_id=session.pk, by=person, at=at)
    return session


def ready_to_collect(at: datetime, sitting: Sitting, by: Actor = OFFICER) -> Session:
    """All that annex 1 asks before `by` may collect the sitting's scores: group, time, workers, three present."""
    held = a_round(at, sitting)
    workers(held, (by, CLERK, REVIEWER), at)
    return a_session(held, at, CLERK, REVIEWER, by=by)


def ready_to_hand_in(at: datetime) -> Session:
    """All that annex 1 asks before scores are handed in by the head of records or a clerk."""
    held = a_round(at, None)
    people = (OFFICER, RECORDS_HEAD, CLERK)
    workers(held, people, at, PROVINCE_HEAD)
    return a_session(held, at, *people[1:], by=OFFICER, work=Work.HAND_IN)


# For tests of other rooms: the same rows without the forty commands. What those commands do has its own tests.


def at_their_place(at: datetime, work: Work, people: Sequence[Actor], sitting: Sitting | None = None) -> Session:
    """`people`, who may work, are signed in at a running session of that work; who was elsewhere has left it."""
    agency = people[0].agency_code[:2]
    held = _any_round(at, sitting, agency)
    there = held.sessions.filter(work=work, ended_at=None).first() or _any_session(at, held, work)
    for person in people:
        known(person, at)
    accounts = {person.account_id or 0: person.name for person in people}
    have = set(held.workers.filter(account_id__in=accounts).values_list("account_id", flat=True))
    Worker.objects.bulk_create(
        Worker(
            round=held, account_id=account, name=name, state="pledged", vetting="合格", vetted_on=local_day(at),
            topics=list(TOPICS), trained_on=local_day(at), filed_on=local_day(at), pledge="0" * 64,
            pledge_signed_at=at, agency_code=agency,
        )
        for account, name in accounts.items() if account not in have
    )  # fmt: skip
    Presence.objects.filter(account_id__in=accounts, left_at=None).exclude(session=there).update(left_at=at)
    here = set(there.presences.filter(left_at=None).values_list("account_id", flat=True))
    Presence.objects.bulk_create(
        Presence(session=there, worker=worker, account_id=worker.account_id, joined_at=at)
        for worker in held.workers.filter(account_id__in=accounts.keys() - here)
    )
    return there


def _any_round(at: datetime, sitting: Sitting | None, agency: str) -> Round:
    purpose = Purpose.SITTING if sitting else Purpose.HAND_IN
    facts = {
        "begins_at": at - timedelta(days=400), "ends_at": at + timedelta(days=400), "process": "0" * 64,
        "process_type": "text/plain", "drafted_at": at, "confirmed_at": at,
    }  # fmt: skip
    found = Round.objects.filter(purpose=purpose, sitting=sitting, agency_code=agency, state=RoundState.CONFIRMED)
    return found.first() or Round.objects.create(
        purpose=purpose, sitting=sitting, agency_code=agency, state=RoundState.CONFIRMED, **facts
    )


def _any_session(at: datetime, held: Round, work: Work) -> Session:
    return Session.objects.create(
        round=held, work=work, number=held.sessions.count() + 1, place=f"{work.label}室 {held.pk}", isolated=True,
        camera="1", begun_at=at, agency_code=held.agency_code,
    )  # fmt: skip


def hands_in(at: datetime, by: Actor) -> Session:
    """`by` is at the place where scores are handed in, with two more; another province's people are others."""
    there = 0 if by.agency_code == PROVINCE else 50
    more = (replace(each, agency_code=by.agency_code, account_id=(each.account_id or 0) + there) for each in COLLEAGUES)
    return at_their_place(at, Work.HAND_IN, (by, *more))


def brought(client: Any, at: datetime, work: Work, sitting: Sitting | None = None) -> Any:
    """A signed-in client whose person is at the place of that work, with two more; the client again."""
    account = client.account
    post = Post(account.appointments.get().post)
    by = Actor(account.name, post, account.agency_code, account_id=account.pk)
    at_their_place(at, work, (by, SURVEYOR, LEADER), sitting)
    return client
