"""What marking leaves to be kept for thirty years."""

from __future__ import annotations

from collections.abc import Iterable

from zikao.foundation.retention.registry import files_of
from zikao.stages.marking.models import Card


@files_of("scan-images")
def scans(matter: str) -> Iterable[str]:
    """The digests of the pictures of all cards of a sitting."""
    return Card.objects.filter(paper__sitting__code=matter).order_by().values_list("image", flat=True)
