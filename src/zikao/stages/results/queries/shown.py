"""Scores about to be shown outside, against the record: leaf, approved list, window, ledger (SR-A1.14).

A page asks before it shows. A score is proven when its own bytes give its stored leaf, the row of the approved list
gives the same leaf, what the page holds is what that list says, and its window is the one that the ledger tells of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from zikao.foundation.commands import all_rows
from zikao.foundation.crypto import sm3
from zikao.foundation.regulation import Decision
from zikao.stages.candidates.models import Candidate
from zikao.stages.results import rules
from zikao.stages.results.archive import LEAF
from zikao.stages.results.models import Score
from zikao.stages.results.queries.scores import published_scores

CODE_BYTES = 8
_FILED = f"""
SELECT filed.id, filed.leaf, filed.leaf = filed.computed AND filed.leaf = listed.computed,
       listed.candidate_id, listed.course_id, listed.standing, listed.value, listed.grade, listed.passed,
       filed.window_id
  FROM (SELECT row.id, row.leaf, row.window_id, {LEAF} AS computed
          FROM archive.score AS row WHERE row.id = ANY(%s)) filed
  LEFT JOIN (SELECT row.*, {LEAF} AS computed
               FROM archive.staged AS row WHERE row.id = ANY(%s)) listed USING (id)
"""  # noqa: S608 - the leaf's form is a constant
_WINDOWS = """
SELECT held.id FROM archive.filing_window held
  JOIN ledger_line line ON line.subject = 'results.changelist:' || held.list_id AND line.command = 'results.filed'
 WHERE held.id = ANY(%s) AND line.facts ->> 'window' = held.id::text
   AND line.facts ->> 'digest' = encode(held.digest, 'hex') AND line.facts ->> 'root' = encode(held.root, 'hex')
   AND line.facts ->> 'head' = encode(held.head, 'hex')
"""


@dataclass(frozen=True)
class ShownCheck:
    """What came of holding scores against the record; `code` can be typed on the public page of verification."""

    count: int
    differing: tuple[int, ...]
    unproven: tuple[int, ...]
    code: str

    def decision(self, on: date) -> Decision:
        """Whether they may be shown (SR-A1.14)."""
        return rules.SHOWN(on=on, differing=len(self.differing), unproven=len(self.unproven))


def check_shown(scores: Collection[Score]) -> ShownCheck:
    """Hold scores, as a page is about to show them, against the archive, the approved lists and the ledger."""
    ids = [score.pk for score in scores]
    with all_rows("SR-A1.14：网上显示的成绩与考籍档案逐条对照"), connection.cursor() as cursor:
        cursor.execute(_FILED, [ids, ids])
        filed = {row[0]: row for row in cursor.fetchall()}
        windows = sorted({row[9] for row in filed.values()})
        cursor.execute(_WINDOWS, [windows])
        told = {row[0] for row in cursor.fetchall()}
    differing = [score.pk for score in scores if not _agrees(score, filed.get(score.pk))]
    leaves = [bytes(filed[number][1]) for number in sorted(ids) if number in filed]
    return ShownCheck(len(ids), tuple(differing), tuple(set(windows) - told), _code(leaves))


def _agrees(score: Score, row: Sequence[object] | None) -> bool:
    if row is None or not row[2]:
        return False
    held = (score.candidate_id, score.course_id, score.standing, score.value, score.grade, score.passed)
    return held == tuple(row[3:9])


def _code(leaves: Sequence[bytes]) -> str:
    text = sm3(b"".join(leaves))[:CODE_BYTES].hex().upper()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def code_agrees(admission_number: str, sitting: str, code: str) -> bool | None:
    """Whether a verification code is that of the published scores in force; None where it is not, or nobody is there.

    The answer does not tell which: who holds no statement learns nothing from it. False: the record itself is broken.
    """
    with all_rows("SR-A1.14：任何人凭核对码核对一份成绩通知单"):
        candidate = Candidate.objects.filter(admission_number=admission_number).first()
        scores = list(published_scores(candidate.pk).filter(sitting__code=sitting)) if candidate else []
        if not scores:
            return None
        check = check_shown(scores)
    if _plain(check.code) != _plain(code):
        return None
    return not check.differing and not check.unproven


def _plain(code: str) -> str:
    return "".join(each for each in code.upper() if each.isalnum())
