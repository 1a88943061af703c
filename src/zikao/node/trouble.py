"""What goes wrong on a machine rather than in the law: ports, disks, rights, servers."""

from __future__ import annotations

from zikao.foundation.errors import ZikaoError


class NodeTrouble(ZikaoError):
    """The node cannot start or work here; the message says why, the remedy what the operator can do."""

    http_status = 503
    default_message = "节点无法运行。"
    default_remedy = "请查看上面的提示。"
