"""Who records a violation, who tells the candidate, who decides."""

from zikao.foundation.actors import Post

RECORDERS = frozenset({Post.INVIGILATOR, Post.SITE_CHIEF, Post.GROUP_LEADER, Post.PREFECTURE_CLERK})
NOTIFIERS = frozenset({Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK, Post.EXAM_AFFAIRS_HEAD})
DECIDERS = frozenset({Post.EXAM_AFFAIRS_HEAD, Post.AREA_DIRECTOR})
DELIVERERS = NOTIFIERS
STATERS = frozenset({Post.CANDIDATE})
READERS = RECORDERS | NOTIFIERS | DECIDERS | {Post.PROVINCE_HEAD, Post.AUDITOR}
