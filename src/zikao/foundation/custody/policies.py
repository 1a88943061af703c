"""Who turns keys, and who sees their state."""

from zikao.foundation.actors import Post

KEEPERS = frozenset({Post.SECURITY_ADMIN})
BY_NODE = KEEPERS | {Post.NODE}
"""On the node's own command line, whoever may run it there already holds the key files."""
READERS = frozenset({Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDITOR})
