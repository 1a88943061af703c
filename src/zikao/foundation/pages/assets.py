"""Static files without a build step and without collecting: found by Django's finders, kept in memory, sent compressed.

The address of a file holds its digest (/assets/3f2a.../zikao/zikao.css), so browsers may keep it for ever and a new
version is a new address. There are only a handful, so a process holds them all.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse

KEPT_FOR_SECONDS = 365 * 24 * 3600
_TEXT = ("text/", "image/svg", "application/json", "application/javascript")


@dataclass(frozen=True)
class Asset:
    """A static file as it is sent."""

    body: bytes
    zipped: bytes
    media_type: str
    digest: str


@lru_cache(maxsize=64)
def load(path: str) -> Asset:
    """The file that the finders know by this path; raises FileNotFoundError."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    body = Path(found).read_bytes()
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    zipped = gzip.compress(body, 9, mtime=0) if media_type.startswith(_TEXT) else b""
    return Asset(body, zipped, media_type, hashlib.sha256(body).hexdigest()[:16])


def digest_of(path: str) -> str:
    """The digest in the address of a static file."""
    return load(path).digest


def asset(request: HttpRequest, digest: str, path: str) -> HttpResponse:
    """Send a static file; an old digest gets the present file, not to be kept."""
    try:
        found = load(path)
    except (FileNotFoundError, SuspiciousFileOperation):
        raise Http404 from None
    zipped = bool(found.zipped) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.zipped if zipped else found.body, content_type=found.media_type)
    if found.media_type.startswith("text/"):
        response["Content-Type"] = f"{found.media_type}; charset=utf-8"
    if zipped:
        response["Content-Encoding"] = "gzip"
    fresh = digest == found.digest
    response["Cache-Control"] = f"public, max-age={KEPT_FOR_SECONDS}, immutable" if fresh else "no-cache"
    response["Vary"] = "Accept-Encoding"
    return response
