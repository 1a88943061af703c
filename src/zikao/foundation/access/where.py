"""Where a request comes from: the address, the kind of device, and whether the person has used it before."""

from __future__ import annotations

import ipaddress
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.crypto import mac_of
from zikao.foundation.regulation import parameter

SALT = "zikao.known-device"
MOST_PEOPLE = 8
BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("MicroMessenger", "微信"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Where:
    """Address (text), device in words, and the device's id where this person came in with it before."""

    address: str = ""
    device: str = ""
    known: str = ""


def where_of(request: HttpRequest, username: str = "") -> Where:
    """Where a request comes from; `known` is the device's id for this user name, if it is signed by this node."""
    return Where(address_of(request), device_of(request), _known(request).get(_tag(username), "") if username else "")


def address_of(request: HttpRequest) -> str:
    """The visitor's address: the peer's, or behind a trusted proxy the last one that it did not add itself."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer not in settings.ZIKAO_PROXIES:
        return peer[:45]
    named = [each.strip() for each in request.headers.get("x-forwarded-for", "").split(",") if each.strip()]
    return next((each for each in reversed(named) if each not in settings.ZIKAO_PROXIES), peer)[:45]


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def device_of(request: HttpRequest) -> str:
    """The browser and system in words, as far as the browser tells."""
    agent = request.headers.get("user-agent", "")
    words = (next((word for mark, word in table if mark in agent), "") for table in (BROWSERS, SYSTEMS))
    return " ".join(filter(None, words)) or re.sub(r"[^\w ./-]", "", agent)[:30]


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """After a success: this browser keeps a signed name of its own for this person."""
    known = _known(request)
    known[_tag(username)] = known.get(_tag(username)) or secrets.token_hex(12)
    kept = dict(list(known.items())[-MOST_PEOPLE:])
    response.set_cookie(
        settings.ZIKAO_DEVICE_COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=int(parameter("known-device-days").on(clock.today())) * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/sign-in/",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(
            request.COOKIES.get(settings.ZIKAO_DEVICE_COOKIE, ""),
            salt=SALT,
            max_age=int(parameter("known-device-days").on(clock.today())) * 86_400,
        )
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _tag(username: str) -> str:
    return mac_of(f"device of {username}").hex()[:16]
