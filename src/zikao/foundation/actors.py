"""Who acts: a person in a post of an agency, a candidate for themselves, or the node.

Agency codes are hierarchical by prefix: province "32", prefecture "3201", county "320102"; the centre's is "".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_LABELS = {
    "system-admin": "系统管理员",
    "security-admin": "安全管理员",
    "auditor": "审计管理员",
    "national-officer": "全国考务管理",
    "national-registrar": "全国考籍管理",
    "province-head": "省级主要负责人",
    "exam-affairs-head": "省级考务负责人",
    "records-head": "省级考籍负责人",
    "score-officer": "成绩信息管理责任人",
    "province-clerk": "省级考务员",
    "records-clerk": "考籍管理员",
    "papers-officer": "试卷保密管理员",
    "area-director": "考区主任",
    "prefecture-clerk": "地市考务员",
    "county-clerk": "县区报名员",
    "site-chief": "主考",
    "invigilator": "监考员",
    "reader-operator": "答题卡识读员",
    "key-clerk": "答案录入员",
    "marker": "评卷员",
    "group-leader": "学科评卷组长",
    "totals-reviewer": "积分复核员",
    "school-clerk": "主考学校经办",
    "candidate": "考生",
    "node": "系统自动",
    "public": "公众",
}


class Post(StrEnum):
    """The posts that the program knows; each has its Chinese name."""

    SYSTEM_ADMIN = "system-admin"
    SECURITY_ADMIN = "security-admin"
    AUDITOR = "auditor"
    NATIONAL_OFFICER = "national-officer"
    NATIONAL_REGISTRAR = "national-registrar"
    PROVINCE_HEAD = "province-head"
    EXAM_AFFAIRS_HEAD = "exam-affairs-head"
    RECORDS_HEAD = "records-head"
    SCORE_OFFICER = "score-officer"
    PROVINCE_CLERK = "province-clerk"
    RECORDS_CLERK = "records-clerk"
    PAPERS_OFFICER = "papers-officer"
    AREA_DIRECTOR = "area-director"
    PREFECTURE_CLERK = "prefecture-clerk"
    COUNTY_CLERK = "county-clerk"
    SITE_CHIEF = "site-chief"
    INVIGILATOR = "invigilator"
    READER_OPERATOR = "reader-operator"
    KEY_CLERK = "key-clerk"
    MARKER = "marker"
    GROUP_LEADER = "group-leader"
    TOTALS_REVIEWER = "totals-reviewer"
    SCHOOL_CLERK = "school-clerk"
    CANDIDATE = "candidate"
    NODE = "node"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """The post's name in Chinese."""
        return _LABELS[self.value]


PROVINCE_POSTS = frozenset(
    {
        Post.PROVINCE_HEAD,
        Post.EXAM_AFFAIRS_HEAD,
        Post.RECORDS_HEAD,
        Post.SCORE_OFFICER,
        Post.PROVINCE_CLERK,
        Post.RECORDS_CLERK,
        Post.PAPERS_OFFICER,
    }
)
EXAM_AFFAIRS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_CLERK})
NATIONAL_POSTS = frozenset({Post.NATIONAL_OFFICER, Post.NATIONAL_REGISTRAR})
STAFF_POSTS = frozenset(Post) - {Post.CANDIDATE, Post.NODE, Post.PUBLIC}


def range_of(agency_code: str) -> tuple[str, str]:
    """The codes below an agency as a half-open range [lo, hi) in collation "C"."""
    lo = agency_code
    return lo, (lo[:-1] + chr(ord(lo[-1]) + 1)) if lo else "\U0010ffff"


@dataclass(frozen=True)
class Actor:
    """A person in a post, with the agency whose subtree they see."""

    name: str
    post: Post
    agency_code: str
    account_id: int | None = None
    appointment_id: int | None = None
    candidate_id: int | None = None

    def covers(self, code: str) -> bool:
        """Whether an agency code lies in the actor's subtree."""
        return code.startswith(self.agency_code)

    @property
    def scope(self) -> tuple[str, str]:
        """The actor's subtree as a half-open range of codes [lo, hi) in collation "C"."""
        return range_of(self.agency_code)


def node_actor(agency_code: str = "") -> Actor:
    """The node itself: its queue, its inbox, its caretaker."""
    return Actor(name="系统自动", post=Post.NODE, agency_code=agency_code)
