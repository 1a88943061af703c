"""What went wrong, as a page: wrong address, no right, ended session, our own fault."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.errors import NotFound, NotPermitted
from zikao.foundation.pages.guards import error_page


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, NotPermitted("forbidden"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    error = NotFound("no-such-page", message="没有这一页。", remedy="请核对网址，或者从首页找起。")
    return error_page(request, error)


def session_ended(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 by a form that is too old: the session ended, the draft is kept in the browser's tab."""
    return render(request, "portals/session_ended.html", {"where": request.get_full_path()}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither database nor session."""
    return render(None, "portals/broken.html", status=500)
