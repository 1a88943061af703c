"""What changes in a candidate's life: how to reach them, and the major; neither touches the number (EA-14)."""

from __future__ import annotations

import re
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, WrongState
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.models import ADDRESS, PHONE, Candidate
from zikao.stages.candidates.states import AccountState
from zikao.stages.programmes import queries as programmes
from zikao.stages.programmes.models import Major

LONGEST_ADDRESS = 200
PHONE_SHAPE = re.compile(r"[0-9]{7,12}", re.ASCII)


@command(writes="candidates.contact-changed", clauses=("EA-13.1", "EA-47"), posts=policies.APPLICANTS)
def change_contact(
    *, candidate_id: int, phone: str = "", address: str = "", by: Actor, at: datetime
) -> Outcome[Candidate]:
    """Reach the candidate by another phone or at another address; what is empty stays. Both stand sealed.

    Source:  EA-13.1, EA-47
    Writes:  candidates.contact-changed
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    policies.check_in_register(candidate)
    phone, address = phone.strip(), address.strip()
    _check_contact(phone, address)
    before = snapshot(candidate)
    if phone:
        candidate.phone_sealed = PHONE.seal(phone, candidate.pk)
    if address:
        candidate.address_sealed = ADDRESS.seal(address, candidate.pk)
    candidate.save(update_fields=["phone_sealed", "address_sealed"])
    changed = [name for name, value in (("phone", phone), ("address", address)) if value]
    return Outcome(candidate, before=before, facts={"candidate": candidate.pk, "changed": changed})


@command(writes="candidates.major-changed", clauses=("EA-12.1", "SR-5.2"), posts=policies.REGISTRARS)
def change_major(*, candidate_id: int, major_code: str, shown: str = "", by: Actor, at: datetime) -> Outcome[Candidate]:
    """Register the candidate for another major, as at the first registration; the number stays (EA-14).

    What is entered already stays entered; scores count in every plan that has the course. The centre is told.

    Source:  EA-12.1, EA-14, SR-5.2
    Writes:  candidates.major-changed
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Refused
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    policies.check_in_register(candidate)
    major = Major.objects.filter(code=major_code).first()
    if major is None:
        text = "没有这个专业。请从列表中选择。"
        raise BadInput("unknown-choice", field_errors={"major_code": text}, message=text)
    if major.pk == candidate.major_id:
        raise WrongState("major-same", message=f"考生现在报考的就是“{major}”。", remedy="请选择要改报的专业。")
    day = local_day(at)
    checks.major(programmes.entry_plans(day, [major.code]).get(major.code), shown, day).require()
    before, old = snapshot(candidate), candidate.major.code
    candidate.major, candidate.account_state = major, AccountState.AWAITING.value
    candidate.save(update_fields=["major", "account_state"])
    return Outcome(
        candidate, before=before, facts={"number": candidate.admission_number, "from": old, "to": major.code}
    )


def _check_contact(phone: str, address: str) -> None:
    errors = {}
    if not phone and not address:
        errors["phone"] = "请填写新的手机号码，或新的通信地址。"
    if phone and PHONE_SHAPE.fullmatch(phone) is None:
        errors["phone"] = "请填写 7 至 12 位数字，不加空格和横线。"
    if len(address) > LONGEST_ADDRESS:
        errors["address"] = f"通信地址最长 {LONGEST_ADDRESS} 个字。"
    if errors:
        raise BadInput("contact-malformed", field_errors=errors, message="".join(errors.values()))
