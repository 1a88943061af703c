"""An institution's list of whom it tutors, compared with the register before it is taken."""

from __future__ import annotations

from collections.abc import Sequence

from zikao.foundation.actors import Actor
from zikao.foundation.regulation import refusal_text
from zikao.foundation.sheets import Fault
from zikao.stages.candidates.kinship import kept_apart
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries.register import candidates
from zikao.stages.candidates.states import IN_REGISTER, ListedCandidate

UNKNOWN = "管辖范围内没有这一准考证号的在册考生。请核对号码；在外地报名的，由报名地登记。"


def tutored_found(listed: Sequence[ListedCandidate], actor: Actor) -> tuple[list[Candidate], list[Fault]]:
    """The candidates of a list, and the rows that are nobody's or somebody else's."""
    wanted = {each.number for each in listed}
    rows = candidates(actor).select_related(None).filter(admission_number__in=wanted, state__in=IN_REGISTER)
    people = {row.admission_number: row for row in rows}
    apart = kept_apart(actor, [each.pk for each in people.values()])
    found, faults = [], []
    for each in listed:
        who = people.get(each.number)
        if who is None:
            faults.append(Fault(each.line, "准考证号", UNKNOWN))
        elif who.pk in apart:
            words = "".join(refusal_text("own-relative", {"relation": apart[who.pk]}))
            faults.append(Fault(each.line, "准考证号", words))
        elif each.name and each.name.replace(" ", "") != who.name.replace(" ", ""):
            faults.append(Fault(each.line, "姓名", "与这一准考证号的考生姓名不符。请核对号码和姓名。"))
        else:
            found.append(who)
    return found, faults
