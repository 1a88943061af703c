"""What of the record rests on a score that is corrected."""

from __future__ import annotations

from collections.abc import Iterator

from zikao.stages.records.models import PassCertificate, Record
from zikao.stages.results.models import Score
from zikao.stages.results.queries import Consequence


def resting_on(score: Score) -> Iterator[Consequence]:
    """The pass certificate and the record that this score gave rise to."""
    for certificate in PassCertificate.objects.filter(score=score):
        sentence = f"编号 {certificate.number}，以原成绩签发；更正为不合格后，请收回并注明作废。"
        yield Consequence("课程合格证", sentence, "SR-13.2")
    for record in Record.objects.filter(opened_by_score=score):
        sentence = f"{record.get_state_display()}的考籍档案以这条成绩建立；请核对考生是否还有其他合格课程。"
        yield Consequence("考籍档案", sentence, "SR-8.2")
