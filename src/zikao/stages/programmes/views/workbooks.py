"""Workbooks handed out for filling in."""

from __future__ import annotations

from django.http import HttpResponse

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(data: bytes, name: str) -> HttpResponse:
    """A workbook as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(data, content_type=CONTENT_TYPE, headers=headers)
