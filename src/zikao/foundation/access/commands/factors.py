"""One's own second factors: set up, taken away, recovery codes renewed."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access import policies, queries, totp
from zikao.foundation.access.models import Account, Passkey, TotpDevice
from zikao.foundation.access.passkeys import NewKey
from zikao.foundation.access.reauthentication import FACTORS, consume
from zikao.foundation.access.second_factor import factors_of, is_required, new_codes, sealed_secret
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState

NOT_OURS = "动态码不对。请核对手机时间是否准确，输入应用里现在显示的六位数字。"


@command(writes="access.totp-set", clauses=("EA-47",), posts=policies.OWNERS)
def set_up_totp(
    *, secret: bytes, code: str, proof_id: int | None = None, by: Actor, at: datetime
) -> Outcome[list[str]]:
    """Set up dynamic codes with a secret that the authenticator has shown to know. Value: recovery codes, if first.

    Who has a factor already proves it again (`proof_id`), so that an unwatched screen is not enough.

    Source:  EA-47
    Writes:  access.totp-set
    Raises:  NotPermitted, BadInput (the code is not of this secret), Conflict, WrongState (no fresh proof)
    """
    account = _own(by)
    first = _check_proof(account, proof_id, at)
    if TotpDevice.objects.filter(account=account).exists():
        raise Conflict("totp-there", message="已经设置过动态码。", remedy="要更换设备，请先移除原来的动态码。")
    step = totp.step_of(secret, code, after=-1, at=at)
    if step is None:
        raise BadInput("wrong-code", field_errors={"code": NOT_OURS})
    TotpDevice.objects.create(
        account=account, secret_sealed=sealed_secret(secret, account.pk), since_at=at, last_step=step, last_used_at=at
    )
    return Outcome(new_codes(account, at) if first else [], on=subject_of(account), facts={"account": account.pk})


@command(writes="access.totp-removed", clauses=("EA-47",), posts=policies.OWNERS)
def remove_totp(*, proof_id: int, by: Actor, at: datetime) -> Outcome[None]:
    """Take one's dynamic codes away; where a second factor is required, another must stay.

    Source:  EA-47
    Writes:  access.totp-removed
    Raises:  NotPermitted, NotFound, WrongState (the last factor of a post that needs one; no fresh proof)
    """
    account = _own(by)
    _check_proof(account, proof_id, at)
    device = TotpDevice.objects.filter(account=account).first()
    if device is None:
        raise NotFound("no-totp", message="没有设置动态码。")
    _check_another_stays(account, at)
    device.delete()
    return Outcome(None, on=subject_of(account), facts={"account": account.pk})


@command(writes="access.passkey-added", clauses=("EA-47",), posts=policies.OWNERS)
def add_passkey(*, key: NewKey, name: str, proof_id: int | None = None, by: Actor, at: datetime) -> Outcome[list[str]]:
    """Keep the public half of a passkey whose registration was verified. Value: recovery codes, if the first factor.

    Source:  EA-47
    Writes:  access.passkey-added
    Raises:  NotPermitted, Conflict (a key that is known), WrongState (no fresh proof)
    """
    account = _own(by)
    first = _check_proof(account, proof_id, at)
    if Passkey.objects.filter(credential_id=key.credential_id).exists():
        raise Conflict("passkey-known", message="这个通行密钥已经登记过。")
    made = Passkey.objects.create(
        account=account,
        name=name,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        since_at=at,
    )
    codes = new_codes(account, at) if first else []
    return Outcome(codes, on=subject_of(account), facts={"account": account.pk, "passkey": made.pk})


@command(writes="access.passkey-removed", clauses=("EA-47",), posts=policies.OWNERS)
def remove_passkey(*, passkey_id: int, proof_id: int, by: Actor, at: datetime) -> Outcome[None]:
    """Forget one of one's own passkeys; where a second factor is required, another must stay.

    Source:  EA-47
    Writes:  access.passkey-removed
    Raises:  NotPermitted, NotFound, WrongState (the last factor of a post that needs one; no fresh proof)
    """
    account = _own(by)
    _check_proof(account, proof_id, at)
    key = account.passkeys.filter(pk=passkey_id).first()
    if key is None:
        raise NotFound("no-passkey", message="没有这个通行密钥。")
    _check_another_stays(account, at, passkeys=1)
    key.delete()
    return Outcome(None, on=subject_of(account), facts={"account": account.pk, "passkey": passkey_id})


@command(writes="access.recovery-codes-renewed", clauses=("EA-47",), posts=policies.OWNERS)
def renew_recovery_codes(*, proof_id: int, by: Actor, at: datetime) -> Outcome[list[str]]:
    """New recovery codes in place of all earlier ones; the value can be read this once.

    Source:  EA-47
    Writes:  access.recovery-codes-renewed
    Raises:  NotPermitted, WrongState (no second factor to recover; no fresh proof)
    """
    account = _own(by)
    _check_proof(account, proof_id, at)
    if not factors_of(account):
        raise WrongState("no-factor", message="还没有设置动态码或通行密钥，不需要备用码。")
    codes = new_codes(account, at)
    return Outcome(codes, on=subject_of(account), facts={"account": account.pk, "count": len(codes)})


def subject_of(account: Account) -> str:
    """The account by its number, so that the ledger digests nothing that comes from a secret."""
    return f"access.account:{account.pk}"


def _own(by: Actor) -> Account:
    return Account.objects.select_for_update().get(pk=queries.own_account(by).pk)


def _check_proof(account: Account, proof_id: int | None, at: datetime) -> bool:
    """Whether this is the account's first factor; a later act needs a proof made with what is there."""
    first = not factors_of(account)
    if proof_id is not None:
        consume(proof_id, account_id=account.pk, purpose=FACTORS, subject=subject_of(account), at=at)
    elif not first:
        raise WrongState("proof-missing", message="请先再次确认身份。", remedy="请输入密码和动态码后再办理。")
    return first


def _check_another_stays(account: Account, at: datetime, *, passkeys: int | None = None) -> None:
    kinds = factors_of(account)
    many = account.passkeys.count()
    left = len(kinds) - 1 if passkeys is None or many == passkeys else len(kinds)
    if left == 0 and is_required(account, at):
        raise WrongState(
            "last-factor",
            message="您的岗位登录须有第二重验证，不能移除最后一个。",
            remedy="请先设置另一种（动态码或通行密钥），再移除这一个。",
            clause="EA-47",
        )
