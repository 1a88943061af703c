"""The files on the transfer platform."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.errors import NotFound
from zikao.national.models import TransferFile
from zikao.national.states import FileState


def files() -> QuerySet[TransferFile]:
    """The files of the platform, the latest first; without what is sealed in them."""
    return TransferFile.objects.defer("file_sealed")


def file(number: str) -> TransferFile:
    """One file; NotFound where there is none."""
    found = files().filter(number=number).first()
    if found is None:
        raise NotFound("file-not-found", message=f"转考平台没有编号为 {number} 的档案。")
    return found


def files_under_way() -> QuerySet[TransferFile]:
    """The files without an outcome, oldest first."""
    return files().filter(state=FileState.UPLOADED).order_by("uploaded_at")
