"""A demonstration's second node has a database like the first one's: no right and no row more or less."""

from __future__ import annotations

import re

from zikao.node.postgres.twins import copy_migrated, dumped, renamed

TWIN = "province:47"
_LISTS = (
    (r"\(ARRAY\[([^\]]*)\]\)::text\[\]", r"ARRAY[\1]"),
    (r"\(('[^']*'::character varying)\)::text", r"\1"),
)
"""PostgreSQL writes a list of values in two ways, before and after it has read its own writing."""


def as_written_first(text: str) -> str:
    """A dump with lists of values written in one of the two ways."""
    for pattern, way in _LISTS:
        text = re.sub(pattern, way, text)
    return text


def test_a_copied_database_is_the_migrated_one_but_for_the_names_of_its_roles(test_node):
    """Objects, owners, grants, policies, default rights and rows, as PostgreSQL itself writes them down."""
    cluster = test_node.cluster
    made = cluster.create_node_database(TWIN)
    assert copy_migrated(cluster, "province:32", TWIN)
    copied, migrated = dumped(cluster, TWIN), dumped(cluster, "province:32")
    assert "CREATE POLICY" in migrated
    assert f"OWNER TO {made.archive_role}" in copied
    assert "province_32" not in copied
    assert "RETURN '47'::text" in copied
    assert as_written_first(copied) == as_written_first(renamed(migrated, "province:32", TWIN))
    assert not copy_migrated(cluster, "province:32", TWIN)
    cluster.drop_node_database(TWIN)
