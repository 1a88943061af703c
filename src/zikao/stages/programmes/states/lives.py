"""Levels, kinds of assessment, and the life of a timetable."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices


class Level(TextChoices):
    """The level of a major."""

    BACHELOR = "bachelor", "本科"
    JUNIOR = "junior", "专科"


class Assess(TextChoices):
    """How a course is assessed."""

    WRITTEN = "written", "笔试"
    PRACTICE = "practice", "实践考核"
    THESIS = "thesis", "毕业论文（设计）"


class Evidence(TextChoices):
    """What is shown to be admitted to a major with a condition of its own."""

    NURSE = "nurse-licence", "护士执业证书"
    PHARMACY = "pharmacy", "药学类专业学历或药学岗位在职证明"
    IN_SERVICE = "in-service", "本行业在职证明"
    DIPLOMA = "diploma", "国民教育系列专科及以上毕业证书"


class ImportState(TextChoices):
    """The life of a file of plans: looked at first, then brought in whole or dropped."""

    STAGED = "staged", "已预演，待导入"
    APPLIED = "applied", "已导入"
    DROPPED = "dropped", "已放弃"


IMPORT_TRANSITIONS: Mapping[ImportState, frozenset[ImportState]] = {
    ImportState.STAGED: frozenset({ImportState.APPLIED, ImportState.DROPPED}),
    ImportState.APPLIED: frozenset(),
    ImportState.DROPPED: frozenset(),
}


class PermissionKind(TextChoices):
    """What of a national course needs the centre's approval."""

    SCHEDULE = "schedule", "另行安排考试"
    SET_PAPER = "set-paper", "自行组织命题"
    CHANGE_PAPER = "change-paper", "修改试题"


class PermissionState(TextChoices):
    """The life of a request to the centre."""

    REQUESTED = "requested", "已申请，待答复"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未获批准"


PERMISSION_TRANSITIONS: Mapping[PermissionState, frozenset[PermissionState]] = {
    PermissionState.REQUESTED: frozenset({PermissionState.APPROVED, PermissionState.REFUSED}),
    PermissionState.APPROVED: frozenset(),
    PermissionState.REFUSED: frozenset(),
}


class RulesState(TextChoices):
    """The life of a document of detailed rules."""

    DRAFTED = "drafted", "已拟定"
    PROPOSED = "proposed", "送审中"
    APPROVED = "approved", "已批准并报备"
    ACKNOWLEDGED = "acknowledged", "已备案"
    RETURNED = "returned", "被退回"


RULES_TRANSITIONS: Mapping[RulesState, frozenset[RulesState]] = {
    RulesState.DRAFTED: frozenset({RulesState.PROPOSED}),
    RulesState.PROPOSED: frozenset({RulesState.APPROVED, RulesState.DRAFTED}),
    RulesState.APPROVED: frozenset({RulesState.ACKNOWLEDGED, RulesState.RETURNED}),
    RulesState.ACKNOWLEDGED: frozenset(),
    RulesState.RETURNED: frozenset(),
}
BINDING: frozenset[RulesState] = frozenset({RulesState.APPROVED, RulesState.ACKNOWLEDGED})


class ProposalState(TextChoices):
    """The life of a proposal of units."""

    OFFERED = "offered", "待定"
    ACCEPTED = "accepted", "已采用"
    DROPPED = "dropped", "不采用"


PROPOSAL_TRANSITIONS: Mapping[ProposalState, frozenset[ProposalState]] = {
    ProposalState.OFFERED: frozenset({ProposalState.ACCEPTED, ProposalState.DROPPED}),
    ProposalState.ACCEPTED: frozenset(),
    ProposalState.DROPPED: frozenset(),
}


class Side(TextChoices):
    """The two sides of a replacement."""

    FROM = "from", "顶替课程"
    TO = "to", "被顶替课程"


class TimetableState(TextChoices):
    """The life of a timetable."""

    DRAFTED = "drafted", "已拟定"
    FILED = "filed", "已报备案"
    ACKNOWLEDGED = "acknowledged", "已备案"
    PUBLISHED = "published", "已公布"


TIMETABLE_TRANSITIONS: Mapping[TimetableState, frozenset[TimetableState]] = {
    TimetableState.DRAFTED: frozenset({TimetableState.FILED}),
    TimetableState.FILED: frozenset({TimetableState.ACKNOWLEDGED, TimetableState.DRAFTED}),
    TimetableState.ACKNOWLEDGED: frozenset({TimetableState.PUBLISHED}),
    TimetableState.PUBLISHED: frozenset(),
}


class CorrectionState(TextChoices):
    """The life of a correction of a timetable that is published: shown first, filed, then in force."""

    STAGED = "staged", "已预演，待报备案"
    FILED = "filed", "已报备案"
    ACKNOWLEDGED = "acknowledged", "已备案，待公布"
    PUBLISHED = "published", "已公布生效"
    RETURNED = "returned", "被退回"
    DROPPED = "dropped", "已放弃"


CORRECTION_TRANSITIONS: Mapping[CorrectionState, frozenset[CorrectionState]] = {
    CorrectionState.STAGED: frozenset({CorrectionState.FILED, CorrectionState.DROPPED}),
    CorrectionState.FILED: frozenset({CorrectionState.ACKNOWLEDGED, CorrectionState.RETURNED}),
    CorrectionState.ACKNOWLEDGED: frozenset({CorrectionState.PUBLISHED, CorrectionState.DROPPED}),
    CorrectionState.PUBLISHED: frozenset(),
    CorrectionState.RETURNED: frozenset(),
    CorrectionState.DROPPED: frozenset(),
}


class NationalState(TextChoices):
    """Whether an edition of the centre's timetable has taken effect here."""

    WAITING = "waiting", "待生效"
    TAKEN = "taken", "已生效"


class EditionKind(TextChoices):
    """What made an edition of a published timetable."""

    FIRST = "first", "首次公布"
    NATIONAL = "national", "全国统考安排更正"
    OWN = "own", "本省更正"
