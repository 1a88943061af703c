"""The embedded PostgreSQL: one server for all nodes of a machine, one database and two roles for each node.

The binaries come with a wheel; the set-up is our own: passwords by SCRAM for every connection, the superuser's
included; listening on the loopback address only; checksums on; statements that fail are never logged with their text.
"""

from zikao.node.postgres.cluster import Cluster, destroy_cluster, ensure_cluster, stop_cluster
from zikao.node.postgres.roles import NodeDatabase, archive_role, role_statements, slug
from zikao.node.postgres.users import keep_using_after_exec, leave_clusters, use_cluster

__all__ = [
    "Cluster",
    "NodeDatabase",
    "archive_role",
    "destroy_cluster",
    "ensure_cluster",
    "keep_using_after_exec",
    "leave_clusters",
    "role_statements",
    "slug",
    "stop_cluster",
    "use_cluster",
]
