"""Who checks rooms before use, who keeps their record, who reads."""

from zikao.foundation.actors import Post

ROOM_KEEPERS = frozenset({Post.INVIGILATOR, Post.SITE_CHIEF})
ROOM_CHECKERS = frozenset({Post.SITE_CHIEF, Post.PREFECTURE_CLERK})
SHEET_RECEIVERS = frozenset({Post.SITE_CHIEF, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK})
READERS = ROOM_KEEPERS | SHEET_RECEIVERS | {Post.EXAM_AFFAIRS_HEAD, Post.AREA_DIRECTOR}
