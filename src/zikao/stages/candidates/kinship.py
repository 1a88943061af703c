"""Whose page, entry, score and record somebody keeps away from: their own and their relatives' (EA-11.1)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.commands import all_rows, asked_of_all_rows, keeps_apart
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

# The same from the person's side, for many candidates at once.
_TIES = """
WITH me AS (SELECT id, id_number_index FROM personnel_person WHERE account_id = %(account)s),
tied (id, tie, rank) AS (
    SELECT candidate.id, 'own', 0 FROM me JOIN candidates_candidate candidate USING (id_number_index)
    UNION ALL SELECT candidate.id, kin.relation, 1 FROM me
        JOIN personnel_kin kin ON kin.person_id = me.id AND kin.withdrawn_at IS NULL AND kin.relation <> 'pupil'
        JOIN candidates_candidate candidate ON candidate.id_number_index = kin.id_number_index
    UNION ALL SELECT kin.candidate_id, kin.relation, 1 FROM me
        JOIN personnel_kin kin ON kin.id_number_index = me.id_number_index AND kin.candidate_id IS NOT NULL
            AND kin.withdrawn_at IS NULL AND kin.relation <> 'pupil'
    UNION ALL SELECT flag.candidate_id, 'decided', 2 FROM me
        JOIN personnel_interestflag flag ON flag.person_id = me.id AND flag.state = 'recused'
)
SELECT DISTINCT ON (id) id, tie FROM tied WHERE id = ANY(%(candidates)s) ORDER BY id, rank
"""


@keeps_apart
def check_no_relative(actor: Actor, candidate_id: int) -> None:
    """Raise Refused where the actor works on, or looks into, what is their own or a relative's."""
    row = asked_of_all_rows(REASON, _TIE, {"candidate": candidate_id, "account": actor.account_id})
    tie = row[0] if row is not None else None
    APART(on=clock.today(), relation=LABELS.get(tie, "") if tie else "").require()


def kept_apart(actor: Actor, candidate_ids: Collection[int]) -> dict[int, str]:
    """Those of many candidates whose matters are the actor's own or a relative's, with the relation in Chinese."""
    if actor.account_id is None:
        return {}
    with all_rows(REASON), connection.cursor() as cursor:
        cursor.execute(_TIES, {"account": actor.account_id, "candidates": list(candidate_ids)})
        ties = cursor.fetchall()
    return {key: LABELS[tie] for key, tie in ties}


def check_no_relatives(actor: Actor, candidate_ids: Collection[int]) -> None:
    """Raise Refused where one of many candidates is the actor themselves or a relative."""
    relations = sorted(set(kept_apart(actor, candidate_ids).values()))
    APART(on=clock.today(), relation="、".join(relations)).require()
