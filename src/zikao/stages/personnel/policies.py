"""Who may register staff, certify them and put them on duty."""

from __future__ import annotations

from zikao.foundation.actors import EXAM_AFFAIRS, STAFF_POSTS, Actor, Post
from zikao.foundation.errors import NotPermitted
from zikao.stages.personnel.models import Duty, Person
from zikao.stages.personnel.states import LEADERS

AREA_POSTS = frozenset({Post.AREA_DIRECTOR, Post.PREFECTURE_CLERK})
REGISTRARS = EXAM_AFFAIRS | AREA_POSTS | {Post.COUNTY_CLERK, Post.SITE_CHIEF}
CERTIFIERS = EXAM_AFFAIRS | {Post.PREFECTURE_CLERK}
CHIEF_APPOINTERS = frozenset({Post.AREA_DIRECTOR})
INVIGILATOR_APPOINTERS = EXAM_AFFAIRS | AREA_POSTS | {Post.SITE_CHIEF}
POST_APPOINTERS = CERTIFIERS | {Post.AREA_DIRECTOR, Post.COUNTY_CLERK}
TRAINERS = CERTIFIERS | {Post.AREA_DIRECTOR, Post.SITE_CHIEF}
FLAG_DECIDERS = EXAM_AFFAIRS | AREA_POSTS
DETECTORS = EXAM_AFFAIRS | AREA_POSTS
DUTY_POSTS = EXAM_AFFAIRS | AREA_POSTS | {Post.SITE_CHIEF}
DISPATCHERS = EXAM_AFFAIRS
RATE_SETTERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD})
PAY_DRAWERS = EXAM_AFFAIRS | {Post.PREFECTURE_CLERK, Post.SITE_CHIEF}
MARKING_PAY_DRAWERS = EXAM_AFFAIRS
PAY_APPROVERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD, Post.AREA_DIRECTOR})
PAY_MARKERS = PAY_DRAWERS | PAY_APPROVERS
CONDUCT_RECORDERS = EXAM_AFFAIRS | AREA_POSTS | {Post.SITE_CHIEF}
OWN = STAFF_POSTS
LINKERS = EXAM_AFFAIRS | {Post.PREFECTURE_CLERK}
DECLARATION_TAKERS = REGISTRARS
VIEWERS = REGISTRARS | {Post.PROVINCE_HEAD, Post.AUDITOR, Post.SECURITY_ADMIN}

OWN_CONDITIONS = "本人不能核实自己的基本条件。"
OWN_REGISTER = "本人不能更改自己的登记。"
OWN_DECLARATION = "本人不能撤销自己的申报。"
OWN_KIN = "本人不能撤回自己的申报。"
OWN_FLAG = "本人不能认定自己的回避线索。"
OWN_CONDUCT = "本人不能登记自己的履职记录。"
OWN_ANNULMENT = "本人不能撤销自己的履职记录。"
OWN_CERTIFICATE = "本人不能给自己发证。"


def check_may_hand_over(by: Actor, duty: Duty) -> None:
    """A chief or deputy is changed by the area's director alone, as they are appointed (EA-24.4)."""
    if duty.post_kind in LEADERS and by.post not in CHIEF_APPOINTERS:
        raise NotPermitted(
            "chief-by-director",
            message="主考、副主考由考区主任聘任和更换。",
            remedy="请由考区主任办理。",
            clause="EA-24.4",
        )


def check_not_oneself(by: Actor, person: Person, message: str) -> None:
    """Nobody decides what concerns themselves: interests, conditions, certificates, conduct (EA-9 to EA-11)."""
    if person.account_id is not None and person.account_id == by.account_id:
        raise NotPermitted("concerns-oneself", message=message, remedy="请由所属机构的其他人员办理。", clause="EA-11.1")
