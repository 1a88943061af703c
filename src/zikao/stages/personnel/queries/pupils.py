"""A list of somebody's pupils, compared with the register before it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zikao.foundation.crypto import index_of
from zikao.foundation.sheets import Fault
from zikao.stages.personnel import rules
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.queries.interests import kin_of_person
from zikao.stages.personnel.states import PupilRow


def pupil_faults(person: Person, pupils: Sequence[PupilRow]) -> list[Fault]:
    """What is wrong with the rows of a list: numbers that cannot be, the teacher's own, told twice; names missing."""
    return sorted(_faults(person, pupils), key=lambda each: (each.line, each.column))


def _faults(person: Person, pupils: Sequence[PupilRow]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    own = bytes(person.id_number_index)
    for each in pupils:
        if not each.name:
            yield Fault(each.line, "姓名", "没有填写。")
        if wrong := rules.id_number_fault(each.id_number):
            yield Fault(each.line, "身份证号", wrong)
        elif index_of(each.id_number) == own:
            yield Fault(each.line, "身份证号", "这是教师本人的证件号码，请填写学生的。")
        elif first.setdefault(each.id_number, each.line) != each.line:
            yield Fault(each.line, "身份证号", f"与第 {first[each.id_number]} 行相同，请去掉一行。")


def pupils_not_declared(person: Person, pupils: Sequence[PupilRow]) -> list[PupilRow]:
    """Those of a list who do not stand among what the person declared, in whatever relation."""
    standing = {bytes(index) for index in kin_of_person(person).values_list("id_number_index", flat=True)}
    return [each for each in pupils if index_of(each.id_number) not in standing]
