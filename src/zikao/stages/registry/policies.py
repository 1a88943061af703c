"""Who checks, approves and reports; anyone may verify a certificate."""

from zikao.foundation.actors import Post

CHECKERS = frozenset({Post.RECORDS_CLERK})
APPROVERS = frozenset({Post.RECORDS_HEAD, Post.PROVINCE_HEAD})
SENDERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
ANSWERED = frozenset({Post.NODE})
READERS = CHECKERS | APPROVERS | {Post.AUDITOR}
