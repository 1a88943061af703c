"""Settings of one node, read from its environment.

ZIKAO_NODE           national | province:32 | military
ZIKAO_MILITARY_CODE  the two digits with which the codes of the military node begin (91)
ZIKAO_NODE_HOME      the node's own directory: keys/, files/, static/, secret-key, clock-offset
ZIKAO_DATABASE_URL   postgresql://application-role:password@host:port/database
ZIKAO_OWNER_URL      the same database as its owner; only migrations use it
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

PROJECT = Path(__file__).resolve().parents[3]
PACKAGE = Path(__file__).resolve().parents[1]

ZIKAO_NODE = os.environ.get("ZIKAO_NODE", "province:32")
ZIKAO_NODE_KIND, _, ZIKAO_NODE_CODE = ZIKAO_NODE.partition(":")
if ZIKAO_NODE_KIND == "military":
    ZIKAO_NODE_CODE = os.environ.get("ZIKAO_MILITARY_CODE", "91")
ZIKAO_NODE_HOME = Path(os.environ.get("ZIKAO_NODE_HOME", PROJECT / "var" / ZIKAO_NODE.replace(":", "-")))
ZIKAO_KEYS = ZIKAO_NODE_HOME / "keys"
ZIKAO_FILES = ZIKAO_NODE_HOME / "files"
ZIKAO_FONTS = os.environ.get("ZIKAO_FONTS", "")
ZIKAO_PUBLIC_URL = os.environ.get("ZIKAO_PUBLIC_URL", "http://127.0.0.1:8000")
ZIKAO_IS_DEMO = os.environ.get("ZIKAO_DEMO", "") == "1"
"""Whether this node is a demonstration: its pages say so, and its accounts are listed on the sign-in page."""
ZIKAO_PASSWORD_PROFILE = os.environ.get("ZIKAO_PASSWORD_PROFILE") or ("asvs" if ZIKAO_IS_DEMO else "dengbao")
"""dengbao (GB/T 22239) or asvs (NIST SP 800-63B); a demonstration lives months, so its passwords do not age."""
ZIKAO_GATEWAY = os.environ.get("ZIKAO_GATEWAY", "simulated" if ZIKAO_IS_DEMO else "")
"""The payment gateway: empty (candidates pay at the counter), simulated (demonstrations, tests), or module:Class."""
ZIKAO_GATEWAY_KEY = os.environ.get("ZIKAO_GATEWAY_KEY", "")
"""The file of the key shared with the gateway (hex); the simulated one needs none."""
ZIKAO_SESSIONLESS = ("/entries/queue/", "/entries/gateway/notice/", "/healthz")
"""Pages that are asked by thousands who wait, or by machines: they look nobody up, and show no rows."""
if ZIKAO_PASSWORD_PROFILE not in {"dengbao", "asvs"}:
    raise ValueError(f"ZIKAO_PASSWORD_PROFILE: dengbao or asvs, not {ZIKAO_PASSWORD_PROFILE}")
SERVES_HTTPS = ZIKAO_PUBLIC_URL.startswith("https://")


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "zikao",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # prepares what asks for it and nothing else: without a threshold the driver ignores even those
        "OPTIONS": {"options": "-c timezone=Asia/Shanghai", "prepare_threshold": sys.maxsize},
    }


DATABASES = {"default": _database(os.environ.get("ZIKAO_DATABASE_URL", "postgresql://zikao_app@127.0.0.1/zikao"))}
ZIKAO_APP_ROLE = os.environ.get("ZIKAO_APP_ROLE") or str(DATABASES["default"]["USER"])


def _secret_key() -> str:
    path = ZIKAO_NODE_HOME / "secret-key"
    if path.exists():
        return path.read_text().strip()
    if not ZIKAO_NODE_HOME.exists():
        return secrets.token_urlsafe(48)
    key = secrets.token_urlsafe(48)
    path.touch(mode=0o600)
    path.write_text(key)
    return key


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ZIKAO_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zikao.portals.views.errors.session_ended"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "zikao_" + ZIKAO_NODE.replace(":", "_")
CSRF_COOKIE_NAME = SESSION_COOKIE_NAME + "_csrf"
SESSION_COOKIE_AGE = 14 * 3600  # access.session ends each earlier, by post
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVES_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(ZIKAO_PUBLIC_URL))] if SERVES_HTTPS else []
SECURE_HSTS_SECONDS = 365 * 86_400 if SERVES_HTTPS else 0
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
ZIKAO_DEVICE_COOKIE = SESSION_COOKIE_NAME + "_device"
ZIKAO_PROXIES = frozenset(filter(None, os.environ.get("ZIKAO_PROXIES", "").split(",")))
"""Addresses of reverse proxies in front of this node: they alone are believed about a visitor's address."""
if ZIKAO_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

FOUNDATION = [
    "ledger",
    "storage",
    "commands",
    "access",
    "approvals",
    "secrecy",
    "retention",
    "backups",
    "exports",
    "exchange",
    "witness",
    "jobs",
    "custody",
    "pages",
]
STAGES = [
    "agencies",
    "personnel",
    "programmes",
    "candidates",
    "entries",
    "seating",
    "papers",
    "conduct",
    "incidents",
    "violations",
    "collecting",
    "marking",
    "results",
    "records",
    "transfers",
    "graduation",
    "registry",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"zikao.foundation.{room}" for room in FOUNDATION),
    *(f"zikao.stages.{stage}" for stage in STAGES),
    "zikao.national",
    "zikao.portals",
    "zikao.world",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zikao.foundation.access.middleware.ActorMiddleware",
    "zikao.foundation.pages.middleware.PagesMiddleware",
]

ROOT_URLCONF = "zikao.node.urls"
WSGI_APPLICATION = "zikao.node.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zikao.portals.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "zikao.foundation.access.passwords.Argon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "zikao.foundation.access.password_rules.ProfileValidator"}]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
FORMAT_MODULE_PATH = ["zikao.node.formats"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = ZIKAO_NODE_HOME / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "zikao.foundation.secrecy.masking.MaskingFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
