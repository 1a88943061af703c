"""Windows of the score archive: three segments presented through the commands, a list signed and filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.factories.actors import PROVINCE
from zikao.foundation.actors import Actor, Post
from zikao.stages.results import archive, commands
from zikao.stages.results.archive import NewSegment
from zikao.stages.results.models import ChangeList, FilingWindow
from zikao.stages.results.states import ListState

OFFICER = Actor("成绩责任人", Post.SCORE_OFFICER, PROVINCE, account_id=900_921)
RECORDS_HEAD = Actor("考籍负责人", Post.RECORDS_HEAD, PROVINCE, account_id=900_922)
PROVINCE_HEAD = Actor("省级负责人", Post.PROVINCE_HEAD, PROVINCE, account_id=900_923)
AUDITOR = Actor("审计管理员", Post.AUDITOR, PROVINCE, account_id=900_929)
CUSTODIANS = (PROVINCE_HEAD, RECORDS_HEAD, OFFICER)
CHEAP = "argon2id:t=1,m=8,p=1"
"""What a derivation costs in tests; each segment keeps its own cost."""


def text_of(post: Post) -> str:
    """The segment that the post holds in tests."""
    return f"SEGMENT-OF-{post.value}".upper()


def a_new_segment(post: Post, text: str = "") -> NewSegment:
    """A segment as its holder would take it, cheaply."""
    return archive.new_segment(text=text or text_of(post), salt=post.value.encode().ljust(16, b"."), cost=CHEAP)


def segments_set(at: datetime, *people: Actor) -> None:
    """Each custodian has taken the own segment; who has one keeps it."""
    held = archive.holders()
    for person in people or CUSTODIANS:
        if person.post.value not in held:
            commands.set_segment(new=a_new_segment(person.post), by=person, at=at)


def holder_of(post: Post) -> Actor:
    """The person who holds a post's segment."""
    held = archive.holders()[post.value]
    return Actor(post.label, post, PROVINCE, account_id=held.account_id)


def presented(window: FilingWindow, by: Actor, at: datetime, text: str = "") -> FilingWindow:
    """One custodian has presented for a window."""
    proof = archive.presence_proof(window, archive.holders()[by.post.value], text or text_of(by.post))
    return commands.present_segment(window_id=window.pk, proof=proof, by=by, at=at).value


def window_for(held: ChangeList) -> FilingWindow:
    """The list's live window."""
    return FilingWindow.objects.get(kind="scores", list_id=held.pk, closed_at__isnull=True)


def opened(held: ChangeList, at: datetime) -> FilingWindow:
    """The list's window with all three segments presented."""
    segments_set(at)
    window = window_for(held)
    for person in CUSTODIANS:
        window = presented(window, holder_of(person.post), at)
    return window


def filed(held: ChangeList, at: datetime) -> ChangeList:
    """A list signed (where nobody has), authorised by the three, and written."""
    held.refresh_from_db()
    if held.state == ListState.STAGED:
        signer = PROVINCE_HEAD if held.staged_by != PROVINCE_HEAD.account_id else RECORDS_HEAD
        signer = replace(signer, agency_code=held.agency_code[:2])
        commands.approve_list(list_id=held.pk, by=signer, at=at)
    window = opened(held, at)
    writer = replace(holder_of(Post.SCORE_OFFICER), agency_code=held.agency_code[:2])
    return commands.file_list(window_id=window.pk, by=writer, at=at).value
