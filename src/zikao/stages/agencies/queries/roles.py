"""Who does what with student records: the centre, the provinces, the military office, and those below (SR-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zikao.foundation.actors import NATIONAL_POSTS, PROVINCE_POSTS, Post
from zikao.foundation.commands import CommandInfo, all_commands
from zikao.stages.agencies import rules

RECORD_STAGES = ("results", "records", "transfers", "graduation", "registry", "national", "agencies")


@dataclass(frozen=True)
class Level:
    """One level of the hierarchy: name, charge in the words of the regulations, posts that act for it."""

    name: str
    charge: str
    clause: str
    posts: frozenset[Post]


LEVELS = (
    Level("教育部考试中心", "在全国考委领导下，管理全国自学考试考籍工作。", "SR-3", NATIONAL_POSTS),
    Level("省级教育考试机构", "在省考委领导下，具体负责本地区考籍管理工作。", "SR-3", PROVINCE_POSTS),
    Level("军队考委办公室", "负责军队自学考试考籍管理工作，职责与省级相同，只在军队节点办理。", "SR-3", PROVINCE_POSTS),
    Level(
        "地级教育考试机构",
        "承担考籍管理工作的，设部门、配专职人员，受理、审核并报省级。",
        "SR-6",
        frozenset({Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK}),
    ),
    Level("主考学校", "参加毕业审定，查看本校专业已公布的成绩。", "SR-18.3", frozenset({Post.SCHOOL_CLERK})),
)


def acts_of(level: Level) -> list[CommandInfo]:
    """The commands of student records that the level's posts may give, by name."""
    mine = [info for info in all_commands().values() if _about_records(info) and info.posts & level.posts]
    return sorted(mine, key=lambda info: info.writes)


def _about_records(info: CommandInfo) -> bool:
    return info.writes.partition(".")[0] in RECORD_STAGES and any(each.startswith("SR-") for each in info.clauses)


def in_charge(on: date, node_kind: str) -> str:
    """Who answers for student records on a node of this kind."""
    return rules.RECORDS_IN_CHARGE(on=on, node_kind=node_kind)
