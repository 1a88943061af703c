"""Who packs, keeps, issues, receives and takes back."""

from zikao.foundation.actors import Post
from zikao.stages.papers.states import HandOverKind
from zikao.stages.personnel.states import PostKind

PACKERS = frozenset({Post.PAPERS_OFFICER})
HANDLERS = frozenset({Post.PAPERS_OFFICER, Post.PREFECTURE_CLERK, Post.SITE_CHIEF})
READERS = HANDLERS | {Post.EXAM_AFFAIRS_HEAD, Post.AREA_DIRECTOR, Post.AUDITOR}

WHO_TAKES: dict[HandOverKind, frozenset[Post]] = {
    HandOverKind.STORE: frozenset({Post.PAPERS_OFFICER, Post.PREFECTURE_CLERK}),
    HandOverKind.ISSUE: frozenset({Post.PREFECTURE_CLERK}),
    HandOverKind.RECEIVE: frozenset({Post.SITE_CHIEF}),
    HandOverKind.SEAL: frozenset({Post.SITE_CHIEF}),
    HandOverKind.RETURN: frozenset({Post.PREFECTURE_CLERK, Post.PAPERS_OFFICER}),
}
"""Which post answers for the kind of hand-over: the one that records it."""

CERTIFIED_AS: dict[HandOverKind, tuple[PostKind, ...]] = {
    HandOverKind.STORE: (PostKind.PAPERS,),
    HandOverKind.ISSUE: (PostKind.PAPERS,),
    HandOverKind.RECEIVE: (PostKind.CHIEF, PostKind.DEPUTY),
    HandOverKind.SEAL: (PostKind.PAPERS,),
    HandOverKind.RETURN: (PostKind.PAPERS,),
}
"""What whoever takes the boxes must be trained and certified for: to keep and carry papers, or to lead a site."""
