"""Interests in a sitting: what was declared, and what the data shows that nobody declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, all_rows, scoped
from zikao.stages.personnel.models import InterestFlag, Kin, Person
from zikao.stages.personnel.queries.registers import sitters
from zikao.stages.personnel.states import DIRECT, FlagKind, FlagState, Relation, Sitter


@dataclass(frozen=True)
class Found:
    """A sign of an interest: a person of the staff and a candidate of the sitting."""

    person_id: int
    agency_code: str
    candidate_id: int
    candidate_agency: str
    kind: FlagKind
    relation: str = ""


def flags(by: Actor) -> QuerySet[InterestFlag]:
    """The signs found about the actor's people."""
    return scoped(InterestFlag.objects.select_related("person"), by)


def flag_of(by: Actor, flag_id: int) -> InterestFlag:
    """One sign. Raises NotFound."""
    return access(InterestFlag.objects.select_related("person"), by, pk=flag_id)


def open_flags(by: Actor) -> QuerySet[InterestFlag]:
    """The signs that wait for the area's decision."""
    return flags(by).filter(state=FlagState.OPEN)


def kin_of_person(person: Person) -> QuerySet[Kin]:
    """The family and pupils that a member of staff declares."""
    return person.kin.filter(withdrawn_at__isnull=True)


def own_kin(person: Person) -> list[Kin]:
    """The same, for the person's own eyes: an account may be of a smaller agency than the person."""
    with all_rows("EA-11.1：本人查看自己的申报"):
        return list(kin_of_person(person))


def kin_of_candidate(candidate_id: int) -> QuerySet[Kin]:
    """The staff in the family that a candidate declares."""
    return Kin.objects.filter(candidate_id=candidate_id, withdrawn_at__isnull=True)


def detected(agency_code: str, sitting_code: str) -> Iterator[Found]:
    """Every sign of an interest of an agency's people among all who sit in the sitting; pupils only bar a room."""
    signs = _Signs(agency_code)
    for sitter in sitters(sitting_code):
        yield from signs.of(sitter)


class _Signs:
    """The agency's people by what identifies them: one look for each candidate."""

    def __init__(self, agency_code: str) -> None:
        self.people = {
            person.pk: person for person in Person.objects.filter(agency_code__startswith=agency_code).order_by("id")
        }
        self.by_number = {bytes(person.id_number_index): pk for pk, person in self.people.items()}
        self.by_phone: dict[bytes, set[int]] = defaultdict(set)
        self.by_address: dict[bytes, set[int]] = defaultdict(set)
        for pk, person in self.people.items():
            if person.phone_index:
                self.by_phone[bytes(person.phone_index)].add(pk)
            if person.address_index:
                self.by_address[bytes(person.address_index)].add(pk)
        self.by_kin: dict[bytes, list[tuple[int, str]]] = defaultdict(list)
        self.by_candidate: dict[int, list[tuple[int, str]]] = defaultdict(list)
        standing = Kin.objects.filter(withdrawn_at__isnull=True).exclude(relation=Relation.PUPIL).order_by("id")
        for kin in standing.filter(person__in=self.people):
            self.by_kin[bytes(kin.id_number_index)].append((kin.person_id or 0, kin.relation))
        with all_rows("EA-11.2：外县考生也可以申报本机构的工作人员是亲属"):
            named = list(standing.filter(person=None, id_number_index__in=list(self.by_number)))
        for kin in named:
            owner = self.by_number[bytes(kin.id_number_index)]
            self.by_candidate[kin.candidate_id or 0].append((owner, kin.relation))

    def of(self, sitter: Sitter) -> Iterator[Found]:
        """The signs that a candidate gives."""
        if sitter.id_index in self.by_number:
            yield self._found(self.by_number[sitter.id_index], sitter, FlagKind.SAME_PERSON)
        for pk, relation in self.by_kin.get(sitter.id_index, ()):
            yield self._found(pk, sitter, FlagKind.BY_STAFF, relation)
        for pk, relation in self.by_candidate.get(sitter.candidate_id, ()):
            yield self._found(pk, sitter, FlagKind.BY_CANDIDATE, relation)
        for pk in self.by_phone.get(sitter.phone_index, ()):
            yield self._found(pk, sitter, FlagKind.SAME_PHONE)
        for pk in self.by_address.get(sitter.address_index, ()):
            yield self._found(pk, sitter, FlagKind.SAME_ADDRESS)

    def _found(self, pk: int, sitter: Sitter, kind: FlagKind, relation: str = "") -> Found:
        agency = self.people[pk].agency_code
        return Found(pk, agency, sitter.candidate_id, sitter.agency_code, kind, relation)


def is_direct(flag: InterestFlag) -> bool:
    """Whether the person sits themselves, or a direct relation stands as it was declared: then they keep away."""
    if flag.kind == FlagKind.SAME_PERSON:
        return True
    if flag.relation not in DIRECT:
        return False
    standing = Kin.objects.filter(relation=flag.relation, withdrawn_at__isnull=True)
    if flag.kind == FlagKind.BY_STAFF:
        return standing.filter(person=flag.person).exists()
    with all_rows("EA-11.2：申报的考生可能在外县报名"):
        return standing.filter(candidate_id=flag.candidate_id, id_number_index=flag.person.id_number_index).exists()
