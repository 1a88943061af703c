"""The number of an export: 苏考出〔2026〕0001, without a gap in a node and a year."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

SHORT_NAMES = {
    "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪",
    "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫", "42": "鄂", "43": "湘",
    "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "黔", "53": "滇", "54": "藏", "61": "陕",
    "62": "甘", "63": "青", "64": "宁", "65": "新",
}  # fmt: skip
"""Provinces as official numbers abbreviate them (GB/T 2260 gives the codes)."""

_NEXT = """
INSERT INTO exports_exportcounter (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = exports_exportcounter.last + 1 RETURNING last
"""


def node_letters() -> str:
    """What the node's numbers begin with: the province's one character, 国 for the centre, 军 for the military."""
    kind = settings.ZIKAO_NODE_KIND
    return SHORT_NAMES.get(settings.ZIKAO_NODE_CODE, "省") if kind == "province" else {"military": "军"}.get(kind, "国")


def next_serial(year: int) -> int:
    """The next number of a year, in the caller's transaction: a rollback gives it back, a race waits."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [year])
        (serial,) = cursor.fetchone()
    return int(serial)


def number_of(year: int, serial: int) -> str:
    """苏考出〔2026〕0001."""
    return f"{node_letters()}考出〔{year}〕{serial:04}"
