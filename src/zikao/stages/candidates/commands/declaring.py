"""What a candidate declares of others: the institution that tutors them, relatives among the exam staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.crypto import index_of
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import RELATIVE, Candidate, DeclaredRelative
from zikao.stages.candidates.states import ListedCandidate


@command(writes="candidates.tutoring-declared", clauses=("EA-24.3",), posts=policies.APPLICANTS)
def declare_tutoring(*, candidate_id: int, institution_code: str, by: Actor, at: datetime) -> Outcome[Candidate]:
    """Declare the institution that tutors the candidate; an empty code: none.

    Source:  EA-24.3
    Writes:  candidates.tutoring-declared
    Raises:  NotPermitted, NotFound, WrongState
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    policies.check_in_register(candidate)
    before = snapshot(candidate)
    candidate.tutoring_institution = _institution(institution_code) if institution_code else None
    candidate.save(update_fields=["tutoring_institution"])
    return Outcome(candidate, before=before, facts={"institution": institution_code})


@command(writes="candidates.tutoring-listed", clauses=("EA-24.3",), posts=policies.REGISTRARS)
def list_tutored(
    *, institution_code: str, admission_numbers: Sequence[str], key: str | None = None, by: Actor, at: datetime
) -> Outcome[int]:
    """Take an institution's list of whom it tutors, whole or not at all; gives how many.

    Source:  EA-24.3
    Writes:  candidates.tutoring-listed
    Raises:  NotPermitted, NotFound (institution), BadInput (each bad line)
    """
    institution = _institution(institution_code)
    numbers = [number.strip() for number in admission_numbers if number.strip()]
    listed = [ListedCandidate(line, number, "") for line, number in enumerate(numbers, 1)]
    found, faults = queries.tutored_found(listed, by)
    if faults or not listed:
        bad = [f"第 {each.line} 行 {numbers[each.line - 1][:20]}：{each.reason}" for each in faults[:20]]
        text = "".join(bad) or "名单是空的。"
        raise BadInput("list-refused", field_errors={"rows": text}, message=text, facts={"bad": len(faults)})
    Candidate.objects.filter(pk__in=[each.pk for each in found]).update(tutoring_institution=institution)
    return Outcome(len(found), on=institution, facts={"count": len(found)})


@command(writes="candidates.relative-declared", clauses=("EA-9", "EA-26.1"), posts=policies.APPLICANTS)
def declare_relative(
    *, candidate_id: int, name: str, relation: str, unit: str = "", by: Actor, at: datetime
) -> Outcome[DeclaredRelative]:
    """Declare a relative among the exam staff, so that they are not put on duty where the candidate sits.

    Source:  EA-9, EA-26.1
    Writes:  candidates.relative-declared
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    candidate = queries.access_candidate(by, candidate_id, lock=True)
    if not name.strip() or not relation.strip():
        errors = {"name": "请填写亲属姓名。"} if not name.strip() else {"relation": "请填写关系。"}
        raise BadInput("relative-malformed", field_errors=errors, message="".join(errors.values()))
    index = index_of(name.strip())
    if candidate.declared_relatives.filter(name_index=index).exists():
        raise Conflict("relative-declared", message="这名亲属已经申报过。")
    row_id = new_ids(DeclaredRelative)[0]
    declared = DeclaredRelative.objects.create(
        id=row_id, candidate=candidate, name_sealed=RELATIVE.seal(name.strip(), row_id), name_index=index,
        relation=relation.strip(), unit=unit.strip(), declared_at=at,
    )  # fmt: skip
    return Outcome(declared, facts={"candidate": candidate.pk, "relation": relation.strip()})


def _institution(code: str) -> TutoringInstitution:
    found = TutoringInstitution.objects.filter(code=code).first()
    if found is None:
        raise NotFound("institution-not-found", message=f"没有代码为 {code[:10]} 的助学机构。")
    return found
