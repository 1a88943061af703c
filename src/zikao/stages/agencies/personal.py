"""Which telephone numbers can be shown in full, to whom."""

from __future__ import annotations

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access
from zikao.foundation.secrecy.registers import revealable
from zikao.stages.agencies import policies, queries
from zikao.stages.agencies.models import EMERGENCY_PHONE, GROUP_PHONE, SCHOOL_PHONE, GroupMember


def _group_member(by: Actor, member_id: int) -> GroupMember:
    return access(GroupMember.objects.all(), by, pk=member_id)


revealable(
    "agencies.school-phone",
    title="联系电话",
    posts=policies.PHONE_REVEALERS,
    row=queries.supporting_school,
    text=SCHOOL_PHONE.text,
)
revealable(
    "agencies.emergency-phone",
    title="联系电话",
    posts=policies.PHONE_REVEALERS,
    row=queries.emergency_member,
    text=EMERGENCY_PHONE.text,
)
revealable(
    "agencies.group-phone", title="电话", posts=policies.PHONE_REVEALERS, row=_group_member, text=GROUP_PHONE.text
)
