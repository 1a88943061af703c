"""Backups given into two custodies: their keys registered, their places set. The first backup follows while serving."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from zikao.foundation.actors import node_actor
from zikao.foundation.backups import commands
from zikao.foundation.backups.states import COPIES, Custody
from zikao.foundation.crypto import new_envelope_key
from zikao.world.calendar import SCORES_CORRECTED
from zikao.world.life.context import Life

HOLDERS = {
    Custody.BUSINESS: ("方敏", "信息管理处"),
    Custody.DISCIPLINE: ("石坚", "驻院纪检监察组"),
    Custody.KEYS: ("许静", "保密办公室"),
}


def give_into_custody(life: Life) -> None:
    """Each custody has its key and place; in a rehearsal the private halves lie beside the node, to try a drill."""
    folder = Path(settings.ZIKAO_NODE_HOME) / "rehearsed-custody"
    folder.mkdir(mode=0o700, exist_ok=True)
    node = node_actor(life.root)
    for custody in life.each("登记备份保管方", list(Custody)):
        private, public = new_envelope_key()
        key_file = folder / f"{custody}.pem"
        key_file.touch(mode=0o600)
        key_file.write_bytes(private)
        name, unit = HOLDERS[custody]
        commands.register_custody_key(
            custody=custody,
            public_key=public.decode(),
            holder_name=name,
            holder_unit=unit,
            by=node,
            at=SCORES_CORRECTED,
        )
        if custody in COPIES:
            place = folder / custody
            place.mkdir(mode=0o700, exist_ok=True)
            commands.set_destination(
                custody=custody, url=str(place), is_off_site=custody == Custody.DISCIPLINE, by=node, at=SCORES_CORRECTED
            )
