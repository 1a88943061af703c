"""Who may collect, approve and publish scores."""

from zikao.foundation.actors import Post

COLLECTORS = frozenset({Post.SCORE_OFFICER})
APPROVERS = frozenset({Post.RECORDS_HEAD, Post.PROVINCE_HEAD})
PUBLISHERS = frozenset({Post.PROVINCE_HEAD})
TAKERS_OVER = frozenset({Post.RECORDS_HEAD})
ASSESSORS = frozenset({Post.SCORE_OFFICER, Post.RECORDS_CLERK})
READERS = frozenset({Post.SCORE_OFFICER, Post.RECORDS_HEAD, Post.PROVINCE_HEAD, Post.RECORDS_CLERK, Post.AUDITOR})
