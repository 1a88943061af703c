"""Whether a second factor is asked for, and whether what was shown is one."""

from __future__ import annotations

import secrets
from datetime import datetime

from zikao.foundation.access import totp
from zikao.foundation.access.models import Account, RecoveryCode, TotpDevice
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.access.rules import SECOND_FACTOR
from zikao.foundation.access.states import AccountKind, FactorKind
from zikao.foundation.clock import local_day
from zikao.foundation.crypto import is_mac_of, mac_of, seal, unseal
from zikao.foundation.regulation import parameter

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O: the codes are written on paper."""
GROUPS, GROUP = 4, 4


def factors_of(account: Account) -> list[str]:
    """The kinds of second factor that an account has."""
    kinds = [FactorKind.TOTP] if TotpDevice.objects.filter(account=account).exists() else []
    return [*kinds, *([FactorKind.PASSKEY] if account.passkeys.exists() else [])]


def is_required(account: Account, at: datetime) -> bool:
    """Whether one of the account's posts asks for a second factor."""
    if account.kind != AccountKind.STAFF:
        return False
    posts = [each.post for each in appointments_in_effect(account, at)]
    return not SECOND_FACTOR(on=local_day(at), posts=posts, factors=0).granted


def accept_code(account: Account, code: str, at: datetime) -> str:
    """The kind of factor whose code this is, used up now; an empty text where it is none."""
    if _accept_totp(account, code, at):
        return FactorKind.TOTP
    return FactorKind.RECOVERY if _accept_recovery(account, code, at) else ""


def new_codes(account: Account, at: datetime) -> list[str]:
    """Fresh recovery codes in place of all earlier ones; this is the only time that they can be read."""
    RecoveryCode.objects.filter(account=account).delete()
    count = int(parameter("recovery-codes").on(local_day(at)))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(GROUPS * GROUP)) for _ in range(count)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=mac_of(_marked(account, code)), since_at=at) for code in codes
    )
    return ["-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP)) for code in codes]


def sealed_secret(secret: bytes, account_id: int) -> bytes:
    """A dynamic code's secret as it is stored, bound to its account."""
    return seal(secret, _place(account_id))


def secret_of(device: TotpDevice) -> bytes:
    """The secret in clear; nobody but this module and the demonstration asks for it."""
    return unseal(bytes(device.secret_sealed), _place(device.account_id))


def codes_left(account: Account) -> int:
    """How many recovery codes are not used."""
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()


def _accept_totp(account: Account, code: str, at: datetime) -> bool:
    device = TotpDevice.objects.filter(account=account).first()
    if device is None:
        return False
    step = totp.step_of(secret_of(device), code, after=device.last_step, at=at)
    # of two requests with the same code one finds the step used
    return step is not None and bool(
        TotpDevice.objects.filter(pk=device.pk, last_step__lt=step).update(last_step=step, last_used_at=at)
    )


def _accept_recovery(account: Account, code: str, at: datetime) -> bool:
    plain = "".join(each for each in code.upper() if each.isalnum())
    if len(plain) != GROUPS * GROUP:
        return False
    unused = RecoveryCode.objects.filter(account=account, used_at__isnull=True)
    found = next((each for each in unused if is_mac_of(_marked(account, plain), bytes(each.digest))), None)
    return found is not None and bool(unused.filter(pk=found.pk).update(used_at=at))


def _marked(account: Account, code: str) -> str:
    return f"recovery code of {account.pk}: {code}"


def _place(account_id: int) -> bytes:
    # as the register of sealed columns writes it: the room that keeps it lies above this one
    return f"access.totpdevice.secret_sealed:{account_id}".encode()
