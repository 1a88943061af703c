"""Signing anew over old signatures before their key or hash grows weak (ADR 19)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from zikao.foundation import crypto
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, NotFound
from zikao.foundation.ledger.models import Checkpoint
from zikao.foundation.ledger.receipts import Cosignature, Renewal
from zikao.foundation.ledger.renewals import HASHES, RenewalNote, covered_digest, next_digest, root_with
from zikao.foundation.witness.entries import entries_up_to
from zikao.foundation.witness.models import Cosigned, StoredRenewal


@command(writes="witness.renewed", clauses=("EA-49.1",), posts={Post.SECURITY_ADMIN, Post.NODE})
def renew_signatures(*, tree_size: int, hash_name: str = "sm3", by: Actor, at: datetime) -> Outcome[StoredRenewal]:
    """Cover a checkpoint, its cosignatures and its earlier renewals with our present key, and a newer hash if named.

    Source:  EA-49.1
    Writes:  witness.renewed
    Raises:  NotPermitted, NotFound, BadInput
    """
    head = Checkpoint.objects.filter(tree_size=tree_size).first()
    if head is None:
        raise NotFound("no-checkpoint", facts={"size": tree_size}, message="没有这个大小的检查点。")
    if hash_name not in HASHES:
        raise BadInput("hash-unknown", field_errors={"hash_name": f"只认识：{'、'.join(HASHES)}。"})
    before = StoredRenewal.objects.filter(tree_size=tree_size).order_by("-number").first()
    note = RenewalNote(
        origin=settings.ZIKAO_NODE,
        number=before.number + 1 if before else 1,
        tree_size=tree_size,
        hash=hash_name,
        root=_root(head, hash_name),
        covers=_covers(head, before, hash_name),
        signed_at=at,
        algorithm="sm2-sm3",
        key_id=crypto.signing_key_id(),
    )
    row = StoredRenewal.objects.create(
        tree_size=tree_size,
        number=note.number,
        text=note.text,
        signature=crypto.sign(note.text.encode()),
        made_at=at,
    )
    return Outcome(row, facts={"size": tree_size, "number": note.number, "hash": hash_name, "key": note.key_id})


def _root(head: Checkpoint, hash_name: str) -> str:
    if hash_name == "sm3":
        return bytes(head.root).hex()
    return root_with(hash_name, entries_up_to(head.tree_size)).hex()


def _covers(head: Checkpoint, before: StoredRenewal | None, hash_name: str) -> str:
    if before is not None:
        return next_digest(Renewal(before.text, bytes(before.signature)), hash_name)
    return covered_digest(head.note, bytes(head.signature), cosignatures_of(head.note), hash_name)


def cosignatures_of(note: str) -> tuple[Cosignature, ...]:
    """What witnesses signed over one of our checkpoints."""
    rows = Cosigned.objects.filter(note=note).order_by("witness")
    return tuple(Cosignature(row.witness, row.cosigned_at, row.key_id, bytes(row.signature)) for row in rows)
