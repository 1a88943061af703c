"""Our ledger as one file, with what witnesses cosigned and what was renewed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from zikao.foundation.ledger.exporting import export_ledger
from zikao.foundation.ledger.notes import instant
from zikao.foundation.ledger.verify import own_conninfo
from zikao.foundation.witness.models import Cosigned, StoredRenewal


def export_own(path: Path, at: datetime) -> int:
    """Write the lines under our last checkpoint to a new file; returns how many. Raises FileExistsError."""
    cosigned = (
        [row.witness, instant(row.cosigned_at), row.key_id, bytes(row.signature), row.note]
        for row in Cosigned.objects.all()
    )
    renewed = ([row.text, bytes(row.signature)] for row in StoredRenewal.objects.all())
    return export_ledger(
        own_conninfo(), path, origin=settings.ZIKAO_NODE, at=at, cosignatures=cosigned, renewals=renewed
    )
