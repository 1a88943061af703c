"""Whose page, entry, score and record somebody keeps away from: their own and their relatives' (EA-11.1)."""

from __future__ import annotations

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.commands import asked_of_all_rows, keeps_apart
from zikao.stages.personnel.rules import APART
from zikao.stages.personnel.states import Relation

REASON = "EA-11.1：本人和亲属由哪一方申报、在何处报考，都要回避"
OWN, DECIDED = "own", "decided"
LABELS = {OWN: "本人", DECIDED: "经认定有利害关系", **dict(Relation.choices)}

# One question: the person behind the account is the candidate, named the candidate, was named by the candidate, or was
# decided to have an interest in the candidate.
_TIE = """
SELECT CASE WHEN person.id_number_index = candidate.id_number_index THEN 'own'
            ELSE coalesce(
              (SELECT kin.relation FROM personnel_kin kin
                WHERE kin.withdrawn_at IS NULL AND kin.relation <> 'pupil'
                  AND (kin.person_id = person.id AND kin.id_number_index = candidate.id_number_index
                    OR kin.candidate_id = candidate.id AND kin.id_number_index = person.id_number_index)
                ORDER BY kin.id LIMIT 1),
              (SELECT 'decided' FROM personnel_interestflag flag
                WHERE flag.person_id = person.id AND flag.candidate_id = candidate.id AND flag.state = 'recused'
                LIMIT 1))
       END
  FROM personnel_person person JOIN candidates_candidate candidate ON candidate.id = %(candidate)s
 WHERE person.account_id = %(account)s
"""


@keeps_apart
def check_no_relative(actor: Actor, candidate_id: int) -> None:
    """Raise Refused where the actor works on, or looks into, what is their own or a relative's."""
    row = asked_of_all_rows(REASON, _TIE, {"candidate": candidate_id, "account": actor.account_id})
    tie = row[0] if row is not None else None
    APART(on=clock.today(), relation=LABELS.get(tie, "") if tie else "").require()
