"""Who may bring plans in, open sittings, draft, file and publish timetables."""

from __future__ import annotations

from zikao.foundation.actors import EXAM_AFFAIRS, PROVINCE_POSTS, Post

PLAN_KEEPERS = EXAM_AFFAIRS | {Post.RECORDS_HEAD, Post.NODE}
SITTING_OPENERS = EXAM_AFFAIRS | {Post.NODE}
TIMETABLE_DRAFTERS = EXAM_AFFAIRS
TIMETABLE_FILERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD})
TIMETABLE_TAKERS = EXAM_AFFAIRS | {Post.NODE}
RULE_DRAFTERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.RECORDS_HEAD, Post.PROVINCE_CLERK})
INBOX = frozenset({Post.NODE})
VIEWERS = PROVINCE_POSTS | {
    Post.AREA_DIRECTOR,
    Post.PREFECTURE_CLERK,
    Post.COUNTY_CLERK,
    Post.SITE_CHIEF,
    Post.SCHOOL_CLERK,
    Post.AUDITOR,
    Post.NATIONAL_OFFICER,
}
