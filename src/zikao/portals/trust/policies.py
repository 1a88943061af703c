"""Who sees the state of trust, and who acts on it."""

from __future__ import annotations

from zikao.foundation.actors import Post

READERS = frozenset({Post.AUDITOR, Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.PROVINCE_HEAD, Post.NATIONAL_OFFICER})
VERIFIERS = frozenset({Post.AUDITOR})
