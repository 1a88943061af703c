"""What can go wrong between nodes."""

from __future__ import annotations

from zikao.foundation.errors import BadInput, NotFound, ZikaoError


class UnknownPeer(NotFound):
    """No such node is known here."""

    default_message = "本节点没有登记这个对方节点。"
    default_remedy = "请由系统管理员先登记对方节点的地址和公钥。"


class BadPackage(ZikaoError):
    """A package that is not what it says: shape, address or signature. Nothing of it is kept."""

    http_status = 400
    default_message = "收到的数据包格式、收件节点或签名不正确，已拒收。"
    default_remedy = "请双方核对节点代码与公钥后重新发送。"


class PeerKeyUnknown(ZikaoError):
    """Nothing can be sealed to a peer whose envelope key is not known; what waits for it goes on waiting."""

    http_status = 409
    default_message = "还不知道对方节点的加密公钥，数据暂不发出。"
    default_remedy = "请由系统管理员向对方索取加密公钥，在节点登记中补上；数据不会丢失，之后自动发出。"


class MessageTooLarge(BadInput):
    """A message that no package can carry."""

    default_message = "单条数据超过节点间传输的上限。"
    default_remedy = "请分成多条发送。"
