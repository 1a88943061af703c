"""Letters about premises of tutoring institutions: sent by a province, received by the centre."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import agencies as make
from tests.factories.actors import clerk, the_node
from zikao.foundation import crypto
from zikao.foundation.actors import Post
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.exchange.commands import add_peer
from zikao.foundation.exchange.models import Peer
from zikao.national.commands import receive_letter
from zikao.national.models import ReceivedLetter
from zikao.stages.agencies import commands, registers
from zikao.stages.agencies.models import PremisesLetter, Site
from zikao.stages.agencies.states import StaffLine

STAFF = (
    StaffLine("主考", "主考甲", "省教育考试院", "处长"),
    StaffLine("副主考", "副主考乙", "省教育考试院", "科长"),
    StaffLine("监考员", "监考丙", "第一中学", "一级教师"),
    StaffLine("监考员", "监考丁", "第二中学", "高级教师"),
)


def staffed(*lines: StaffLine) -> pytest.MonkeyPatch:
    """Let these be on duty everywhere, until the patch is undone."""
    patch = pytest.MonkeyPatch()
    patch.setattr(registers, "_staff", [lambda site_id, sitting_code: list(lines or STAFF)])
    return patch


def met(*codes: str, at: datetime) -> None:
    """Make nodes known by their code, with this node's own keys: nothing is delivered."""
    for code in codes:
        if not Peer.objects.filter(code=code).exists():
            add_peer(
                code=code,
                url=f"https://{code.replace(':', '-')}.test",
                public_key_pem=crypto.public_key_pem(),
                envelope_key_pem=crypto.envelope_key_pem(),
                by=the_node(),
                at=at,
            )


def a_letter(at: datetime, site: Site | None = None, sitting_code: str = "2026-10") -> PremisesLetter:
    """A letter on its way to the centre."""
    site = site or make.a_site_on_premises(at)
    met("national", at=at)
    patch = staffed()
    try:
        return commands.send_premises_letter(
            site_id=site.pk, sitting_code=sitting_code, by=clerk(Post.PROVINCE_CLERK), at=at
        ).value
    finally:
        patch.undo()


def a_received_letter(at: datetime) -> ReceivedLetter:
    """A letter at the centre."""
    met("province:32", at=at)
    body = {
        "number": "自考助学场地〔2026-10〕3201-01-1", "sitting": "2026-10", "site": "3201-01", "name": "助学中心考点",
        "address": "一号", "institution": "助学中心", "rooms": 1, "seats": 30, "reason": "没有其他考点",
        "approval": "批1号", "run_by": "省级直接负责",
        "staff": [{"duty": s.duty, "name": s.name, "unit": s.unit, "title": s.title} for s in STAFF],
    }  # fmt: skip
    digest = sm3(canonical(body)).hex()
    return receive_letter(province="32", body=body, digest=digest, by=the_node(), at=at).value
