"""Cards received from the scanner, and what each reader saw in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command, copied_in
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.secrecy.classes import distance
from zikao.foundation.storage import put_many
from zikao.stages.marking import policies
from zikao.stages.marking.cards.reading import CardReading, SetAsideReason
from zikao.stages.marking.models import Card, Reading, ScanBatch
from zikao.stages.marking.queries import paper_of
from zikao.stages.marking.queries.persons import account_of
from zikao.stages.marking.secrets import SCRIPTS
from zikao.stages.marking.states import CardState

_READING_COLUMNS = (
    "card_id, reader, machine, barcode, answers, doubts, absent, turned, reason, matrix, read_at, agency_code"
)


@dataclass(frozen=True, slots=True)
class ReadCard:
    """One card of a batch and what a reader saw in it."""

    card_id: int
    reading: CardReading


@command(writes="marking.scans-received", clauses=("EA-A9.2.1.2", "EA-11.1"), posts=policies.READER_OPERATORS)
def receive_scans(
    *, paper_id: int, images: Sequence[bytes], by: Actor, at: datetime, key: str | None = None
) -> Outcome[ScanBatch]:
    """Take in a stack of scanned cards of one paper: every picture is stored and becomes a card.

    A picture that is there already is set aside as a duplicate; none is dropped.

    Source:  EA-A9.2.1.2 (work log of custody and processing; digests prove that nothing was altered), EA-11.1
    Writes:  marking.scans-received
    Raises:  NotPermitted, NotFound, BadInput, Refused (an interest in the sitting)
    """
    paper = paper_of(paper_id)
    distance(paper.sitting.code, SCRIPTS.label, by=by, at=at).require()
    if not images:
        raise BadInput("no-images", field_errors={"images": "请选择扫描图像。"}, message="没有扫描图像。")
    digests = put_many(images, media_type="image/jpeg", at=at)
    known = set(Card.objects.filter(image__in=digests).values_list("image", flat=True))
    batch = ScanBatch.objects.create(
        paper=paper,
        number=ScanBatch.objects.filter(paper=paper).count() + 1,
        count=len(digests),
        digest=sm3("\n".join(digests).encode()).hex(),
        received_by=account_of(by),
        received_at=at,
        agency_code=by.agency_code,
    )
    cards = []
    for number, digest in enumerate(digests, start=1):
        again = digest in known
        known.add(digest)
        cards.append(
            Card(
                batch=batch,
                paper=paper,
                number=number,
                image=digest,
                state=CardState.SET_ASIDE if again else CardState.RECEIVED,
                reason=SetAsideReason.DUPLICATE.value if again else "",
                agency_code=by.agency_code,
            )
        )
    Card.objects.bulk_create(cards, batch_size=2000)
    duplicates = sum(card.state == CardState.SET_ASIDE for card in cards)
    return Outcome(batch, facts={"count": len(cards), "duplicates": duplicates, "digest": batch.digest})


@command(writes="marking.cards-read", clauses=("EA-A9.2.1.4a", "EA-11.1"), posts=policies.READER_OPERATORS)
def record_readings(
    *, batch_id: int, reader: int, machine: str, rows: Sequence[ReadCard], by: Actor, at: datetime
) -> Outcome[ScanBatch]:
    """File what one reader saw in the cards of a batch; a card is read once by each reader, on its own machine.

    Source:  EA-A9.2.1.4a, EA-11.1
    Writes:  marking.cards-read
    Raises:  NotPermitted, NotFound, BadInput (a card of another batch), Conflict (read already, or on this machine),
             Refused (an interest in the sitting)
    """
    batches = ScanBatch.objects.select_for_update(of=("self",)).select_related("paper__sitting")
    batch = access(batches, by, pk=batch_id)
    distance(batch.paper.sitting.code, SCRIPTS.label, by=by, at=at).require()
    cards = dict(batch.cards.values_list("id", "agency_code"))
    strange = [row.card_id for row in rows if row.card_id not in cards]
    if strange:
        raise BadInput("strange-cards", facts={"cards": len(strange)}, message="其中有不属于这一批次的答题卡。")
    earlier = Reading.objects.filter(card__batch=batch, card_id__in=[row.card_id for row in rows])
    if earlier.filter(reader=reader).exists():
        raise Conflict("read-already", message=f"其中有答题卡已经做过第{reader}次识读。")
    if earlier.filter(machine=machine).exists():
        raise Conflict(
            "machine-read-already",
            message=f"机器“{machine}”已经识读过其中的答题卡。",
            remedy="两次识读必须在不同的机器上进行，请换一台机器。",
            clause="EA-A9.2.1.4a",
        )
    copied_in(
        "marking_reading",
        _READING_COLUMNS,
        ((row.card_id, reader, machine, *_columns(row.reading), at, cards[row.card_id]) for row in rows),
    )
    aside = sum(row.reading.set_aside is not None for row in rows)
    return Outcome(batch, facts={"reader": reader, "machine": machine, "count": len(rows), "set_aside": aside})


def _columns(seen: CardReading) -> tuple[object, ...]:
    return (
        seen.barcode,
        seen.answers,
        json.dumps([[number, reason.value] for number, reason in seen.doubts]),
        seen.absent,
        seen.turned,
        seen.set_aside.value if seen.set_aside else "",
        json.dumps([round(value, 6) for value in seen.matrix]),
    )
