"""Reading what witnesses hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from zikao.foundation.exchange.models import Outbox, Peer
from zikao.foundation.exchange.states import MessageState
from zikao.foundation.ledger.models import Checkpoint
from zikao.foundation.witness.models import Alarm, Cosigned, Offer, Restore, Seen

CENTRE = "national"
OFFERED = "witness.checkpoint"
_OTHER_LINES = """
SELECT EXISTS (SELECT FROM ledger_leaf leaf JOIN ledger_line line ON line.id = leaf.line_id
               WHERE leaf.seq >= %s AND leaf.seq < %s AND line.command NOT LIKE 'witness.%%')
"""


def witnesses() -> list[str]:
    """Who cosigns our checkpoints: the centre for a province, every province for the centre."""
    codes = Peer.objects.exclude(code=settings.ZIKAO_NODE).values_list("code", flat=True)
    return [code for code in codes if settings.ZIKAO_NODE_KIND == CENTRE or code == CENTRE]


def last_checkpoint() -> Checkpoint | None:
    """Our newest signed head."""
    return Checkpoint.objects.order_by("-tree_size").first()


def last_cosigned(witness: str) -> Cosigned | None:
    """The newest of our heads that this witness cosigned."""
    return Cosigned.objects.filter(witness=witness).order_by("-tree_size", "-id").first()


def has_news(since_size: int, size: int) -> bool:
    """Whether lines beyond `since_size` tell of more than witnessing itself, which would go on for ever."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_LINES, [since_size, size])
        return bool(cursor.fetchone()[0])


def is_on_its_way(witness: str) -> bool:
    """Whether an offer to this witness still waits for its answer."""
    return Outbox.objects.filter(peer__code=witness, kind=OFFERED, state=MessageState.PENDING).exists()


def unanswered_since(witness: str) -> datetime | None:
    """Since when a checkpoint waits for this witness; None where none waits."""
    kept = last_cosigned(witness)
    waiting = Offer.objects.filter(witness=witness, tree_size__gt=kept.tree_size if kept else 0)
    first = waiting.order_by("id").first()
    return first.offered_at if first else None


def last_seen(origin: str) -> Seen | None:
    """The newest head of a node that we cosigned, in its present era."""
    return Seen.objects.filter(origin=origin).order_by("-era", "-tree_size").first()


def seen_of_size(origin: str, tree_size: int) -> Seen | None:
    """The head of this size that belongs to the node's present history: older eras count up to where it went back."""
    rows = Seen.objects.filter(origin=origin, tree_size=tree_size).order_by("-era")
    return next((row for row in rows if tree_size <= _reach(origin, row.era)), None)


def base_for(origin: str, tree_size: int) -> Seen | None:
    """The largest head of the present history that is no larger than this."""
    rows = Seen.objects.filter(origin=origin, tree_size__lte=tree_size).order_by("-tree_size", "-era")
    return next((row for row in rows if row.tree_size <= _reach(origin, row.era)), None)


def _reach(origin: str, era: int) -> int:
    later = Seen.objects.filter(origin=origin, era__gt=era)
    starts = [
        later.filter(era=each).order_by("tree_size").values_list("tree_size", flat=True)[0] for each in _eras(later)
    ]
    return min(starts, default=1 << 62)


def _eras(rows: QuerySet[Seen]) -> list[int]:
    return sorted(set(rows.values_list("era", flat=True)))


def open_alarms(**about: Any) -> QuerySet[Alarm]:
    """Alarms that nobody settled yet."""
    return Alarm.objects.filter(settlement=None, **about)


def alarms() -> QuerySet[Alarm]:
    """All alarms, the open ones marked."""
    return Alarm.objects.annotate(is_open=~Exists(Alarm.objects.filter(pk=OuterRef("pk"), settlement__isnull=False)))


def waiting_restores() -> QuerySet[Restore]:
    """Declared restores that an auditor has to answer."""
    return Restore.objects.filter(~Q(origin=settings.ZIKAO_NODE), answer=None)
