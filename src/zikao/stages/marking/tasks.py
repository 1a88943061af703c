"""The reader process: fetch pictures, read, hand over what was seen. Two of them run, on two machines."""

from __future__ import annotations

from datetime import datetime

import cv2

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Receipt, access
from zikao.foundation.storage import get
from zikao.stages.marking import commands
from zikao.stages.marking.cards.readers import first_reader, second_reader
from zikao.stages.marking.cards.reading import CardReader
from zikao.stages.marking.commands.cards import ReadCard
from zikao.stages.marking.models import ScanBatch
from zikao.stages.marking.queries import layout_of
from zikao.stages.marking.states import CardState
from zikao.stages.programmes.models import Paper


def reader_for(paper: Paper, reader: int) -> CardReader:
    """Reader 1 or 2 for the paper's card; it keeps buffers, so one process has one."""
    cv2.setNumThreads(1)
    return first_reader(layout_of(paper)) if reader == 1 else second_reader(layout_of(paper))


def read_batch(*, batch_id: int, reader: int, machine: str, by: Actor, at: datetime) -> Receipt[ScanBatch]:
    """Read all cards of a batch with one reader and file the readings."""
    batch = access(ScanBatch.objects.select_related("paper__course"), by, pk=batch_id)
    eye = reader_for(batch.paper, reader)
    course = batch.paper.course.code
    cards = batch.cards.filter(state=CardState.RECEIVED).values_list("id", "image")
    rows = [ReadCard(card_id, eye.read(get(image), course=course)) for card_id, image in cards]
    return commands.record_readings(batch_id=batch_id, reader=reader, machine=machine, rows=rows, by=by, at=at)
