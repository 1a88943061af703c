"""When a key may be put aside."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

RETIREMENT = Rule("custody.retirement", title="仍有数据用旧密钥加密的，旧密钥不得停用")


@RETIREMENT.version("EA-49.1", since=IN_FORCE)
def _(*, kind: str, is_newest: bool, uses: int, hours_replaced: int, peers_unaware: int, on: date) -> Decision:
    wait = int(parameter("key-retirement-wait").on(on))
    return all_of(
        decide("EA-49.1", kind != "mac", "mark-key-kept"),
        decide("EA-49.1", not is_newest, "key-newest"),
        decide("EA-49.1", uses == 0, "key-in-use", uses=uses),
        decide("EA-49.1", hours_replaced >= wait, "key-replaced-just-now", hours=hours_replaced, wait=wait),
        decide("EA-49.1", peers_unaware == 0, "key-peers-unaware", peers=peers_unaware),
    )
