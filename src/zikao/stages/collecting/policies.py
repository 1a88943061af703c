"""Who sets up a round, who vets its workers, who keeps a place, who works in it, who reads."""

from zikao.foundation.actors import Post
from zikao.stages.collecting.states import REGISTER_POSTS, WORKING_POSTS

ORGANISERS = frozenset({Post.RECORDS_HEAD})
CONFIRMERS = frozenset({Post.PROVINCE_HEAD})
VETTERS = ORGANISERS | CONFIRMERS
"""Two posts: nobody vets, trains or files themselves, and the one who organises works, too."""
KEEPERS = frozenset({Post.SCORE_OFFICER, Post.PROVINCE_CLERK, Post.GROUP_LEADER})
WORKERS = WORKING_POSTS
REGISTER_READERS = REGISTER_POSTS
READERS = REGISTER_READERS | WORKERS
