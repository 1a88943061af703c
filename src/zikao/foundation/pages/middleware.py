"""Every answer carries the same guard: nothing from elsewhere, no inline script, no frame, no shared cache."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from zikao.foundation.errors import BadInput, ZikaoError
from zikao.foundation.pages.guards import actor_of, error_page

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "worker-src 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = ", ".join(
    (
        "camera=(self)",
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        *(f"{feature}=()" for feature in ("geolocation", "microphone", "payment", "usb", "serial", "display-capture")),
    )
)
MEBIBYTE = 1024 * 1024
LARGEST_MIB = 16
"""What strangers and candidates send at once: the picture of a good camera, and some."""
LARGEST_OF_STAFF_MIB = 1024
"""A list of many people with their portraits in a ZIP."""
MACHINE_PATHS = ("/api/", "/exchange/", "/healthz", "/readyz", "/metrics")


class TooLarge(BadInput):
    """More than anybody has to send to a page."""

    http_status = 413
    default_remedy = "请把照片或文件缩小后重新上传；前面填好的内容还在。"


def _length_of(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


class PagesMiddleware:
    """Security headers on every answer; an expected error that a view let through becomes its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refused(request) or self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        patch_vary_headers(response, ["HX-Target"])
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SECURE_HSTS_SECONDS:  # said also where a proxy in front speaks TLS
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        if actor_of(request) is not None:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    @staticmethod
    def _refused(request: HttpRequest) -> HttpResponse | None:
        """The answer to what is refused unread: too much, or an address with NUL, which no database text holds."""
        largest = LARGEST_OF_STAFF_MIB if request.path.startswith("/staff/") else LARGEST_MIB
        if _length_of(request) > largest * MEBIBYTE and not request.path.startswith(MACHINE_PATHS):
            return error_page(request, TooLarge("too-large", message=f"送来的内容超过 {largest} 兆字节，没有收下。"))
        if "\x00" not in request.path_info and "%00" not in request.META.get("QUERY_STRING", ""):
            return None
        if request.path.startswith(MACHINE_PATHS):
            return None
        message = "网址中含有不能使用的字符。"
        return error_page(request, BadInput("nul-character", message=message, remedy="请从页面上的链接重新进入。"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of an expected error; others go on to the 500 page."""
        if isinstance(exception, ZikaoError) and not request.path.startswith(MACHINE_PATHS):
            return error_page(request, exception)
        return None
