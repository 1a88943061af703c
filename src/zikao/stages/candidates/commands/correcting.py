"""Identity data corrected (SR-10.3): proposed with evidence, signed level by level; the old values stay sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from zikao.foundation import storage
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import propose, when_approved, when_refused
from zikao.foundation.approvals.models import Approval
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, all_rows, command
from zikao.foundation.crypto import canonical, index_of, indexes_of, sm3
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.secrecy import new_ids
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.commands import checks
from zikao.stages.candidates.commands.portraits import check_portrait
from zikao.stages.candidates.commands.registration import require_fields
from zikao.stages.candidates.commands.suspending import carry_suspensions
from zikao.stages.candidates.models import ID_NUMBER, VALUES, Candidate, IdentityCorrection
from zikao.stages.candidates.portraits import media_type
from zikao.stages.candidates.rules import IDENTITY_EVIDENCE
from zikao.stages.candidates.states import AccountState, Applicant, CandidateState, IdentityState

CHAIN = "identity-correction"
FIELDS = ("name", "sex", "born_on", "document_kind", "id_number", "portrait")


@command(writes="candidates.correction-proposed", clauses=("SR-10.3", "EA-13.1"), posts=policies.CORRECTORS)
def propose_identity_correction(
    *,
    candidate_id: int,
    changes: Mapping[str, Any],
    picture: bytes | None = None,
    reason: str,
    evidence: bytes,
    evidence_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[IdentityCorrection]:
    """Propose other identity data or a new portrait, with evidence: nothing changes before the chain is signed.

    `changes` holds name, sex, born_on, document_kind, id_number; what is left out or the same stays.

    Source:  SR-10.3, EA-13.1
    Writes:  candidates.correction-proposed
    Raises:  NotPermitted, NotFound, WrongState, BadInput (by field), Refused, Conflict
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    policies.check_in_register(candidate)
    _check_proof(reason, evidence, evidence_type, local_day(at))
    before, after = _values(candidate, changes)
    if picture is not None:
        before["portrait"], after["portrait"] = candidate.portrait, _kept(picture, at)
    _check(candidate, before, after, local_day(at))
    changed = [name for name in FIELDS if after.get(name) != before.get(name)]
    values = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    row_id = new_ids(IdentityCorrection)[0]
    correction = IdentityCorrection.objects.create(
        id=row_id, candidate=candidate, fields=changed,
        values_sealed=VALUES.seal(json.dumps(values, ensure_ascii=False), row_id),
        digest=sm3(canonical({"candidate": candidate.pk, **values})), reason=reason.strip(),
        evidence=storage.put(evidence, media_type=evidence_type, at=at), evidence_type=evidence_type,
        proposed_at=at, agency_code=candidate.agency_code,
    )  # fmt: skip
    approval = _put_before(correction, by, at)
    correction.approval_id = approval.pk
    correction.save(update_fields=["approval_id"])
    return Outcome(correction, facts={"candidate": candidate.pk, "fields": changed, **approval.facts})


def _kept(picture: bytes, at: datetime) -> str:
    require_fields(check_portrait(picture=picture, at=at))
    return storage.put(picture, media_type=media_type(picture), at=at)


def _values(candidate: Candidate, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {
        "name": candidate.name,
        "sex": candidate.sex,
        "born_on": candidate.born_on.isoformat(),
        "document_kind": candidate.document_kind,
        "id_number": ID_NUMBER.text(candidate),
    }
    given = {name: value for name, value in changes.items() if name in before and value}
    if isinstance(given.get("born_on"), date):
        given["born_on"] = given["born_on"].isoformat()
    if "id_number" in given:
        given["id_number"] = queries.normal_id_number(str(given["id_number"]))
    if "name" in given:
        given["name"] = str(given["name"]).strip()
    return before, {**before, **given}


def _check_proof(reason: str, evidence: bytes, evidence_type: str, on: date) -> None:
    if not reason.strip() or not evidence:
        errors = {} if reason.strip() else {"reason": "请说明理由。"}
        errors |= {} if evidence else {"evidence": "请附证明材料。"}
        raise BadInput("proof-missing", field_errors=errors, message="".join(errors.values()), clause="SR-10.3")
    require_fields(IDENTITY_EVIDENCE(on=on, media_type=evidence_type, size=len(evidence)))


def _check(candidate: Candidate, before: dict[str, Any], after: dict[str, Any], on: date) -> None:
    if before == after:
        raise BadInput("nothing-changes", message="没有要更正的内容。", remedy="请填写更正后的内容，或选择新照片。")
    person = replace(_NOBODY, **{name: value for name, value in after.items() if name not in ("portrait", "born_on")})
    require_fields(checks.identity(replace(person, born_on=date.fromisoformat(after["born_on"])), on))
    if after["id_number"] != before["id_number"]:
        with all_rows("EA-14：一人一号，在何县（区）注册过都算"):
            taken = Candidate.objects.filter(id_number_index__in=indexes_of(after["id_number"])).exists()
        if taken:
            raise Conflict(
                "person-registered",
                message="更正后的证件号码已经注册过。",
                remedy="请先查清是否同一人重复注册；重复注册的，由省级教育考试机构处理。",
                clause="EA-14",
            )


def _put_before(correction: IdentityCorrection, by: Actor, at: datetime) -> Approval:
    names = {"name": "姓名", "sex": "性别", "born_on": "出生日期", "document_kind": "证件种类", "id_number": "证件号码"}
    what = "、".join({**names, "portrait": "照片"}[name] for name in correction.fields)
    return propose(
        chain=CHAIN,
        subject=f"candidates.identitycorrection:{correction.pk}",
        digest=bytes(correction.digest),
        title=f"考生身份信息更正：{what}",
        reason=correction.reason,
        evidence=[correction.evidence],
        agency_code=correction.agency_code,
        by=by,
        at=at,
        shown={"更正的项目": what, "报名县（区）": correction.agency_code},
    )


@when_approved(CHAIN)
def correction_approved(approval: Approval, by: Actor, at: datetime) -> None:
    """The last has signed: the register changes, a new card is due, the centre is told."""
    correction = _of(approval)
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=correction.candidate_id)
    after = json.loads(VALUES.text(correction))["after"]
    old = ID_NUMBER.text(candidate)
    for name in ("name", "sex", "document_kind", "portrait"):
        setattr(candidate, name, after.get(name, getattr(candidate, name)))
    if "born_on" in after:
        candidate.born_on = date.fromisoformat(after["born_on"])
    if "id_number" in after:
        candidate.id_number_sealed = ID_NUMBER.seal(after["id_number"], candidate.pk)
        candidate.id_number_index = index_of(after["id_number"])
    if candidate.state == CandidateState.CARD_ISSUED:
        candidate.state = CandidateState.REGISTERED
    candidate.account_state = AccountState.AWAITING
    candidate.save()
    Account.objects.filter(candidate_id=candidate.pk).update(name=candidate.name)
    if "id_number" in after:
        carry_suspensions(old, after["id_number"], at)
    correction.state, correction.closed_at = IdentityState.DONE, at
    correction.save(update_fields=["state", "closed_at"])


@when_refused(CHAIN)
def correction_refused(approval: Approval, by: Actor, at: datetime) -> None:
    """Refused, withdrawn or expired: nothing changes."""
    correction = _of(approval)
    correction.state, correction.closed_at = IdentityState.REFUSED, at
    correction.save(update_fields=["state", "closed_at"])


def _of(approval: Approval) -> IdentityCorrection:
    return IdentityCorrection.objects.select_for_update().get(pk=int(approval.subject.rpartition(":")[2]))


_NOBODY = Applicant(name="", sex="", born_on=date(1900, 1, 1), id_number="", major_code="")
