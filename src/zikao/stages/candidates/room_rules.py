"""The rules of the exam room, in our words, each with its clause (EA annex 1); its numbers are the law's of the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from zikao.foundation.regulation import parameter, violation_codes

PARAMETERS = {
    "opens": "admission-opens",
    "grace": "late-admission-grace",
    "hand_in": "earliest-hand-in",
}


@dataclass(frozen=True)
class RoomRule:
    """One rule: a heading, what it means for a candidate, its clause."""

    heading: str
    text: str
    clause: str


_TEXTS = (
    RoomRule(
        "诚信应考，听从安排",
        "诚实考试，服从监考员和其他工作人员的管理。不要妨碍他们工作，也不要扰乱考场和考试工作地点的秩序。",
        "EA-A1.1",
    ),
    RoomRule(
        "开考前 {opens} 分钟入场，迟到 {grace} 分钟不得进入",
        "带好准考证、考试通知单和有效居民身份证（或本省规定的其他有效证件）。"
        "开考满 {grace} 分钟后，不能再进入考点参加这一科考试。",
        "EA-A1.2",
    ),
    RoomRule(
        "接受身份验证和随身物品检查",
        "只能带本省规定的考试用品。手机和其他任何物品都不能带进考场。",
        "EA-A1.3",
    ),
    RoomRule(
        "对号入座，写清姓名和准考证号",
        "证件放在桌上备查。拿到答题卡和试卷后，在指定位置写清填准姓名、准考证号、座位号，并配合采集笔迹。"
        "试卷发错、印得不清或缺页，请在开考前举手报告；开考后才报告的，换卷耽误的时间不补。",
        "EA-A1.4",
    ),
    RoomRule("听到开考信号才能答题", "信号发出之前不要动笔。", "EA-A1.5"),
    RoomRule(
        "在规定的答题区域内按题号作答",
        "写在草稿纸上，或写到别的题的答题区域里，都不算分。只用规定的笔和纸，不在答卷上做任何记号。",
        "EA-A1.6",
    ),
    RoomRule(
        "保持安静，不作弊",
        "不吸烟、不说话、不张望、不打手势；不夹带、不抄袭，也不让别人抄；不交换试卷答卷，不传递物品，"
        "不把试卷、答卷、草稿纸带出考场。身体不舒服，请马上报告监考员。",
        "EA-A1.7",
    ),
    RoomRule(
        "考试结束前 {hand_in} 分钟起才能交卷离场",
        "交卷离场后不能再进场续考，也不要在考场附近逗留或交谈。",
        "EA-A1.8",
    ),
    RoomRule(
        "听到结束信号立即停笔",
        "等监考员依次收齐答卷、试卷和草稿纸，听到指令后再依次离开。",
        "EA-A1.9",
    ),
    RoomRule(
        "违规会被处理并记入诚信档案",
        "违反考场规则的，按国家教育考试违规处理办法处理，并记入国家教育考试诚信档案；涉嫌犯罪的，移送司法机关。",
        "EA-A1.10",
    ),
)


def room_rules(day: date, province: str | None) -> list[RoomRule]:
    """The rules with the numbers in force on a day in a province."""
    numbers = {name: parameter(of).on(day, province=province) for name, of in PARAMETERS.items()}
    return [replace(rule, heading=rule.heading.format(**numbers), text=rule.text.format(**numbers)) for rule in _TEXTS]


def conducts() -> list[tuple[str, list[str]]]:
    """What Decree 33 says of candidates: each consequence once, with what leads to it."""
    found: dict[str, list[str]] = {}
    for code in violation_codes().values():
        if code.by_candidate:
            found.setdefault(code.consequence.text, []).append(code.behaviour)
    return list(found.items())
