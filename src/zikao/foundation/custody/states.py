"""What may become of a key."""

from django.db.models import TextChoices


class KeyState(TextChoices):
    HELD = "held", "在用"
    RETIRED = "retired", "已停用"
    DESTROYED = "destroyed", "已销毁"


class KeyKind(TextChoices):
    DATA = "data", "数据密钥"
    INDEX = "index", "索引密钥"
    SIGN = "sign", "签名密钥"
    AGREE = "agree", "信封密钥"
    MAC = "mac", "防伪标记密钥"


ROTATED = (KeyKind.DATA, KeyKind.INDEX, KeyKind.SIGN, KeyKind.AGREE)
"""Marks on papers must verify for decades: their key is added to, never put aside."""

TRANSITIONS: dict[KeyState, frozenset[KeyState]] = {
    KeyState.HELD: frozenset({KeyState.RETIRED}),
    KeyState.RETIRED: frozenset({KeyState.DESTROYED}),
    KeyState.DESTROYED: frozenset(),
}
