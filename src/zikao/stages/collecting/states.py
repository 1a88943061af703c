"""How a round of collecting goes, what is done in its places, and how far a worker is."""

from __future__ import annotations

from django.db.models import TextChoices

from zikao.foundation.actors import Post

WORKING_POSTS = frozenset(
    {
        Post.SCORE_OFFICER,
        Post.PROVINCE_CLERK,
        Post.GROUP_LEADER,
        Post.EXAM_AFFAIRS_HEAD,
        Post.RECORDS_HEAD,
        Post.RECORDS_CLERK,
        Post.READER_OPERATOR,
        Post.TOTALS_REVIEWER,
        Post.SCHOOL_CLERK,
        Post.MARKER,
    }
)
"""The posts whose holders collect and process scores, once they are chosen, trained, filed and pledged."""
REGISTER_POSTS = frozenset(
    {
        Post.PROVINCE_HEAD,
        Post.RECORDS_HEAD,
        Post.EXAM_AFFAIRS_HEAD,
        Post.SCORE_OFFICER,
        Post.RECORDS_CLERK,
        Post.AUDITOR,
    }
)
"""The posts that read the register of all workers; the others read their own entry."""


class RoundState(TextChoices):
    DRAFTED = "drafted", "筹备中"
    CONFIRMED = "confirmed", "已批准"
    CLOSED = "closed", "已结束"


ROUND_TRANSITIONS: dict[RoundState, frozenset[RoundState]] = {
    RoundState.DRAFTED: frozenset({RoundState.CONFIRMED, RoundState.CLOSED}),
    RoundState.CONFIRMED: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset(),
}


class Purpose(TextChoices):
    SITTING = "sitting", "考次成绩"
    HAND_IN = "hand-in", "移交成绩与考核成绩登记"


class Work(TextChoices):
    MARKING = "marking", "网上评卷"
    TOTALLING = "totalling", "登分合分"
    COLLECTING = "collecting", "成绩采集"
    HAND_IN = "hand-in", "移交登记"

    @property
    def purpose(self) -> Purpose:
        """The purpose of the rounds in which this is done."""
        return Purpose.HAND_IN if self is Work.HAND_IN else Purpose.SITTING


def works_of(purpose: str) -> tuple[Work, ...]:
    """What is done in a round of that purpose."""
    return tuple(work for work in Work if work.purpose == purpose)


class MemberRole(TextChoices):
    LEADER = "leader", "组长"
    DEPUTY = "deputy", "副组长"
    MEMBER = "member", "成员"


class CollectionDuty(TextChoices):
    LEADER = "leader", "主要领导责任"
    RECORDS = "records", "考籍管理负责"
    SCORES = "scores", "成绩信息管理（采集）"
    CHECKING = "checking", "采集结果核对"
    SUPERVISION = "watch", "监督与回溯检查"
    MACHINES = "machines", "计算机和网络专人管理"


class WorkerState(TextChoices):
    VETTED = "vetted", "已审查，待培训"
    TRAINED = "trained", "培训合格，待备案"
    FILED = "filed", "已备案，待签责任书"
    PLEDGED = "pledged", "可以上岗"
    RECUSED = "recused", "已回避"


WORKER_TRANSITIONS: dict[WorkerState, frozenset[WorkerState]] = {
    WorkerState.VETTED: frozenset({WorkerState.TRAINED}),
    WorkerState.TRAINED: frozenset({WorkerState.FILED}),
    WorkerState.FILED: frozenset({WorkerState.PLEDGED, WorkerState.RECUSED}),
    WorkerState.PLEDGED: frozenset({WorkerState.RECUSED}),
    WorkerState.RECUSED: frozenset(),
}
