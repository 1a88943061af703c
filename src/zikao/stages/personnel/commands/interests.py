"""Interests: declared by staff and candidates, found in the data, decided by the area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, all_rows, check_transition, command, snapshot
from zikao.foundation.crypto import index_of
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from zikao.foundation.jobs import working
from zikao.foundation.jobs.models import Work
from zikao.foundation.secrecy import new_ids
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.models import KIN_NUMBER, Declaration, Duty, InterestFlag, Kin, Person
from zikao.stages.personnel.queries.interests import Found
from zikao.stages.personnel.states import FLAG_TRANSITIONS, FlagState, InterestKind, Relation

DETECTION = "personnel.detection"
MOST_OF_A_CANDIDATE = 20


@command(writes="personnel.interest-declared", clauses=("EA-11.1", "EA-11.2"), posts=policies.DECLARATION_TAKERS)
def declare_interest(
    *, person_id: int, sitting_code: str, kind: InterestKind, by: Actor, at: datetime
) -> Outcome[Declaration]:
    """Record that a direct relative sits in a sitting, or another interest; duties held already are counted.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.interest-declared
    Raises:  NotPermitted, NotFound, Conflict
    """
    return _declared(access(Person.objects.select_for_update(of=("self",)), by, pk=person_id), sitting_code, kind, at)


def _declared(person: Person, sitting_code: str, kind: InterestKind, at: datetime) -> Outcome[Declaration]:
    if person.declarations.filter(sitting_code=sitting_code, kind=kind, withdrawn_at__isnull=True).exists():
        raise Conflict("declared-already", message="这一事项已经申报。")
    declaration = Declaration.objects.create(person=person, sitting_code=sitting_code, kind=kind, declared_at=at)
    held = Duty.objects.filter(person=person, sitting_code=sitting_code).count()
    facts = {"person": person.pk, "sitting": sitting_code, "kind": kind, "duties": held}
    return Outcome(declaration, on=person, facts=facts)


@command(writes="personnel.own-interest-declared", clauses=("EA-11.1", "EA-11.2"), posts=policies.OWN)
def declare_own_interest(*, sitting_code: str, kind: InterestKind, by: Actor, at: datetime) -> Outcome[Declaration]:
    """A member of staff declares their own interest in a sitting, whatever their post.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.own-interest-declared
    Raises:  NotPermitted, Conflict
    """
    return _declared(queries.own_person(by), sitting_code, kind, at)


@command(writes="personnel.interest-withdrawn", clauses=("EA-11.1", "EA-11.2"), posts=policies.FLAG_DECIDERS)
def withdraw_interest(*, declaration_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Declaration]:
    """Withdraw a declaration that was wrong or has fallen away, with the reason; the area does it, not the person.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.interest-withdrawn
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    rows = Declaration.objects.select_for_update(of=("self",)).select_related("person")
    declaration = access(rows, by, "person__agency_code", pk=declaration_id)
    if declaration.withdrawn_at is not None:
        raise WrongState("withdrawn-already", message="这一申报已经撤销。")
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明撤销的原因和依据。"})
    policies.check_not_oneself(by, declaration.person, policies.OWN_DECLARATION)
    before = snapshot(declaration)
    declaration.withdrawn_at, declaration.withdrawal_reason = at, reason.strip()
    declaration.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    facts = {"sitting": declaration.sitting_code, "reason": reason.strip()}
    return Outcome(declaration, on=declaration.person, before=before, facts=facts)


@command(writes="personnel.kin-declared", clauses=("EA-11.1", "EA-11.2"), posts=policies.DECLARATION_TAKERS)
def declare_kin(
    *, person_id: int, relation: Relation, name: str, id_number: str, by: Actor, at: datetime
) -> Outcome[Kin]:
    """Record a relative or pupil of a member of staff, for every sitting; the ID number is kept sealed.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.kin-declared
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    kin = _kin(relation, name, id_number, person.agency_code, at, person=person)
    return Outcome(kin, on=person, facts={"relation": relation, "found": _compared(kin, at)})


@command(writes="personnel.own-kin-declared", clauses=("EA-11.1", "EA-11.2"), posts=policies.OWN)
def declare_own_kin(*, relation: Relation, name: str, id_number: str, by: Actor, at: datetime) -> Outcome[Kin]:
    """A member of staff names their own relative or pupil, whatever their post.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.own-kin-declared
    Raises:  NotPermitted, BadInput, Conflict
    """
    person = queries.own_person(by)
    with all_rows("EA-11.1、EA-11.2：亲属可能在外县报考，也可能由对方申报"):
        kin = _kin(relation, name, id_number, person.agency_code, at, person=person)
    return Outcome(kin, on=person, facts={"relation": relation, "found": _compared(kin, at)})


@command(
    writes="personnel.kin-declared-by-candidate", clauses=("EA-11.1", "EA-11.2"), posts=frozenset({Post.CANDIDATE})
)
def declare_staff_kin(*, relation: Relation, name: str, id_number: str, by: Actor, at: datetime) -> Outcome[Kin]:
    """A candidate names a relative or teacher who works in the examinations; the ID number is kept sealed.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.kin-declared-by-candidate
    Raises:  NotPermitted, BadInput, Conflict
    """
    if by.candidate_id is None:
        raise NotPermitted("no-candidate", message="请用考生账号登录后申报。")
    kin = _kin(relation, name, id_number, by.agency_code, at, candidate_id=by.candidate_id)
    return Outcome(kin, facts={"relation": relation, "found": _compared(kin, at)})


def _compared(kin: Kin, at: datetime) -> int:
    """Keep what the declaration shows in the sittings that are not over; whoever declares late is found, too."""
    found = [(code, each) for code in queries.sittings_to_come(local_day(at)) for each in queries.found_for(kin, code)]
    for code, each in found:
        with all_rows("EA-11.1、EA-11.2：亲属可能在外县报考，也可能由对方申报"):
            InterestFlag.objects.bulk_create([_flag(each, code, at)], ignore_conflicts=True)
    return len(found)


def _flag(found: Found, sitting_code: str, at: datetime) -> InterestFlag:
    return InterestFlag(
        person_id=found.person_id,
        sitting_code=sitting_code,
        candidate_id=found.candidate_id,
        candidate_agency=found.candidate_agency,
        kind=found.kind,
        relation=found.relation,
        found_at=at,
        agency_code=found.agency_code,
    )


def _kin(
    relation: Relation,
    name: str,
    id_number: str,
    agency_code: str,
    at: datetime,
    person: Person | None = None,
    candidate_id: int | None = None,
) -> Kin:
    number = id_number.strip().upper()
    if fault := rules.id_number_fault(number):
        raise BadInput("id-number", field_errors={"id_number": fault})
    if not name.strip():
        raise BadInput("name-missing", field_errors={"name": "请填写姓名。"})
    index = index_of(number)
    if person is not None and bytes(person.id_number_index) == index:
        raise BadInput("own-number", field_errors={"id_number": "这是申报人本人的证件号码，请填写对方的。"})
    same = Kin.objects.filter(person=person, candidate_id=candidate_id, withdrawn_at__isnull=True)
    if same.filter(id_number_index=index).exists():
        raise Conflict("kin-declared", message="这个人已经申报过。")
    if candidate_id is not None and same.count() >= MOST_OF_A_CANDIDATE:
        text = f"已经申报了 {MOST_OF_A_CANDIDATE} 人。"
        raise Conflict("kin-too-many", message=text, remedy="请先撤回填错的；确有更多亲属的，请到报名点说明。")
    key = new_ids(Kin)[0]
    return Kin.objects.create(
        id=key,
        person=person,
        candidate_id=candidate_id,
        relation=relation,
        name=name.strip(),
        id_number_sealed=KIN_NUMBER.seal(number, key),
        id_number_index=index,
        agency_code=agency_code,
        declared_at=at,
    )


@command(
    writes="personnel.kin-withdrawn",
    clauses=("EA-11.1", "EA-11.2"),
    posts=policies.FLAG_DECIDERS | {Post.CANDIDATE},
)
def withdraw_kin(*, kin_id: int, by: Actor, at: datetime) -> Outcome[Kin]:
    """Take a relative off: the area for its staff, a candidate for themselves. What was found stays found.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.kin-withdrawn
    Raises:  NotPermitted, NotFound, WrongState
    """
    rows = Kin.objects.select_for_update(of=("self",)).filter(candidate_id=by.candidate_id)
    kin = access(rows, by, pk=kin_id)
    if kin.withdrawn_at is not None:
        raise WrongState("withdrawn-already", message="这一申报已经撤回。")
    if kin.person is not None:
        policies.check_not_oneself(by, kin.person, policies.OWN_KIN)
    before = snapshot(kin)
    kin.withdrawn_at = at
    kin.save(update_fields=["withdrawn_at"])
    return Outcome(kin, on=kin.person or kin, before=before)


@command(writes="personnel.detection-ordered", clauses=("EA-11.2",), posts=policies.DETECTORS)
def order_detection(*, sitting_code: str, by: Actor, at: datetime) -> Outcome[Work]:
    """Have all who sit in a sitting compared with the agency's people: long work, its findings await decisions.

    Source:  EA-11.2
    Writes:  personnel.detection-ordered
    Raises:  NotPermitted, NotFound
    """
    if sitting_code not in dict(queries.sittings()):
        raise NotFound("sitting-not-found", facts={"sitting": sitting_code}, message=f"没有考次 {sitting_code}。")
    people = Person.objects.filter(agency_code__startswith=by.agency_code).count()
    work = working.order(
        kind=DETECTION,
        title=f"{sitting_code} 亲属和利害关系比对",
        total=people,
        given={"sitting": sitting_code, "agency": by.agency_code},
        agency_code=by.agency_code,
        by=by,
        at=at,
    )
    return Outcome(work, facts={"sitting": sitting_code, "people": people})


@command(writes="personnel.interests-found", clauses=("EA-11.2",), posts=policies.DETECTORS | {Post.NODE})
def record_findings(*, sitting_code: str, found: Sequence[Found], by: Actor, at: datetime) -> Outcome[int]:
    """Keep what the comparison found; what was found before stays as it was decided.

    Source:  EA-11.2
    Writes:  personnel.interests-found
    Raises:  NotPermitted, NotFound
    """
    if any(not by.covers(each.agency_code) for each in found):
        raise NotFound("person-not-found")
    standing = InterestFlag.objects.filter(sitting_code=sitting_code)
    before = standing.count()
    rows = [_flag(each, sitting_code, at) for each in found]
    InterestFlag.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    new = standing.count() - before
    return Outcome(new, on=f"sitting:{sitting_code}", facts={"found": len(found), "new": new})


@command(writes="personnel.interest-decided", clauses=("EA-11.1", "EA-11.2"), posts=policies.FLAG_DECIDERS)
def decide_flag(*, flag_id: int, state: FlagState, reason: str, by: Actor, at: datetime) -> Outcome[InterestFlag]:
    """Decide on a sign: the person must keep away (recorded like a declaration), or need not, with the reason.

    Source:  EA-11.1, EA-11.2
    Writes:  personnel.interest-decided
    Raises:  NotPermitted, NotFound, BadInput, WrongState, Conflict
    """
    flag = access(InterestFlag.objects.select_for_update(of=("self",)).select_related("person"), by, pk=flag_id)
    check_transition(FLAG_TRANSITIONS, FlagState(flag.state), FlagState(state))
    policies.check_not_oneself(by, flag.person, policies.OWN_FLAG)
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明认定的理由。"})
    if state == FlagState.DISMISSED and queries.is_direct(flag):
        text = "申报的直系亲属参加本次考试，应当回避；申报有误的，请先撤回申报再认定。"
        raise Conflict("direct-relative", message=text, clause="EA-11.2")
    before = snapshot(flag)
    flag.state, flag.reason, flag.decided_at = state, reason.strip(), at
    flag.save(update_fields=["state", "reason", "decided_at"])
    if state == FlagState.RECUSED:
        kind = InterestKind.RELATIVE if queries.is_direct(flag) else InterestKind.OTHER
        standing = {"person": flag.person, "sitting_code": flag.sitting_code, "kind": kind, "withdrawn_at": None}
        Declaration.objects.get_or_create(**standing, defaults={"declared_at": at})
    facts = {"person": flag.person_id, "sitting": flag.sitting_code, "kind": flag.kind, "state": flag.state}
    return Outcome(flag, before=before, facts=facts)
