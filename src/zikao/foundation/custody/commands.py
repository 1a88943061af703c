"""Keys added, everything sealed anew, keys put aside and destroyed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from zikao.foundation import crypto, storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import propose
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, all_rows, check_transition, command, snapshot
from zikao.foundation.crypto import keyfiles
from zikao.foundation.custody import policies, rules, uses
from zikao.foundation.custody.models import NodeKey
from zikao.foundation.custody.reindexing import indexed_fields, reindex_rows
from zikao.foundation.custody.resealing import Batch, reseal_rows
from zikao.foundation.custody.states import ROTATED, TRANSITIONS, KeyKind, KeyState
from zikao.foundation.errors import BadInput, NotFound
from zikao.foundation.exchange.announcing import announce_keys
from zikao.foundation.jobs.models import Work
from zikao.foundation.jobs.working import order
from zikao.foundation.secrecy import SealedField, sealed_fields

CLAUSES = ("EA-47", "EA-49.1")
CHAIN = "key-destruction"
RESEAL, REINDEX = "custody.reseal", "custody.reindex"


@command(writes="custody.keys-recorded", clauses=CLAUSES, posts=policies.BY_NODE)
def record_keys(*, by: Actor, at: datetime) -> Outcome[int]:
    """Write down the keys that lie in the directory and are not known yet; returns how many.

    Source:  EA-47, EA-49.1
    Writes:  custody.keys-recorded
    Raises:  NotPermitted
    """
    new = _record(at)
    return Outcome(len(new), on="custody:keys", facts={"keys": [str(each.key_id) for each in new]})


@command(writes="custody.key-added", clauses=("EA-21.13", *CLAUSES), posts=policies.BY_NODE)
def rotate_key(*, kind: KeyKind, by: Actor, at: datetime) -> Outcome[NodeKey]:
    """Add a key of a kind: it is used from now on, by every process; the older ones go on opening and verifying.

    Peers learn a new signing or envelope key by a message that the key they know has signed.

    Source:  EA-47, EA-49.1, EA-21.13
    Writes:  custody.key-added
    Raises:  NotPermitted, BadInput
    """
    if kind not in ROTATED:
        raise BadInput("key-kind", field_errors={"kind": "请选择要更换的密钥种类。"}, message="这种密钥不更换。")
    _record(at)
    known_so_far = crypto.signing_key_id()
    key_id = crypto.add_key(_directory(), kind)
    _record(at)
    told = announce_keys(known_so_far=known_so_far, at=at) if kind in (KeyKind.SIGN, KeyKind.AGREE) else 0
    key = NodeKey.objects.get(key_id=key_id)
    return Outcome(key, facts={"kind": kind, "key": key_id, "number": key.number, "peers": told})


@command(writes="custody.resealing-ordered", clauses=CLAUSES, posts=policies.KEEPERS)
def order_resealing(*, by: Actor, at: datetime) -> Outcome[Work]:
    """Have everything sealed with the newest data key, as long work that may be interrupted.

    Source:  EA-47, EA-49.1
    Writes:  custody.resealing-ordered
    Raises:  NotPermitted
    """
    total = uses.stale_total()
    work = order(
        kind=RESEAL, title="用新数据密钥重新加密", total=total, given={}, agency_code=by.agency_code, by=by, at=at
    )
    return Outcome(work, facts={"total": total, "key": crypto.data_key_id()})


@command(writes="custody.reindexing-ordered", clauses=CLAUSES, posts=policies.KEEPERS)
def order_reindexing(*, by: Actor, at: datetime) -> Outcome[Work]:
    """Have every keyed index written anew under the newest index key, as long work that may be interrupted.

    Source:  EA-47, EA-49.1
    Writes:  custody.reindexing-ordered
    Raises:  NotPermitted
    """
    with all_rows(uses.WHY):
        total = sum(field.model_class._default_manager.count() for field in indexed_fields())
    work = order(
        kind=REINDEX, title="用新索引密钥重写索引", total=total, given={}, agency_code=by.agency_code, by=by, at=at
    )
    return Outcome(work, facts={"total": total})


@command(writes="custody.resealed", clauses=CLAUSES, posts=policies.BY_NODE)
def reseal_batch(*, field: str, after: int, by: Actor, at: datetime) -> Outcome[Batch]:
    """Seal the next rows of a column (or files: "storage.files") with the newest data key.

    Source:  EA-47, EA-49.1
    Writes:  custody.resealed
    Raises:  NotPermitted
    """
    with all_rows(uses.WHY):
        if field == uses.FILES:
            last, sealed, broken = storage.reseal(after)
            batch = Batch(last, sealed, broken)
        else:
            batch = reseal_rows(_field(field), after)
    facts = {"after": after, "sealed": batch.sealed, "broken": batch.broken, "key": crypto.data_key_id()}
    return Outcome(batch, on=f"sealed:{field}", facts=facts)


@command(writes="custody.reindexed", clauses=CLAUSES, posts=policies.BY_NODE)
def reindex_batch(*, field: str, after: int, by: Actor, at: datetime) -> Outcome[Batch]:
    """Write the next rows' indexes under the newest index key.

    Source:  EA-47, EA-49.1
    Writes:  custody.reindexed
    Raises:  NotPermitted
    """
    with all_rows(uses.WHY):
        batch = reindex_rows(_field(field), after)
    return Outcome(batch, on=f"sealed:{field}", facts={"after": after, "written": batch.sealed, "broken": batch.broken})


@command(writes="custody.key-retired", clauses=CLAUSES, posts=policies.BY_NODE)
def retire_key(*, key_id: str, by: Actor, at: datetime) -> Outcome[NodeKey]:
    """Put an older key out of use, once nothing at all is sealed or indexed with it any more.

    Source:  EA-47, EA-49.1
    Writes:  custody.key-retired
    Raises:  NotPermitted, NotFound, WrongState, Refused (newest, in use, replaced just now, peers unaware)
    """
    _record(at)
    key = _key(key_id)
    check_transition(TRANSITIONS, KeyState(key.state), KeyState.RETIRED)
    newer = NodeKey.objects.filter(kind=key.kind, number__gt=key.number).order_by("number").first()
    found = uses.uses_of(key.kind, key_id) if newer is not None else {}
    rules.RETIREMENT(
        on=local_day(at),
        kind=key.kind,
        is_newest=newer is None,
        uses=sum(found.values()),
        hours_replaced=int((at - newer.added_at).total_seconds() // 3600) if newer is not None else 0,
        peers_unaware=uses.peers_unaware(key.kind),
    ).require()
    before = snapshot(key)
    key.state, key.retired_at = KeyState.RETIRED, at
    key.save(update_fields=["state", "retired_at"])
    keyfiles.put_aside(_directory(), key.kind, key_id)
    return Outcome(key, before=before, facts={"kind": key.kind, "key": key_id, "uses": 0})


@command(writes="custody.destruction-proposed", clauses=CLAUSES, posts=policies.KEEPERS)
def propose_destruction(*, key_id: str, reason: str, by: Actor, at: datetime) -> Outcome[NodeKey]:
    """Put the destruction of a key that is out of use before two people; what older backups hold goes with it.

    Source:  EA-47, EA-49.1
    Writes:  custody.destruction-proposed
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Conflict
    """
    key = _key(key_id)
    check_transition(TRANSITIONS, KeyState(key.state), KeyState.DESTROYED)
    content = {"kind": key.kind, "number": key.number, "key": key.key_id}
    approval = propose(
        chain=CHAIN,
        subject=f"custody.nodekey:{key.pk}",
        digest=crypto.sm3(crypto.canonical(content)),
        title=f"销毁{key}",
        reason=reason,
        agency_code=by.agency_code,
        shown={"密钥": str(key), "停用时间": f"{key.retired_at:%Y-%m-%d}", "后果": "停用之前的备份将不能再解开"},
        by=by,
        at=at,
    )
    return Outcome(key, facts={"key": key_id, "approval": approval.pk})


def _record(at: datetime) -> list[NodeKey]:
    known = set(NodeKey.objects.values_list("key_id", flat=True))
    return NodeKey.objects.bulk_create(
        NodeKey(kind=each.kind, number=each.number, key_id=each.key_id, added_at=at)
        for each in crypto.key_files(_directory())
        if each.key_id not in known and not each.is_retired
    )


def _key(key_id: str) -> NodeKey:
    key = NodeKey.objects.select_for_update().filter(key_id=key_id).first()
    if key is None:
        raise NotFound("key-not-found", facts={"key": key_id}, message=f"没有编号为 {key_id} 的密钥。")
    return key


def _field(name: str) -> SealedField:
    return next(field for field in sealed_fields() if field.name == name)


def _directory() -> Path:
    return Path(settings.ZIKAO_KEYS)
