"""What happens to keys by itself: new ones are written down, those that two people gave up are destroyed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zikao.foundation import clock, crypto
from zikao.foundation.actors import Actor, node_actor
from zikao.foundation.approvals import Approval, when_approved
from zikao.foundation.commands import check_transition
from zikao.foundation.crypto import keyfiles
from zikao.foundation.custody.commands import CHAIN, record_keys
from zikao.foundation.custody.models import NodeKey
from zikao.foundation.custody.states import TRANSITIONS, KeyState
from zikao.foundation.jobs.caretaker import chore


@when_approved(CHAIN)
def destroy_key(approval: Approval, by: Actor, at: datetime) -> None:
    """Two people signed: the key is destroyed with the commit of the second signature."""
    key = NodeKey.objects.select_for_update().get(pk=int(approval.subject.rpartition(":")[2]))
    check_transition(TRANSITIONS, KeyState(key.state), KeyState.DESTROYED)
    key.state, key.destroyed_at, key.approval_id = KeyState.DESTROYED, at, approval.pk
    key.save(update_fields=["state", "destroyed_at", "approval_id"])
    key_id = key.key_id
    transaction.on_commit(lambda: keyfiles.destroy(Path(settings.ZIKAO_KEYS), key_id) and None)


@chore("custody", every_seconds=600)
def keep_keys() -> None:
    """Write down keys that are not known, and finish what a crash left of a destruction."""
    directory = Path(settings.ZIKAO_KEYS)
    known = set(NodeKey.objects.values_list("key_id", flat=True))
    if any(each.key_id not in known and not each.is_retired for each in crypto.key_files(directory)):
        record_keys(by=node_actor(settings.ZIKAO_NODE_CODE), at=clock.now())
    for key_id in NodeKey.objects.filter(state=KeyState.DESTROYED).values_list("key_id", flat=True):
        keyfiles.destroy(directory, key_id)
