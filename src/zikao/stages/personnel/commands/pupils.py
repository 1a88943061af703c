"""The pupils of a member of staff, from a list: the teacher is kept out of the rooms in which they sit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.crypto import index_of
from zikao.foundation.errors import BadInput
from zikao.foundation.secrecy import new_ids
from zikao.stages.personnel import policies, queries
from zikao.stages.personnel.models import KIN_NUMBER, Kin, Person
from zikao.stages.personnel.states import PupilRow, Relation


@command(writes="personnel.pupils-declared", clauses=("EA-11.2", "EA-25.4"), posts=policies.DECLARATION_TAKERS)
def declare_pupils(
    *, person_id: int, pupils: Sequence[PupilRow], key: str | None = None, by: Actor, at: datetime
) -> Outcome[int]:
    """Record the pupils of a member of staff, all or none; who was declared before is passed over. Gives how many.

    Source:  EA-11.2, EA-25.4
    Writes:  personnel.pupils-declared
    Raises:  NotPermitted, NotFound, BadInput (each bad line)
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    faults = queries.pupil_faults(person, pupils)
    if faults or not pupils:
        text = "".join(f"第 {each.line} 行 {each.column}：{each.reason}" for each in faults[:20]) or "名单是空的。"
        raise BadInput("list-refused", field_errors={"rows": text}, message=text, facts={"bad": len(faults)})
    new = queries.pupils_not_declared(person, pupils)
    keys = new_ids(Kin, len(new))
    Kin.objects.bulk_create(
        [
            Kin(
                id=key_of,
                person=person,
                relation=Relation.PUPIL,
                name=each.name,
                id_number_sealed=KIN_NUMBER.seal(each.id_number, key_of),
                id_number_index=index_of(each.id_number),
                agency_code=person.agency_code,
                declared_at=at,
            )
            for key_of, each in zip(keys, new, strict=True)
        ],
        batch_size=1000,
    )
    return Outcome(len(new), on=person, facts={"listed": len(pupils), "count": len(new)})
