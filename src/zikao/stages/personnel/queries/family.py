"""Whose family sits in a sitting, asked at the moment: nobody has to remember to have it compared first (EA-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from zikao.foundation.actors import Actor
from zikao.foundation.commands import all_rows, asked_of_all_rows
from zikao.foundation.regulation import Decision, all_of
from zikao.foundation.secrecy.registers import bars
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import InterestFlag, Kin, Person
from zikao.stages.personnel.queries.interests import Found
from zikao.stages.personnel.queries.registers import entered
from zikao.stages.personnel.states import FlagKind, FlagState, PersonKind, PostKind, Relation, Sitter

REASON = "EA-11.1、EA-11.2：亲属可能在外县报考，也可能由对方申报"

# What is on record of a person for a sitting, in one question: who they are, what was declared, whom they named and who
# named them. Pupils are no relatives; where the area found no interest, that candidate is left out.
_ON_RECORD = """
SELECT person.id, person.kind, person.id_number_index,
       EXISTS (SELECT 1 FROM personnel_declaration declared WHERE declared.person_id = person.id
                AND declared.sitting_code = %(sitting)s AND declared.withdrawn_at IS NULL),
       (SELECT count(*) FROM personnel_interestflag flag WHERE flag.person_id = person.id
                AND flag.sitting_code = %(sitting)s AND flag.state = 'open'),
       ARRAY(SELECT kin.id_number_index FROM personnel_kin kin WHERE kin.person_id = person.id
                AND kin.withdrawn_at IS NULL AND kin.relation <> 'pupil'),
       ARRAY(SELECT kin.candidate_id FROM personnel_kin kin WHERE kin.id_number_index = person.id_number_index
                AND kin.person_id IS NULL AND kin.withdrawn_at IS NULL AND kin.relation <> 'pupil'),
       ARRAY(SELECT flag.candidate_id FROM personnel_interestflag flag WHERE flag.person_id = person.id
                AND flag.sitting_code = %(sitting)s AND flag.state = 'dismissed')
  FROM personnel_person person WHERE person.account_id = %(account)s OR person.id = %(person)s
"""


@dataclass(frozen=True)
class Standing:
    """How a person stands in a sitting: part-time, kept away by what was declared or by who sits, signs undecided."""

    part_time: bool = False
    kept_away: bool = False
    open_flags: int = 0


def standing_of(sitting_code: str, *, account_id: int | None = None, person_id: int | None = None) -> Standing:
    """How a person, or whoever works with an account, stands in a sitting; nobody registered: nothing is known."""
    asked = {"sitting": sitting_code, "account": account_id, "person": person_id}
    row = asked_of_all_rows(REASON, _ON_RECORD, asked)
    if row is None:
        return Standing()
    _, kind, own, declared, open_flags, named, naming, dismissed = row
    sits = declared or any(
        sitter.candidate_id not in dismissed
        for sitter in entered(sitting_code, [bytes(each) for each in (own, *named)], naming)
    )
    return Standing(kind == PersonKind.PART, sits, open_flags)


def with_family_sitting(persons: Collection[Person], sitting_code: str) -> set[int]:
    """Of these persons, by id, those who sit in the sitting themselves or of whose family somebody does."""
    own = {bytes(person.id_number_index): person.pk for person in persons}
    by_index: dict[bytes, set[int]] = defaultdict(set, {index: {key} for index, key in own.items()})
    by_candidate: dict[int, set[int]] = defaultdict(set)
    with all_rows(REASON):
        kin = Kin.objects.filter(withdrawn_at__isnull=True).exclude(relation=Relation.PUPIL).order_by("id")
        for each in kin.filter(person__in=own.values()):
            by_index[bytes(each.id_number_index)].add(each.person_id or 0)
        for each in kin.filter(person=None, id_number_index__in=list(own)):
            by_candidate[each.candidate_id or 0].add(own[bytes(each.id_number_index)])
        flags = InterestFlag.objects.filter(
            sitting_code=sitting_code, state=FlagState.DISMISSED, person__in=own.values()
        )
        dismissed = set(flags.order_by("id").values_list("person_id", "candidate_id"))
    return {
        person
        for sitter in entered(sitting_code, list(by_index), list(by_candidate))
        for person in by_index.get(sitter.id_index, set()) | by_candidate.get(sitter.candidate_id, set())
        if (person, sitter.candidate_id) not in dismissed
    }


def found_for(kin: Kin, sitting_code: str) -> list[Found]:
    """The signs that one declaration gives in a sitting: what the comparison would find, found at once."""
    if kin.relation == Relation.PUPIL:
        return []
    if kin.person is not None:
        sitters = entered(sitting_code, [bytes(kin.id_number_index)], [])
        own, kind = kin.person, FlagKind.BY_STAFF
        return [_found(own, each, kind, kin.relation) for each in sitters]
    with all_rows(REASON):
        named = list(Person.objects.filter(id_number_index=kin.id_number_index))
    sitters = entered(sitting_code, [], [kin.candidate_id or 0]) if named else []
    return [_found(person, each, FlagKind.BY_CANDIDATE, kin.relation) for person in named for each in sitters]


def _found(person: Person, sitter: Sitter, kind: FlagKind, relation: str) -> Found:
    return Found(person.pk, person.agency_code, sitter.candidate_id, sitter.agency_code, kind, relation)


def kept_from_secrets(account_id: int, sitting_code: str, on: date) -> Decision:
    """Whether the holder of an account may touch questions, keys, scripts and scores of a sitting (EA-11.1, EA-11.2).

    An account that belongs to no registered person has declared nothing and is not refused here.
    """
    found = standing_of(sitting_code, account_id=account_id)
    kept_away = found.kept_away
    return all_of(
        rules.RECUSAL(on=on, part_time=found.part_time, declared=kept_away, post_kind=PostKind.PAPERS),
        rules.UNDECIDED(on=on, open_flags=found.open_flags),
    )


@bars
def has_declared_interest(actor: Actor, sitting_code: str, on: date) -> bool:
    """Whether the person behind the account must keep away from what is secret in the sitting (EA-11.1)."""
    return actor.account_id is not None and not kept_from_secrets(actor.account_id, sitting_code, on).granted
