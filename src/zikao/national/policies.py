"""Who acts at the centre: its officers, its registrars, and its inbox."""

from zikao.foundation.actors import Post

INBOX = frozenset({Post.NODE})
REGISTRARS = frozenset({Post.NATIONAL_REGISTRAR})
OFFICERS = frozenset({Post.NATIONAL_OFFICER})
READERS = frozenset({Post.NATIONAL_OFFICER, Post.NATIONAL_REGISTRAR, Post.AUDITOR})
