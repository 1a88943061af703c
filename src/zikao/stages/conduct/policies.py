"""Who keeps the room's record."""

from zikao.foundation.actors import Post

ROOM_KEEPERS = frozenset({Post.INVIGILATOR, Post.SITE_CHIEF})
SHEET_RECEIVERS = frozenset({Post.SITE_CHIEF, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK})
READERS = ROOM_KEEPERS | SHEET_RECEIVERS | {Post.EXAM_AFFAIRS_HEAD, Post.AREA_DIRECTOR}
