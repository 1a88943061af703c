"""Where the pages of electronic registration are. The public look-up stands at /verify/, one of the portals' doors."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from zikao.stages.registry.views import batches, certificates


class BatchDay:
    """An issue date in an address: 2026-12-30."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; a ValueError makes the address one that does not exist."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """The day in ISO form."""
        return str(value)


register_converter(BatchDay, "batch-day")

app_name = "registry"
staff_urls = [
    path("", batches.batch_list, name="batches"),
    path("check/", batches.check, name="check"),
    path("certificates/<str:number>/", certificates.certificate, name="certificate"),
    path("<batch-day:batch_on>/", batches.batch, name="batch"),
    path("<batch-day:batch_on>/approve/", batches.approve, name="approve"),
    path("<batch-day:batch_on>/send/", batches.send, name="send"),
    path("<batch-day:batch_on>/resend/", batches.resend, name="resend"),
]
