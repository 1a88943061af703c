"""Making receipts of our lines, and the codes that papers carry before a line is under a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from zikao.foundation import crypto
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.ledger import leaf_hash, prove_inclusion, verify_inclusion
from zikao.foundation.ledger.models import Checkpoint
from zikao.foundation.ledger.promises import Promise, encode_promise, paper_digest
from zikao.foundation.ledger.receipts import LedgerReceipt, Renewal
from zikao.foundation.witness.commands.renewals import cosignatures_of
from zikao.foundation.witness.entries import entry_of
from zikao.foundation.witness.models import Cosigned, StoredRenewal


def make_receipt(line_id: int) -> LedgerReceipt:
    """The receipt of a line: under the newest cosigned checkpoint that covers it, else under the newest.

    Raises:  NotFound; WrongState where no checkpoint covers the line yet, or the tree does not prove it
    """
    found = entry_of(line_id)
    if found is None:
        raise NotFound("no-line", message="账本里没有这一行。", remedy="请核对回执编号。")
    entry, seq = found
    head = _head_over(seq) if seq is not None else None
    if seq is None or head is None:
        raise WrongState(
            "not-yet-in-tree",
            message="这一行刚刚写下，还没有编入签名的检查点。",
            remedy="通常几秒之后即可；请稍后刷新。",
        )
    proof = prove_inclusion(seq, head.tree_size)
    if not verify_inclusion(leaf_hash(entry), proof, bytes(head.root)):
        raise WrongState(
            "line-not-proven",
            message="这一行和签名的检查点对不上，不能出具回执。",
            remedy="请立即报告审计管理员，并运行账本核验。",
            clause="EA-49.1",
        )
    renewals = _renewals(head.tree_size)
    cosignatures = cosignatures_of(head.note)
    if renewals:  # a chain covers the cosignatures that were there when it began
        began = StoredRenewal.objects.get(tree_size=head.tree_size, number=1).made_at
        kept = set(Cosigned.objects.filter(note=head.note, kept_at__lte=began).values_list("witness", flat=True))
        cosignatures = tuple(each for each in cosignatures if each.witness in kept)
    return LedgerReceipt(entry, proof, head.note, bytes(head.signature), cosignatures, renewals)


def _head_over(seq: int) -> Checkpoint | None:
    over = Checkpoint.objects.filter(tree_size__gt=seq).order_by("-tree_size")
    cosigned = over.filter(tree_size__in=Cosigned.objects.filter(tree_size__gt=seq).values("tree_size")).first()
    return cosigned or over.first()


def _renewals(tree_size: int) -> tuple[Renewal, ...]:
    rows = StoredRenewal.objects.filter(tree_size=tree_size).order_by("number")
    return tuple(Renewal(row.text, bytes(row.signature)) for row in rows)


def paper_code(line_id: int, *, kind: str, printed: Mapping[str, str]) -> str:
    """The code of a paper: our signed promise for its line and for what is printed on it.

    `kind` is the paper's Chinese name; `printed` are the facts that a reader can type off the paper.
    Raises:  NotFound
    """
    found = entry_of(line_id)
    if found is None:
        raise NotFound("no-line", message="账本里没有这一行。", remedy="请核对回执编号。")
    promise = Promise(
        origin=settings.ZIKAO_NODE,
        line_id=line_id,
        leaf=leaf_hash(found[0]),
        kind=kind,
        paper=paper_digest(kind, printed),
        key_id=crypto.signing_key_id(),
    )
    signed = crypto.sign(promise.text.encode())
    return encode_promise(Promise(**{**vars(promise), "signature": signed}))


def paper_url(line_id: int, *, kind: str, printed: Mapping[str, str]) -> str:
    """The address that a paper's QR code holds: the public page, with the code in it. Capitals pack best."""
    code = paper_code(line_id, kind=kind, printed=printed)
    return f"{settings.ZIKAO_PUBLIC_URL.rstrip('/').upper()}/R/{code}"
