"""Who sees and orders what about backups."""

from zikao.foundation.actors import Post

READERS = frozenset({Post.SYSTEM_ADMIN, Post.AUDITOR, Post.PROVINCE_HEAD, Post.RECORDS_HEAD})
ORDERERS = frozenset({Post.SYSTEM_ADMIN})
DRILLERS = frozenset({Post.SYSTEM_ADMIN, Post.AUDITOR})
