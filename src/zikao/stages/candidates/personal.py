"""Which of a candidate's personal data can be shown in full, to whom: told to the register at start."""

from __future__ import annotations

from zikao.foundation import storage
from zikao.foundation.secrecy.registers import revealable
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import ADDRESS, ID_NUMBER, PHONE, Candidate


def _portrait(person: Candidate) -> bytes:
    return storage.get(person.portrait)


for name, title, field in (
    ("id_number", "身份证件号码", ID_NUMBER),
    ("phone", "联系电话", PHONE),
    ("address", "通信地址", ADDRESS),
):
    revealable(
        f"candidates.{name}", title=title, posts=policies.REVEALERS, row=queries.access_candidate, text=field.text
    )
revealable(
    "candidates.portrait", title="照片", posts=policies.REVEALERS, row=queries.access_candidate, picture=_portrait
)
