"""Who holds the copies, as the node's database says, and the node's own key for drills.

A copy is sealed to its custodian and, besides, to a key that never leaves this machine: whoever has the machine has
the data already, and without it no drill could run while the custodians sleep.
"""

from __future__ import annotations

from pathlib import Path

from zikao.foundation import clock
from zikao.foundation.backups import queries, rules
from zikao.foundation.backups.states import COPIES
from zikao.foundation.crypto import new_envelope_key
from zikao.node.backing_up.streams import Custodian
from zikao.node.backing_up.targets import open_target
from zikao.node.files import write_private

PRIVATE, PUBLIC = "drill.pem", "drill.pub"


def custodians(home: Path) -> list[Custodian]:
    """The two custodies with their targets and keys. Raises Refused while one is missing, TargetTrouble."""
    rules.CUSTODIES_COMPLETE(on=clock.today(), missing=queries.missing_custodies()).require()
    own = drill_key(home)[1]
    found = []
    for custody in COPIES:
        where = queries.destination(custody)
        assert where is not None
        keys = tuple(key.public_key.encode() for key in queries.active_keys(custody))
        found.append(Custodian(custody.value, open_target(where.url, make=True), (*keys, own)))
    return found


def drill_key(home: Path) -> tuple[bytes, bytes]:
    """The node's own key pair for drills, made when it is first asked for."""
    folder = home / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / PUBLIC).exists():
        private, public = new_envelope_key()
        write_private(folder / PRIVATE, private.decode())
        write_private(folder / PUBLIC, public.decode())
    return (folder / PRIVATE).read_bytes(), (folder / PUBLIC).read_bytes()
