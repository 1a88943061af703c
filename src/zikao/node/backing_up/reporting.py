"""The drill's report as a paper, stored and noted with the drill."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from zikao.foundation import clock, documents, storage
from zikao.foundation.actors import node_actor
from zikao.foundation.backups import commands, queries
from zikao.foundation.backups.models import Backup, Drill
from zikao.foundation.backups.states import Custody, Outcome
from zikao.node.backing_up.drilling import Drilled

TEMPLATE = "backups/drill.typ"


def note_drill(drilled: Drilled, *, opened_with: str, is_custodians_key: bool) -> Drill:
    """Render the report, store it, and note the drill in the ledger."""
    at = clock.now()
    began = at - (drilled.ended_at - drilled.began_at)
    backup = Backup.objects.filter(generation=drilled.generation, number=drilled.number).first()
    outcome = Outcome.PASSED if drilled.passed else Outcome.FAILED
    data = paper(drilled, backup, began=began, ended=at, opened_with=opened_with, own=not is_custodians_key)
    digest = storage.put(documents.render(TEMPLATE, data), media_type=documents.media_type, at=at)
    facts = {
        "backup": backup,
        "generation": drilled.generation,
        "custody": drilled.custody,
        "opened_with": opened_with,
        "is_custodians_key": is_custodians_key,
        "began_at": began,
        "ended_at": at,
        "outcome": outcome,
        "findings": drilled.as_list(),
        "report": digest,
    }
    drill: Drill = commands.record_drill(facts=facts, by=node_actor(settings.ZIKAO_NODE_CODE), at=at).value
    return drill


def paper(
    drilled: Drilled, backup: Backup | None, *, began: datetime, ended: datetime, opened_with: str, own: bool
) -> dict[str, Any]:
    """What the report's template reads."""
    custody = Custody(drilled.custody).label if drilled.custody else "—"
    newest = queries.newest()
    lag = f"{(began - newest.ended_at) // timedelta(minutes=1)} 分钟" if newest is not None else "—"
    return {
        "number": f"{drilled.generation or '—'}-{began:%Y%m%d%H%M}",
        "node": settings.ZIKAO_NODE,
        "passed": drilled.passed,
        "facts": [
            ["备份", f"{drilled.generation} 至第 {drilled.number} 份"],
            ["保管方", str(custody)],
            ["清单摘要", drilled.digest],
            [
                "清单入账",
                (backup is not None and backup.digest == drilled.digest and "与账本记载一致") or "账本中没有这一份",
            ],
            ["开启所用私钥", f"{opened_with}（{'本机演练密钥' if own else '保管人私钥'}）"],
            ["数据量", f"{drilled.bytes / 2**20:,.1f} MB"],
            ["演练时备份滞后", lag],
            ["开始", began],
            ["结束", ended],
            ["用时", f"{(drilled.ended_at - drilled.began_at).total_seconds():.1f} 秒"],
        ],
        "findings": [[each.name, "通过" if each.holds else "未通过", each.seen] for each in drilled.findings],
        "issued_on": ended.date(),
    }
