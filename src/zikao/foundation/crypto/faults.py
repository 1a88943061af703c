"""What can go wrong with keys and sealed data."""

from __future__ import annotations

from zikao.foundation.errors import ZikaoError


class KeysMissing(ZikaoError):
    """The node has no keys, or not the one that is asked for."""

    http_status = 500
    default_message = "本节点的密钥不存在或不完整。"
    default_remedy = "请由系统管理员检查密钥目录；从备份恢复时，密钥须与数据一并恢复。"


class KeysExposed(ZikaoError):
    """Others than the node's own user can read a key file."""

    http_status = 500
    default_message = "密钥文件的访问权限过宽，系统拒绝使用。"
    default_remedy = "请把密钥目录权限改为 0700、文件改为 0600，并评估密钥是否已经泄露。"


class SealBroken(ZikaoError):
    """Sealed bytes were changed, or sealed for another place or with another key."""

    http_status = 500
    default_message = "加密数据无法解开：内容已被改动，或不是由本节点加密。"
    default_remedy = "请由审计管理员核查该数据的来源，必要时从备份恢复。"
