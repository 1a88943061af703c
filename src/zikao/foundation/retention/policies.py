"""Who registers what is kept, who holds it, who proposes, carries out and witnesses a destruction."""

from __future__ import annotations

from zikao.foundation.actors import PROVINCE_POSTS, Post

REGISTRARS = frozenset(
    {Post.PAPERS_OFFICER, Post.SCORE_OFFICER, Post.PROVINCE_CLERK, Post.RECORDS_CLERK, Post.PREFECTURE_CLERK}
)
READERS = PROVINCE_POSTS | {Post.AUDITOR, Post.PREFECTURE_CLERK}
HOLDERS = frozenset({Post.PROVINCE_HEAD, Post.EXAM_AFFAIRS_HEAD, Post.RECORDS_HEAD, Post.AUDITOR})
PROPOSERS = frozenset({Post.PAPERS_OFFICER, Post.SCORE_OFFICER, Post.RECORDS_CLERK})
EXECUTORS = frozenset({Post.PAPERS_OFFICER, Post.SCORE_OFFICER, Post.PROVINCE_CLERK, Post.RECORDS_CLERK})
WITNESSES = frozenset({Post.AUDITOR, Post.EXAM_AFFAIRS_HEAD, Post.RECORDS_HEAD})
