"""The register of exam staff: one by one, or a whole file of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.crypto import index_of, indexes_of
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy import new_ids
from zikao.stages.agencies.models import Agency, TutoringInstitution
from zikao.stages.personnel import policies, rules
from zikao.stages.personnel.models import ADDRESS, ID_NUMBER, PHONE, Person
from zikao.stages.personnel.states import PersonChange, PersonRow, RowProblem


@command(writes="personnel.person-registered", clauses=("EA-8", "EA-9"), posts=policies.REGISTRARS)
def register_person(*, row: PersonRow, by: Actor, at: datetime) -> Outcome[Person]:
    """Put a person on the register of exam staff, their basic conditions confirmed; the ID number is kept sealed.

    Source:  EA-8, EA-9
    Writes:  personnel.person-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    person = _registered([row], by, at)[0]
    return Outcome(person, facts={"agency": person.agency_code, "kind": person.kind})


class RowsRefused(BadInput):
    """Rows of a file that cannot be registered; `problems` names each by line and column."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        super().__init__("rows-refused", message=f"名单有 {len(problems)} 处不能导入，全部没有导入。")
        self.problems = tuple(problems)


@command(writes="personnel.staff-imported", clauses=("EA-8", "EA-9"), posts=policies.REGISTRARS)
def import_staff(
    *, rows: Sequence[tuple[int, PersonRow]], agency_code: str, by: Actor, at: datetime
) -> Outcome[list[Person]]:
    """Register everybody of a file, or nobody: `rows` with their line numbers; every bad row is named.

    Source:  EA-8, EA-9
    Writes:  personnel.staff-imported
    Raises:  NotPermitted, NotFound, RowsRefused
    """
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
    problems = _problems(rows, agency_code, local_day(at))
    if problems:
        raise RowsRefused(problems)
    persons = _registered([row for _, row in rows], by, at)
    return Outcome(persons, on=f"agency:{agency_code}", facts={"agency": agency_code, "count": len(persons)})


def _problems(rows: Sequence[tuple[int, PersonRow]], agency_code: str, day: date) -> list[RowProblem]:
    wanted = list(parameter("staff-conditions").on(day))
    agencies = set(Agency.objects.filter(code__startswith=agency_code).values_list("code", flat=True))
    institutions = set(TutoringInstitution.objects.values_list("code", flat=True))
    asked = {line: indexes_of(row.id_number) for line, row in rows}
    every = [index for several in asked.values() for index in several]
    known = {
        bytes(index)
        for index in Person.objects.filter(id_number_index__in=every).values_list("id_number_index", flat=True)
    }
    seen: dict[str, int] = {}
    found: list[RowProblem] = []
    for line, row in rows:
        missing = [name for name in wanted if name not in row.conditions]
        fault = rules.id_number_fault(row.id_number)
        checks = (
            ("身份证号", fault or ""),
            ("身份证号", "" if fault or not known.intersection(asked[line]) else "此人已经登记。"),
            ("身份证号", f"与第{seen[row.id_number]}行重复。" if row.id_number in seen else ""),
            ("机构代码", "" if row.agency_code in agencies else "本机构管辖范围内没有这个机构。"),
            (
                "助学机构代码",
                "" if (row.tutoring_institution_code or "") in institutions | {""} else "没有这个助学机构。",
            ),
            ("基本条件", f"没有确认：{'、'.join(missing)}。" if missing else ""),
        )
        found += [RowProblem(line, column, reason) for column, reason in checks if reason]
        seen.setdefault(row.id_number, line)
    return found


@command(writes="personnel.persons-registered", clauses=("EA-8", "EA-9"), posts=policies.REGISTRARS)
def register_persons(*, rows: Sequence[PersonRow], agency_code: str, by: Actor, at: datetime) -> Outcome[list[Person]]:
    """Put persons of one agency's subtree on the register, all or none.

    Source:  EA-8, EA-9
    Writes:  personnel.persons-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
    strange = [i for i, row in enumerate(rows, 1) if not row.agency_code.startswith(agency_code)]
    if strange:
        raise BadInput("rows-of-other-agency", field_errors={f"rows.{i}": "不属于本机构。" for i in strange})
    persons = _registered(rows, by, at)
    return Outcome(persons, on=f"agency:{agency_code}", facts={"agency": agency_code, "count": len(persons)})


def _registered(rows: Sequence[PersonRow], by: Actor, at: datetime) -> list[Person]:
    day = local_day(at)
    for row in rows:
        if not by.covers(row.agency_code):
            raise NotFound("agency-not-found", facts={"agency": row.agency_code})
        rules.BASIC_CONDITIONS(on=day, confirmed=row.conditions).require()
    indexes = [_index_of(number, row) for number, row in enumerate(rows, 1)]
    asked = [index for row in rows for index in indexes_of(row.id_number)]
    known = Person.objects.filter(id_number_index__in=asked).count()
    if known or len(set(indexes)) != len(indexes):
        raise Conflict("person-registered", message="名单中有人已经登记，或在名单中重复出现。")
    institutions = _institutions(rows)
    return Person.objects.bulk_create(
        Person(
            id=row_id,
            name=row.name,
            unit=row.unit,
            sex=row.sex,
            id_number_sealed=ID_NUMBER.seal(row.id_number, row_id),
            id_number_index=index,
            kind=row.kind,
            title=row.title,
            tutoring_institution=institutions.get(row.tutoring_institution_code or ""),
            agency_code=row.agency_code,
            **_contacts(row, row_id),
            conditions_confirmed_on=day,
            account_id=row.account_id,
            registered_at=at,
        )
        for row, index, row_id in zip(rows, indexes, new_ids(Person, len(rows)), strict=True)
    )


def _contacts(row: PersonRow | PersonChange, row_id: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, field, value in (
        ("phone", PHONE, rules.phone_of(row.phone)),
        ("address", ADDRESS, rules.address_of(row.address)),
    ):
        if value:
            found |= {f"{name}_sealed": field.seal(value, row_id), f"{name}_index": index_of(value)}
    return found


def _index_of(number: int, row: PersonRow) -> bytes:
    fault = rules.id_number_fault(row.id_number)
    if fault:
        raise BadInput("id-number", field_errors={"id_number": f"第{number}行：{fault}"})
    return index_of(row.id_number)


def _institutions(rows: Sequence[PersonRow]) -> dict[str, TutoringInstitution]:
    codes = {row.tutoring_institution_code for row in rows if row.tutoring_institution_code}
    found = TutoringInstitution.objects.in_bulk(codes, field_name="code")
    if missing := sorted(codes - found.keys()):
        raise NotFound("institution-not-found", facts={"codes": missing})
    return found


@command(writes="personnel.conditions-reviewed", clauses=("EA-9",), posts=policies.REGISTRARS)
def review_conditions(
    *, person_id: int, confirmed: Sequence[str], evidence: str, by: Actor, at: datetime
) -> Outcome[Person]:
    """Look at the basic conditions once more: what is not confirmed has lapsed, and closes every post.

    Source:  EA-9
    Writes:  personnel.conditions-reviewed
    Raises:  NotPermitted, NotFound, BadInput
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    policies.check_not_oneself(by, person, policies.OWN_CONDITIONS)
    if not evidence.strip():
        raise BadInput("evidence-missing", field_errors={"evidence": "请写明核实的依据。"})
    before, day = snapshot(person), local_day(at)
    person.conditions_lapsed = [name for name in parameter("staff-conditions").on(day) if name not in confirmed]
    person.conditions_confirmed_on = day
    person.save(update_fields=["conditions_lapsed", "conditions_confirmed_on"])
    facts = {"lapsed": list(person.conditions_lapsed), "evidence": evidence.strip()}
    return Outcome(person, before=before, facts=facts)


@command(writes="personnel.person-amended", clauses=("EA-8", "EA-25.4"), posts=policies.REGISTRARS)
def amend_person(*, person_id: int, change: PersonChange, reason: str, by: Actor, at: datetime) -> Outcome[Person]:
    """Change an entry of the register: another school or agency, another title, a teacher of a tutoring institution.

    Identity stays: whoever was registered under a wrong ID number is registered anew. What is drawn stays drawn.

    Source:  EA-8, EA-25.4
    Writes:  personnel.person-amended
    Raises:  NotPermitted, NotFound, BadInput
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    policies.check_not_oneself(by, person, policies.OWN_REGISTER)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明更改的原因和依据。"})
    if not Agency.objects.filter(code=change.agency_code).exists() or not by.covers(change.agency_code):
        raise BadInput("agency-unknown", field_errors={"agency_code": "本机构管辖范围内没有这个机构。"})
    before, code = snapshot(person), change.tutoring_institution_code
    institution = TutoringInstitution.objects.filter(code=code).first() if code else None
    if code and institution is None:
        raise BadInput("institution-unknown", field_errors={"tutoring_institution_code": "没有这个助学机构。"})
    values = {
        "name": change.name, "unit": change.unit, "sex": change.sex, "kind": change.kind, "title": change.title,
        "agency_code": change.agency_code, "tutoring_institution": institution, **_contacts(change, person.pk),
    }  # fmt: skip
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    changed = sorted(name for name, value in snapshot(person).items() if value != before[name])
    if not changed:
        raise BadInput("nothing-changed", field_errors={"reason": "没有任何更改。"})
    return Outcome(person, before=before, facts={"changed": changed, "reason": reason.strip()})
