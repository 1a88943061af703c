"""Who holds what: keys, destinations, hand-overs, the escrow of the node's own keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zikao.foundation import crypto
from zikao.foundation.access.reauthentication import consume
from zikao.foundation.actors import Actor, Post
from zikao.foundation.backups import queries, rules
from zikao.foundation.backups.models import CustodyKey, Destination, Escrow
from zikao.foundation.backups.states import COPIES, Custody
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, Conflict, NotPermitted, WrongState

KEEPERS = frozenset({Post.SYSTEM_ADMIN, Post.NODE})
HANDING = "backups.hand-over"
"""The purpose of a proof by which a person present confirms a hand-over."""


@command(writes="backups.key-registered", clauses=("SR-A1.11",), posts=KEEPERS)
def register_custody_key(
    *, custody: str, public_key: str, holder_name: str, holder_unit: str, by: Actor, at: datetime
) -> Outcome[CustodyKey]:
    """Register the first public key of a custody (of the key custody any number); its holder has the private half.

    Source:  SR-A1.11
    Writes:  backups.key-registered
    Raises:  NotPermitted, BadInput, Refused (held by another custody), WrongState (has a key: hand it over)
    """
    if Custody(custody) in COPIES and queries.active_keys(custody):
        raise WrongState(
            "custody-has-a-key",
            message=f"{Custody(custody).label}已有公钥。",
            remedy="更换保管人或密钥，请办理“交接”，由移交人、接收人双方在场确认。",
            clause="SR-A1.11",
        )
    key = _new_key(custody, public_key, holder_name, holder_unit, None, (), at)
    return Outcome(key, facts=_facts(key))


@command(writes="backups.custody-handed-over", clauses=("SR-A1.11",), posts={Post.SYSTEM_ADMIN})
def hand_over_custody(
    *,
    key_id: int,
    public_key: str,
    holder_name: str,
    holder_unit: str,
    handing_account_id: int,
    handing_proof: int,
    receiving_account_id: int,
    receiving_proof: int,
    by: Actor,
    at: datetime,
) -> Outcome[CustodyKey]:
    """Hand a custody over to another key and holder, both sides present and each proven by their own secret.

    Source:  SR-A1.11
    Writes:  backups.custody-handed-over
    Raises:  NotPermitted, NotFound, BadInput, Refused, WrongState (handed over already; a proof is not fresh)
    """
    old = queries.custody_key(key_id)
    if hasattr(old, "successor"):
        raise WrongState("custody-handed-over", message="这把公钥已经交接过。", remedy="请打开现行的公钥办理。")
    present = (handing_account_id, receiving_account_id)
    if len(set(present)) != len(present) or by.account_id in present:
        raise NotPermitted(
            "custody-handed-by-one",
            message="交接须移交人、接收人双方在场，二者不能是同一人，也不能由经办的系统管理员兼任。",
            remedy="请两人同时到场，分别填写本人账号和口令。",
            clause="SR-A1.11",
        )
    subject = f"backups.custodykey:{old.pk}"
    consume(handing_proof, account_id=handing_account_id, purpose=HANDING, subject=subject, at=at)
    consume(receiving_proof, account_id=receiving_account_id, purpose=HANDING, subject=subject, at=at)
    key = _new_key(old.custody, public_key, holder_name, holder_unit, old, present, at)
    return Outcome(key, facts={**_facts(key), "from": old.key_id, "present": list(present)})


@command(writes="backups.destination-set", clauses=("SR-10.2", "SR-A1.11"), posts=KEEPERS)
def set_destination(*, custody: str, url: str, is_off_site: bool, by: Actor, at: datetime) -> Outcome[Destination]:
    """Say where a custody's copies go from now on: a directory's path, or the URL of an object store.

    Source:  SR-10.2, SR-A1.11
    Writes:  backups.destination-set
    Raises:  NotPermitted, BadInput, Conflict (the other custody's copies go there)
    """
    if Custody(custody) not in COPIES:
        raise BadInput("no-copies-there", field_errors={"custody": "备份只存放在业务部门和纪检监察部门两处。"})
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise BadInput("secret-in-url", field_errors={"url": "地址中不能写口令；对象存储的密钥请放在环境变量中。"})
    others = [queries.destination(each) for each in COPIES if each != custody]
    if any(other is not None and other.url.rstrip("/") == url.rstrip("/") for other in others):
        raise Conflict(
            "same-destination",
            message="这个存放处已由另一方使用；两方应当分别独立掌管。",
            remedy="请为两方各用一个存放处。",
            clause="SR-A1.11",
        )
    row = Destination.objects.create(custody=custody, url=url, is_off_site=is_off_site, since_at=at)
    return Outcome(row, facts={"custody": custody, "off_site": is_off_site})


@command(writes="backups.keys-escrowed", clauses=("SR-A1.11", "EA-49.1"), posts={Post.NODE})
def record_escrow(
    *, key_names: Sequence[str], sealed_to: Sequence[str], digest: str, by: Actor, at: datetime
) -> Outcome[Escrow]:
    """Note that the node's own keys were sealed to the key custody.

    Source:  SR-A1.11, EA-49.1
    Writes:  backups.keys-escrowed
    Raises:  NotPermitted
    """
    row = Escrow.objects.create(at=at, key_names=list(key_names), sealed_to=list(sealed_to), digest=digest)
    return Outcome(row, facts={"keys": len(key_names), "to": list(sealed_to), "digest": digest[:16]})


def _new_key(
    custody: str,
    public_key: str,
    holder_name: str,
    holder_unit: str,
    predecessor: CustodyKey | None,
    present: Sequence[int],
    at: datetime,
) -> CustodyKey:
    try:
        key_id = crypto.envelope_key_id(public_key.strip().encode())
    except (ValueError, TypeError, crypto.KeysMissing):
        raise BadInput(
            "not-a-public-key", field_errors={"public_key": "不是 ./zikao node custody init 生成的公钥（PEM）。"}
        ) from None
    used = CustodyKey.objects.filter(key_id=key_id).first()
    rules.CUSTODIES_APART(
        on=local_day(at),
        custody=str(Custody(custody).label),
        holder=holder_name,
        key_used_by=str(used.get_custody_display()) if used else "",
        other_holders=queries.holders_of_others(custody),
    ).require()
    return CustodyKey.objects.create(
        custody=custody,
        key_id=key_id,
        public_key=public_key.strip() + "\n",
        holder_name=holder_name,
        holder_unit=holder_unit,
        predecessor=predecessor,
        present=list(present),
        registered_at=at,
    )


def _facts(key: CustodyKey) -> dict[str, str]:
    return {"custody": key.custody, "key": key.key_id}
