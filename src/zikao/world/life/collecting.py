"""How scores come to be collected and processed: a group, people chosen, three at a filmed place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from zikao.foundation.clock import local_day
from zikao.stages.agencies.models import School
from zikao.stages.collecting import commands
from zikao.stages.collecting.models import Round, Session
from zikao.stages.collecting.states import CollectionDuty, MemberRole, Purpose, Work
from zikao.world.calendar import COLLECTION_PREPARED, REGISTRATION, RESULTS_COLLECTED, SCANNING, SITTING
from zikao.world.life.context import Life

DUTIES = {
    CollectionDuty.LEADER: "head",
    CollectionDuty.RECORDS: "records-head",
    CollectionDuty.SCORES: "score-officer",
    CollectionDuty.CHECKING: "records-clerk",
    CollectionDuty.SUPERVISION: "exam-affairs",
    CollectionDuty.MACHINES: "clerk",
}
MARKERS = tuple(f"marker-{n}" for n in range(1, 4))
RULERS, SCORE_KEEPERS = ("clerk", "reader", "leader"), ("score-officer", "reader", "totals")
COLLECTORS, RECEIVERS = ("score-officer", "records-clerk", "totals"), ("score-officer", "records-head", "records-clerk")
"""Who is at the places: the first begins and ends it."""
TOPICS = ("法规", "保密", "纪律", "操作")
PROCESS = """成绩信息采集和处理工作流程与管理制度
一、依据：笔试答卷及评卷记录、考场情况记录、违规处理决定、实践性环节考核记录、移交清单。
二、流程：依据核对无误后采集，另一人审核签字，三名掌管人到场写入成绩档案。
三、制度：工作备案、监督检查、回溯、回避；评卷、合分、采集和登记的场所全程录像，三人以上同时在场。
"""


def prepare_handing_in(life: Life) -> None:
    """A round for earlier and assessed scores; the head of the province vets the head of records, too."""
    begins, ends = REGISTRATION - timedelta(hours=1), REGISTRATION + timedelta(days=90)
    held = _confirmed(life, Purpose.HAND_IN, "", begins, ends, REGISTRATION)
    _ready(life, held, RECEIVERS, "head", REGISTRATION)


def prepare_sitting(life: Life) -> None:
    """The sitting's round, from the first doubtful card to the scores; everybody who marks, adds up and collects."""
    at = COLLECTION_PREPARED
    begins, ends = SCANNING - timedelta(days=1), RESULTS_COLLECTED + timedelta(hours=56)
    held = _confirmed(life, Purpose.SITTING, SITTING, begins, ends, at)
    people = dict.fromkeys((*RULERS, *SCORE_KEEPERS, *COLLECTORS, *MARKERS))
    _ready(life, held, tuple(people), "records-head", at)


def meet(life: Life, work: Work, place: str, people: Sequence[str], at: datetime) -> Session:
    """The first begins the session, the others sign in, each by their own hand."""
    held = Round.objects.get(purpose=work.purpose, agency_code=life.root)
    session = commands.begin_session(
        round_id=held.pk, work=work, place=place, camera="摄像机 1 至 4", isolated=True, only_needed=True,
        by=life.who(people[0], at), at=at,
    ).value  # fmt: skip
    for username in people[1:]:
        commands.join_session(session_id=session.pk, by=life.who(username, at), at=at)
    return session


def part(life: Life, session: Session, by: str, at: datetime) -> None:
    """The session ends, and its video is registered to be kept."""
    commands.end_session(
        session_id=session.pk, video=f"CJ-{session.round_id}-{session.number:02}", pieces=4,
        place="省教育考试院音像档案室", keeper="许慧", by=life.who(by, at), at=at,
    )  # fmt: skip


def receive(life: Life) -> Session:
    """The place where earlier and assessed scores are handed in, three of them there."""
    return meet(life, Work.HAND_IN, "考籍档案室", RECEIVERS, REGISTRATION)


def _confirmed(life: Life, purpose: Purpose, sitting: str, begins: datetime, ends: datetime, at: datetime) -> Round:
    organiser = life.who("records-head", at)
    held: Round = commands.draft_round(
        purpose=purpose, sitting=sitting, begins_at=begins, ends_at=ends,
        process=PROCESS.encode(), process_type="text/plain; charset=utf-8", by=organiser, at=at,
    ).value  # fmt: skip
    school = School.objects.filter(agency_code=life.root).order_by("code").values_list("code", flat=True)[0]
    for name, code, role in (
        ("沈立", "", MemberRole.LEADER), ("罗宁", "", MemberRole.MEMBER), ("石磊", school, MemberRole.MEMBER)
    ):  # fmt: skip
        commands.name_member(round_id=held.pk, name=name, school=code, role=role, by=organiser, at=at)
    for duty, username in DUTIES.items():
        account = life.who(username, at).account_id or 0
        commands.name_responsible(round_id=held.pk, duty=duty, account_id=account, by=organiser, at=at)
    commands.confirm_round(round_id=held.pk, by=life.who("head", at), at=at)
    return held


def _ready(life: Life, held: Round, usernames: Sequence[str], vetter: str, at: datetime) -> None:
    by, people = life.who(vetter, at), [life.who(username, at) for username in usernames]
    accounts = {person.account_id or 0: person for person in people}
    vetting = "政治素质、业务能力审查合格"
    workers = commands.vet_workers(
        round_id=held.pk, account_ids=list(accounts), vetting=vetting, by=by, at=at
    ).value  # fmt: skip
    ids = [worker.pk for worker in workers]
    commands.record_training(
        round_id=held.pk, worker_ids=ids, topics=TOPICS, trained_on=local_day(at), by=by, at=at
    )  # fmt: skip
    commands.file_workers(round_id=held.pk, worker_ids=ids, by=by, at=at)
    for worker in workers:
        commands.sign_pledge(worker_id=worker.pk, by=accounts[worker.account_id], at=at)
