"""Who acts at the centre: its officers, its registrars, and its inbox."""

from zikao.foundation.actors import Post

INBOX = frozenset({Post.NODE})
REGISTRARS = frozenset({Post.NATIONAL_REGISTRAR})
OFFICERS = frozenset({Post.NATIONAL_OFFICER})
REPORTERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.PROVINCE_HEAD, Post.PROVINCE_CLERK})
REPORT_READERS = REPORTERS | {Post.RECORDS_HEAD, Post.AUDITOR}
READERS = frozenset({Post.NATIONAL_OFFICER, Post.NATIONAL_REGISTRAR, Post.AUDITOR})
