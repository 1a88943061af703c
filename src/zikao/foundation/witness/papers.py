"""The QR code of a paper: one small code that promises its line and what is printed, and leads to the receipt.

What is inside, so that it is checked offline: node, line number, the line's digest, the digest of the facts printed,
key id, SM2 signature - some 110 bytes, a QR code of version 9 to 12 at level M. What is not: the inclusion proof, for
the line is seconds old when the paper is printed; it follows as a receipt by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zikao.foundation.documents import Raster, qr
from zikao.foundation.ledger.models import Line
from zikao.foundation.witness.receipts import paper_url

PAPERS: dict[str, tuple[str, ...]] = {
    "准考证": ("准考证号", "姓名"),
    "成绩通知单": ("准考证号", "姓名", "内容摘要"),
    "课程合格证": ("证书编号", "姓名", "课程代码", "成绩"),
    "毕业证书": ("证书编号", "姓名"),
    "审批登记表": ("审批编号", "内容摘要前十六位"),
}
"""What a reader types off each kind of paper, in this order."""


@dataclass(frozen=True)
class Told:
    """A line that tells of the act behind a paper: about what, which event, and when, where one thing has many."""

    subject: str
    event: str
    at: datetime | None = None


def receipt_qr(*lines: Told, kind: str, printed: Mapping[str, str], otherwise: str) -> Raster:
    """The QR code of a paper, for the first of these lines that the ledger has (the newest where it has several).

    `printed` gives each fact that PAPERS names for the kind, as it is printed. Where no line tells of the act, the
    code holds the plain text `otherwise` and promises nothing.
    """
    if tuple(printed) != PAPERS[kind]:
        raise ValueError(f"{kind} is printed with {PAPERS[kind]}")
    found = (line_id for told in lines if (line_id := _line(told)) is not None)
    line_id = next(found, None)
    return qr(paper_url(line_id, kind=kind, printed=printed) if line_id is not None else otherwise)


def _line(told: Told) -> int | None:
    rows = Line.objects.filter(subject=told.subject, command=told.event)
    if told.at is not None:
        rows = rows.filter(at=told.at)
    return rows.order_by("-id").values_list("pk", flat=True).first()
