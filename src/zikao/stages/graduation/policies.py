"""Who takes applications in, reviews, approves, confirms and certifies."""

from zikao.foundation.actors import Post

RECEIVERS = frozenset({Post.PREFECTURE_CLERK})
REVIEWERS = frozenset({Post.PREFECTURE_CLERK})
APPROVERS = frozenset({Post.RECORDS_HEAD})
CONFIRMERS = frozenset({Post.SCHOOL_CLERK})
CERTIFIERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
RETURNERS = RECEIVERS | APPROVERS | CONFIRMERS
READERS = RECEIVERS | APPROVERS | CONFIRMERS | CERTIFIERS | {Post.PROVINCE_HEAD, Post.AUDITOR}
