"""What a receipt or a code proves, step by step, in words: the same for the page and for the command. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from zikao.foundation.crypto import verify
from zikao.foundation.ledger.keybook import KeyBook
from zikao.foundation.ledger.notes import NoteMalformed, cosignature_text, parse_note
from zikao.foundation.ledger.promises import Promise, paper_digest
from zikao.foundation.ledger.receipts import LedgerReceipt
from zikao.foundation.ledger.renewals import check_chain
from zikao.foundation.ledger.rowtext import read_entry
from zikao.foundation.ledger.tree import verify_inclusion


@dataclass(frozen=True)
class Step:
    """One thing that was checked."""

    name: str
    holds: bool
    sentence: str


@dataclass
class Verdict:
    """What came of it: `witnessed` is stronger than `signed`; `promised` is what a paper's code alone can say."""

    strength: Literal["broken", "promised", "signed", "witnessed"]
    steps: list[Step] = field(default_factory=list)
    line: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything that was given holds."""
        return self.strength != "broken"

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        return SENTENCES[self.strength]


SENTENCES = {
    "broken": "不成立：至少有一项核对不上。请勿采信，可把它交给签发机构或审计人员。",
    "promised": "成立（承诺）：节点用自己的密钥承诺账本里有这一行、这张纸由它印出。入账证明请下载账本回执核对。",
    "signed": "成立（节点签名）：这一行在节点签名的账本里。没有见证节点的共同签名，不能排除节点另有一本账。",
    "witnessed": "成立（有见证）：这一行在节点签名的账本里，并有其他节点共同签名，节点无法对您另出一本账。",
}


def check_receipt(receipt: LedgerReceipt, keys: KeyBook) -> Verdict:
    """Check every part of a receipt with public keys alone."""
    verdict = Verdict("broken")
    try:
        verdict.line = read_entry(receipt.entry)
        note = parse_note(receipt.note)
    except (ValueError, NoteMalformed, UnicodeDecodeError, TypeError, ArithmeticError):
        verdict.steps.append(Step("格式", False, "回执里的账本行或检查点不是规定的格式。"))
        return verdict
    verdict.origin = note.origin
    proof = receipt.proof
    inside = proof.tree_size == note.tree_size and verify_inclusion(receipt.leaf, proof, note.root)
    said = f"第 {verdict.line['id']} 行在前 {note.tree_size} 行的哈希树中，序号 {proof.seq}。"
    verdict.steps.append(Step("在账本中", inside, said if inside else "按证明路径算不出检查点的树根。"))
    why = keys.why_not(note.origin, note.key_id, note.signed_at, receipt.note.encode(), receipt.signature)
    said = f"检查点由 {note.origin} 的密钥 {note.key_id} 签名。"
    verdict.steps.append(Step("节点签名", not why, f"{why}。" if why else said))
    verdict.steps += [_cosigned(receipt.note, note.origin, each, keys) for each in receipt.cosignatures]
    verdict.steps += _renewed(receipt, note.origin, note.tree_size, keys)
    if all(step.holds for step in verdict.steps):
        verdict.strength = "witnessed" if receipt.cosignatures else "signed"
    return verdict


def _cosigned(note: str, origin: str, each: Any, keys: KeyBook) -> Step:
    if each.witness == origin:
        return Step("见证", False, "节点不能见证自己。")
    text = cosignature_text(note=note, witness=each.witness, cosigned_at=each.cosigned_at, key_id=each.key_id)
    why = keys.why_not(each.witness, each.key_id, each.cosigned_at, text.encode(), each.signature)
    return Step("见证", not why, f"{why}。" if why else f"{each.witness} 看到同一个检查点并共同签名。")


def _renewed(receipt: LedgerReceipt, origin: str, tree_size: int, keys: KeyBook) -> list[Step]:
    if not receipt.renewals:
        return []
    wrong = check_chain(
        receipt.note,
        receipt.signature,
        receipt.cosignatures,
        receipt.renewals,
        origin=origin,
        tree_size=tree_size,
        keys=keys,
    )
    said = f"续签 {len(receipt.renewals)} 次，次次相连。"
    return [Step("续签", not wrong, "；".join(wrong) + "。" if wrong else said)]


def check_promise(promise: Promise, keys: KeyBook, printed: Mapping[str, str] | None = None) -> Verdict:
    """Check a paper's code; `printed` is what the reader sees on the paper, where they give it."""
    verdict = Verdict("broken", origin=promise.origin)
    why = _why_promise(promise, keys)
    said = f"{promise.origin} 承诺：账本第 {promise.line_id} 行，摘要 {promise.leaf.hex()[:16]}……"
    verdict.steps.append(Step("节点签名", not why, f"{why}。" if why else said))
    if printed:
        same = paper_digest(promise.kind, printed) == promise.paper
        told = "您填的内容与印制时一致。" if same else "您填的内容与印制时不一致：有一项填错，或者纸面被改过。"
        verdict.steps.append(Step("纸面内容", same, told))
    if all(step.holds for step in verdict.steps):
        verdict.strength = "promised"
    return verdict


def _why_promise(promise: Promise, keys: KeyBook) -> str:
    # a promise has no instant of its own: any key that the node ever used will do
    key = keys.find(promise.origin, promise.key_id)
    if key is None:
        return f"公钥表里没有 {promise.origin} 的密钥 {promise.key_id}"
    if not verify(promise.text.encode(), promise.signature, key.pem):
        return f"不是 {promise.origin} 的密钥 {promise.key_id} 签出的"
    return ""
