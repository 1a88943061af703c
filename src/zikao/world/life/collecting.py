"""How scores come to be collected: a leading group, people chosen, trained and pledged, three of them together."""

from __future__ import annotations

from datetime import timedelta

from zikao.foundation.clock import local_day
from zikao.stages.agencies.models import School
from zikao.stages.results import commands
from zikao.stages.results.models import CollectionRound, CollectionSession
from zikao.stages.results.states import CollectionDuty, MemberRole
from zikao.world.calendar import COLLECTION_PREPARED, RESULTS_COLLECTED, SITTING
from zikao.world.life.context import Life

DUTIES = {
    CollectionDuty.LEADER: "head",
    CollectionDuty.RECORDS: "records-head",
    CollectionDuty.SCORES: "score-officer",
    CollectionDuty.CHECKING: "records-clerk",
    CollectionDuty.SUPERVISION: "exam-affairs",
    CollectionDuty.MACHINES: "clerk",
}
COLLECTORS = ("score-officer", "records-clerk", "totals")
TOPICS = ("法规", "保密", "纪律", "操作")
PROCESS = """成绩信息采集工作流程与管理制度
一、采集依据：网上评卷合分、考场情况记录、违规处理决定。
二、流程：依据核对无误后采集，另一人审核签字，三名掌管人到场写入成绩档案。
三、制度：工作备案、监督检查、回溯、回避；全程录像，三人以上同时在场。
"""


def meet_to_collect(life: Life) -> CollectionSession:
    """The round is confirmed, its workers may work, and three of them have signed in."""
    held = _confirmed_round(life)
    for username in COLLECTORS:
        _ready(life, held, username)
    at = RESULTS_COLLECTED
    session = commands.begin_session(
        round_id=held.pk, place="省教育考试院数据采集室", camera="摄像机 1 至 4", isolated=True, only_needed=True,
        by=life.who(COLLECTORS[0], at), at=at,
    ).value  # fmt: skip
    for username in COLLECTORS[1:]:
        commands.join_session(session_id=session.pk, by=life.who(username, at), at=at)
    return session


def part(life: Life, session: CollectionSession) -> None:
    """The session ends, and its video is registered to be kept."""
    at = RESULTS_COLLECTED
    commands.end_session(
        session_id=session.pk, video=f"CJ-{SITTING}-01", pieces=4, place="省教育考试院音像档案室", keeper="许慧",
        by=life.who("score-officer", at), at=at,
    )  # fmt: skip


def _confirmed_round(life: Life) -> CollectionRound:
    at = COLLECTION_PREPARED
    organiser = life.who("records-head", at)
    held: CollectionRound = commands.draft_round(
        sitting=SITTING, begins_at=RESULTS_COLLECTED - timedelta(hours=2),
        ends_at=RESULTS_COLLECTED + timedelta(hours=56),
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


def _ready(life: Life, held: CollectionRound, username: str) -> None:
    at = COLLECTION_PREPARED
    organiser, person = life.who("records-head", at), life.who(username, at)
    worker = commands.vet_worker(
        round_id=held.pk, account_id=person.account_id or 0, vetting="政治素质、业务能力审查合格", by=organiser, at=at
    ).value
    commands.record_training(
        worker_id=worker.pk, topics=TOPICS, trained_on=local_day(at), by=organiser, at=at
    )  # fmt: skip
    commands.file_worker(worker_id=worker.pk, by=organiser, at=at)
    commands.sign_pledge(worker_id=worker.pk, by=person, at=at)
