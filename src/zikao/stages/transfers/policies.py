"""Who takes applications, reviews files and completes transfers."""

from zikao.foundation.actors import Post

CLERKS = frozenset({Post.RECORDS_CLERK})
REVIEWERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
SUBSTITUTION_PUBLISHERS = frozenset({Post.RECORDS_HEAD})
INBOX = frozenset({Post.NODE})
MOVE_DECIDERS = frozenset({Post.RECORDS_HEAD})
READERS = REVIEWERS | {Post.AUDITOR}
