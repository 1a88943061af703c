"""Scores enter the archive as in real life: signed by another, authorised by three segments, written in the window."""

from __future__ import annotations

from datetime import datetime

from zikao.stages.results import archive, commands
from zikao.stages.results.archive.segments import rehearsal_segment
from zikao.stages.results.models import ChangeList, FilingWindow
from zikao.stages.results.states import ListState
from zikao.world.life.context import Life

CUSTODIANS = {"province-head": "head", "records-head": "records-head", "score-officer": "score-officer"}
"""The accounts of the cast that hold a segment, by post."""


def take_segments(life: Life, at: datetime) -> None:
    """Each custodian takes the own segment, once."""
    held = archive.holders()
    for post, username in CUSTODIANS.items():
        if post not in held:
            new = archive.new_segment(text=rehearsal_segment(post))
            commands.set_segment(new=new, by=life.who(username, at), at=at)


def file_scores(life: Life, held: ChangeList, at: datetime) -> None:
    """Sign a list (unless it is signed), come to its window with three segments, and write it."""
    take_segments(life, at)
    if held.state == ListState.STAGED:
        stager = life.who("records-head", at).account_id
        signer = "head" if held.staged_by == stager else "records-head"
        commands.approve_list(list_id=held.pk, by=life.who(signer, at), at=at)
    window = FilingWindow.objects.get(kind="scores", list_id=held.pk, closed_at__isnull=True)
    segments = archive.holders()
    for post, username in CUSTODIANS.items():
        proof = archive.presence_proof(window, segments[post], rehearsal_segment(post))
        commands.present_segment(window_id=window.pk, proof=proof, by=life.who(username, at), at=at)
    commands.file_list(window_id=window.pk, by=life.who("score-officer", at), at=at)
