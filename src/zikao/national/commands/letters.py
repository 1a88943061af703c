"""The provinces' letters about premises of tutoring institutions, received and answered (EA-A3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import send
from zikao.national import policies
from zikao.national.models import ReceivedLetter

ASKED = ("number", "sitting", "site", "name", "rooms", "reason", "staff", "run_by")
"""What the letter must say: site, rooms, reason, who is in charge and who invigilates, run by the province."""


@command(writes="national.premises-letter-received", clauses=("EA-A3.1",), posts=policies.INBOX)
def receive_letter(
    *, province: str, body: Mapping[str, Any], digest: str, by: Actor, at: datetime
) -> Outcome[ReceivedLetter]:
    """Keep a province's letter and answer: received under a number, or returned because something is missing.

    Source:  EA-A3.1
    Writes:  national.premises-letter-received
    Raises:  NotPermitted, BadInput (the content is not what was signed, or is no letter: nothing is kept)
    """
    letter = dict(body)
    if sm3(canonical(letter)).hex() != digest:
        raise BadInput("letter-digest-differs", message="专函与摘要不一致，未予接收。", clause="EA-A3.1")
    missing = [name for name in ASKED if not letter.get(name)]
    if missing or not _staffed(letter["staff"]):
        raise BadInput(
            "letter-incomplete",
            facts={"missing": missing},
            message="专函缺少考点、考场数量、设点原因或主考、副主考、监考人员情况，予以退回。",
            clause="EA-A3.1",
        )
    standing = ReceivedLetter.objects.filter(province=province, number=letter["number"]).first()
    if standing is not None and standing.digest != digest:
        raise BadInput("letter-number-used", message="这一函号已经报送过不同的内容，予以退回。", clause="EA-A3.1")
    kept = standing or ReceivedLetter.objects.create(
        province=province,
        number=letter["number"],
        sitting_code=letter["sitting"],
        site_code=letter["site"],
        body=letter,
        digest=digest,
        receipt_number=f"收{letter['sitting'].replace('-', '')}{province}-{letter['site']}",
        received_at=at,
    )
    said = f"教育部考试中心已收，收文号 {kept.receipt_number}。"
    answer = {"number": kept.number, "digest": digest, "received": True, "answer": said}
    send(to=f"province:{province}", kind="agencies.premises-letter-answer", body=answer, at=at)
    facts = {"province": province, "sitting": kept.sitting_code, "site": kept.site_code, "digest": digest}
    return Outcome(kept, facts=facts)


def _staffed(staff: Any) -> bool:
    """One chief, a deputy and invigilators, each with name, unit and post."""
    if not isinstance(staff, list) or not all(isinstance(each, dict) for each in staff):
        return False
    duties = [each.get("duty") for each in staff]
    whole = all(each.get(key) for each in staff for key in ("name", "unit", "title"))
    return whole and duties.count("主考") == 1 and "副主考" in duties and "监考员" in duties
