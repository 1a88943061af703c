"""Who opens, reads and certifies records: record staff only (SR-10.4)."""

from zikao.foundation.actors import Post

OPENERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD, Post.NODE})
READERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
CERTIFIERS = frozenset({Post.RECORDS_CLERK, Post.RECORDS_HEAD})
OWN_CERTIFICATE = frozenset({Post.CANDIDATE})
