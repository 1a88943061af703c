"""The order of the phases, told to the process that leads: names, days and who lives them, without loading Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from zikao.world import calendar

BOTH, PROVINCES, CENTRE = "both", "provinces", "centre"


@dataclass(frozen=True)
class PhaseNote:
    """A phase as the leader knows it: name, label, the local time at which it begins, and who lives it."""

    name: str
    label: str
    at: datetime
    who: str = PROVINCES

    def lived_by(self, provinces: tuple[str, ...], centre: str) -> tuple[str, ...]:
        """The codes of the nodes that live it."""
        return {BOTH: (centre, *provinces), PROVINCES: provinces, CENTRE: (centre,)}[self.who]


INCIDENT = {1: "中心签收、转报突发事件", 2: "中心签收终报", 3: "中心签收办结"}


def _unit(number: int) -> tuple[PhaseNote, ...]:
    """A unit, and what the centre does a few minutes later about the incident that the provinces report."""
    at = calendar.exam_evening(number)
    held = PhaseNote(f"unit-{number}", f"第{number}单元考试", at)
    if number not in INCIDENT:
        return (held,)
    return held, PhaseNote(f"incident-{number}", INCIDENT[number], at + timedelta(minutes=5), CENTRE)


PHASE_LIST = (
    PhaseNote("meet", "节点互认", calendar.SET_UP, BOTH),
    PhaseNote("set-up", "建立机构、考点、人员", calendar.SET_UP, BOTH),
    PhaseNote("plans", "采用专业考试计划", calendar.SET_UP),
    PhaseNote("issue", "全国发布统考安排", calendar.TIMETABLE_ISSUED, CENTRE),
    PhaseNote("file", "各省拟定并报备考试安排", calendar.TIMETABLE_DRAFTED),
    PhaseNote("rules", "制定实施细则、申请统考专项", calendar.TIMETABLE_DRAFTED),
    PhaseNote("answers", "全国中心答复", calendar.PROVINCES_ANSWERED, CENTRE),
    PhaseNote("publish", "公布考试安排", calendar.TIMETABLE_PUBLISHED),
    PhaseNote("register", "报名注册", calendar.REGISTRATION),
    PhaseNote("past", "迁入历次成绩", calendar.REGISTRATION),
    PhaseNote("mover", "转考考生注册", calendar.REGISTRATION),
    PhaseNote("arrive", "网上预报名、学习账户", calendar.REGISTRATION),
    PhaseNote("window", "开放报考", calendar.ENTRIES_OPEN),
    PhaseNote("enter", "报考与缴费", calendar.PAYING),
    PhaseNote("enter-mover", "转考考生报考", calendar.PAYING),
    PhaseNote("commit", "提交编排密数承诺", calendar.SECRETS_COMMITTED),
    PhaseNote("freeze", "截止报考、封存名册", calendar.LIST_FROZEN),
    PhaseNote("ask-figures", "全国下达上报要求", calendar.LIST_FROZEN, CENTRE),
    PhaseNote("send-figures", "各省上报报考情况", calendar.LIST_FROZEN),
    PhaseNote("draw", "随机编排、发放通知单", calendar.SEATS_DRAWN),
    PhaseNote("duties", "聘任主考、派监考员", calendar.DUTIES_ASSIGNED),
    PhaseNote("pack", "试卷整理、入保密室", calendar.PAPERS_STORED),
    *(each for n in calendar.UNIT_NUMBERS for each in _unit(n)),
    PhaseNote("notify", "违规告知", calendar.CASES_NOTIFIED),
    PhaseNote("keys", "录入并审核答案", calendar.MARKING_PREPARED),
    PhaseNote("scan", "扫描与两次识读", calendar.SCANNING),
    PhaseNote("mark", "评卷与合分", calendar.MARKING),
    PhaseNote("decide-cases", "违规处理决定", calendar.CASES_DECIDED),
    PhaseNote("results", "成绩采集、审核、公布", calendar.RESULTS_PUBLISHED),
    PhaseNote("leave", "申请转考", calendar.TRANSFER_APPLIED),
    PhaseNote("graduate", "受理毕业申请", calendar.GRADUATION_APPLIED),
    PhaseNote("audit", "毕业审定", calendar.GRADUATION_APPLIED),
    PhaseNote("certify", "制作毕业证书", calendar.CERTIFICATES_MADE),
    PhaseNote("report", "上报电子注册", calendar.REGISTRATION_SENT),
    PhaseNote("hand-out", "注册完成后发证", calendar.CERTIFICATES_HANDED_OUT),
    PhaseNote("upload", "上传转考档案", calendar.TRANSFER_UPLOADED),
    PhaseNote("complete", "办结转考", calendar.TRANSFER_COMPLETED),
    PhaseNote("come-again", "报送合格课程、新的预报名", calendar.SCORES_CORRECTED),
    PhaseNote("correct", "成绩更正逐级审批", calendar.SCORES_CORRECTED),
    PhaseNote("custody", "备份交两方保管", calendar.SCORES_CORRECTED, BOTH),
    PhaseNote("factors", "设置第二重验证", calendar.SCORES_CORRECTED, BOTH),
)
