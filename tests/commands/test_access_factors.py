"""Second factors: who has to have one, what proves it, and how a lost one is taken away by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.accounts import PASSWORD, a_member_of_staff, an_account, appointed, with_totp
from zikao.foundation.access import commands, second_factor, totp
from zikao.foundation.access.models import FactorReset, Passkey, Proof, RecoveryCode, TotpDevice
from zikao.foundation.access.passkeys import NewKey
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.reauthentication import FACTORS, reauthenticate
from zikao.foundation.access.states import FactorKind, ResetReason, ResetState
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from zikao.foundation.ledger.models import Line

pytestmark = pytest.mark.django_db

KEY = NewKey(b"credential-1", b"public-1", 0)
OTHER_KEY = NewKey(b"credential-2", b"public-2", 0)


def me(account, at):
    actor = actor_of(account, at)
    assert actor is not None
    return actor


@pytest.fixture
def officer(at):
    """The score officer: one of those who need a second factor."""
    return a_member_of_staff(at, Post.SCORE_OFFICER)


def proof_of(account, at, secret, *, purpose=FACTORS):
    code = totp.code_at(secret, at)
    return reauthenticate(account_id=account.pk, secret=PASSWORD, code=code, purpose=purpose, at=at)


def test_an_officer_sets_up_codes_and_gets_recovery_codes_once(officer, at):
    secret = totp.new_secret()
    receipt = commands.set_up_totp(secret=secret, code=totp.code_at(secret, at), by=me(officer, at), at=at)
    assert len(set(receipt.value)) == 10
    assert second_factor.factors_of(officer) == [FactorKind.TOTP]
    line = Line.objects.get(command="access.totp-set")
    assert line.facts == {"account": officer.pk}
    assert line.subject == f"access.account:{officer.pk}"


def test_secrets_and_recovery_codes_do_not_lie_in_the_clear(officer, at):
    secret = totp.new_secret()
    codes = commands.set_up_totp(secret=secret, code=totp.code_at(secret, at), by=me(officer, at), at=at).value
    stored = bytes(TotpDevice.objects.get().secret_sealed)
    assert secret not in stored
    assert second_factor.secret_of(TotpDevice.objects.get()) == secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(c)::text, '') FROM access_recoverycode c")
        text = cursor.fetchone()[0]
    assert not any(code.replace("-", "").lower() in text.lower() for code in codes)


def test_a_sealed_secret_moved_to_another_account_does_not_open(officer, at):
    from zikao.foundation.crypto import SealBroken

    other = a_member_of_staff(at, Post.RECORDS_HEAD)
    with_totp(officer, at)
    with_totp(other, at)
    stolen = TotpDevice.objects.get(account=officer).secret_sealed
    TotpDevice.objects.filter(account=other).update(secret_sealed=stolen)
    with pytest.raises(SealBroken):
        second_factor.accept_code(other, "123456", at)


@pytest.mark.parametrize("code", ["000000", "", "12345", "1234567", "abcdef", "１２３４５６"])
def test_a_wrong_first_code_sets_up_nothing(code, officer, at):
    secret = b"12345678901234567890"
    if code == totp.code_at(secret, at):
        pytest.skip("by chance the right one")
    with pytest.raises(BadInput):
        commands.set_up_totp(secret=secret, code=code, by=me(officer, at), at=at)
    assert not TotpDevice.objects.exists()


@pytest.mark.parametrize("steps", [-2, -1, 0, 1, 2])
def test_a_code_counts_one_step_around_now_and_no_further(steps, officer, at):
    secret = with_totp(officer, at)
    code = totp.code_at(secret, at, steps=steps)
    accepted = second_factor.accept_code(officer, code, at)
    assert bool(accepted) == (abs(steps) <= 1)


def test_the_codes_are_those_of_the_standard():
    secret = b"12345678901234567890"  # RFC 6238, appendix B, shortened to six digits
    from datetime import UTC, datetime

    assert totp.code_at(secret, datetime.fromtimestamp(59, UTC)) == "287082"
    assert totp.code_at(secret, datetime.fromtimestamp(1111111109, UTC)) == "081804"
    assert totp.code_at(secret, datetime.fromtimestamp(20000000000, UTC)) == "353130"


def test_a_recovery_code_serves_once_and_only_its_owner(officer, at):
    other = a_member_of_staff(at, Post.RECORDS_HEAD)
    secret = totp.new_secret()
    codes = commands.set_up_totp(secret=secret, code=totp.code_at(secret, at), by=me(officer, at), at=at).value
    assert second_factor.accept_code(other, codes[0], at) == ""
    assert second_factor.accept_code(officer, codes[0].lower().replace("-", " "), at) == FactorKind.RECOVERY
    assert second_factor.accept_code(officer, codes[0], at) == ""
    assert second_factor.codes_left(officer) == 9


def test_new_recovery_codes_end_the_old_ones(officer, at):
    secret = with_totp(officer, at)
    old = RecoveryCode.objects.count()
    proof = proof_of(officer, at, secret)
    codes = commands.renew_recovery_codes(proof_id=proof, by=me(officer, at), at=at).value
    assert (old, RecoveryCode.objects.count(), len(codes)) == (10, 10, 10)
    assert second_factor.accept_code(officer, codes[3], at) == FactorKind.RECOVERY


def test_a_further_factor_needs_a_proof_with_the_first(officer, at):
    secret = with_totp(officer, at)
    with pytest.raises(WrongState, match="proof-missing"):
        commands.add_passkey(key=KEY, name="钥匙", by=me(officer, at), at=at)
    receipt = commands.add_passkey(
        key=KEY, name="钥匙", proof_id=proof_of(officer, at, secret), by=me(officer, at), at=at
    )
    assert receipt.value == []
    with pytest.raises(Conflict):
        commands.set_up_totp(
            secret=secret, code="1", proof_id=Proof.objects.create(
                account=officer, purpose=FACTORS, made_at=at
            ).pk, by=me(officer, at), at=at,
        )  # fmt: skip


def test_a_proof_for_a_signature_does_not_change_factors(officer, at):
    secret = with_totp(officer, at)
    proof = proof_of(officer, at, secret, purpose="approvals.sign")
    with pytest.raises(WrongState, match="proof-not-fresh"):
        commands.remove_totp(proof_id=proof, by=me(officer, at), at=at)


def test_the_last_factor_stays_where_the_post_needs_one(officer, at):
    secret = with_totp(officer, at)
    proof = proof_of(officer, at, secret)
    with pytest.raises(WrongState, match="last-factor") as refused:
        commands.remove_totp(proof_id=proof, by=me(officer, at), at=at)
    assert refused.value.clause == "EA-47"
    commands.add_passkey(key=KEY, name="钥匙", proof_id=proof, by=me(officer, at), at=at)
    later = at + timedelta(minutes=1)
    commands.remove_totp(proof_id=proof_of(officer, later, secret), by=me(officer, later), at=later)
    again = Proof.objects.create(account=officer, purpose=FACTORS, made_at=later).pk
    with pytest.raises(WrongState, match="last-factor"):
        commands.remove_passkey(passkey_id=Passkey.objects.get().pk, proof_id=again, by=me(officer, later), at=later)


def test_a_clerk_may_go_back_to_no_factor(at):
    clerk = a_member_of_staff(at, Post.COUNTY_CLERK)
    secret = with_totp(clerk, at)
    commands.remove_totp(proof_id=proof_of(clerk, at, secret), by=me(clerk, at), at=at)
    assert second_factor.factors_of(clerk) == []


def test_nobody_removes_the_passkey_of_another(officer, at):
    other = a_member_of_staff(at, Post.COUNTY_CLERK)
    commands.add_passkey(key=KEY, name="钥匙", by=me(officer, at), at=at)
    proof = reauthenticate(account_id=other.pk, secret=PASSWORD, purpose=FACTORS, at=at)
    with pytest.raises(NotFound):
        commands.remove_passkey(passkey_id=Passkey.objects.get().pk, proof_id=proof, by=me(other, at), at=at)
    with pytest.raises(Conflict, match="passkey-known"):
        commands.add_passkey(key=KEY, name="同一把", by=me(other, at), at=at)
    commands.add_passkey(key=OTHER_KEY, name="另一把", by=me(other, at), at=at)


@pytest.mark.parametrize(
    ("post", "needed"),
    [
        (Post.SCORE_OFFICER, True),
        (Post.PAPERS_OFFICER, True),
        (Post.KEY_CLERK, True),
        (Post.MARKER, True),
        (Post.SYSTEM_ADMIN, True),
        (Post.SECURITY_ADMIN, True),
        (Post.AUDITOR, True),
        (Post.COUNTY_CLERK, False),
        (Post.INVIGILATOR, False),
    ],
)
def test_posts_that_touch_scores_papers_or_keys_need_a_factor(post, needed, at):
    assert second_factor.is_required(a_member_of_staff(at, post), at) == needed


def test_a_person_with_two_posts_needs_a_factor_when_one_of_them_does(at):
    account = a_member_of_staff(at, Post.COUNTY_CLERK)
    assert not second_factor.is_required(account, at)
    appointed(account, Post.MARKER, "32", at)
    assert second_factor.is_required(account, at)


def test_reauthentication_asks_who_has_a_factor_for_both(officer, at):
    assert reauthenticate(account_id=officer.pk, secret=PASSWORD, at=at)
    secret = with_totp(officer, at)
    with pytest.raises(BadInput) as refused:
        reauthenticate(account_id=officer.pk, secret=PASSWORD, at=at)
    assert set(refused.value.field_errors) == {"code"}
    code = totp.code_at(secret, at)
    assert reauthenticate(account_id=officer.pk, secret=PASSWORD, code=code, at=at)
    with pytest.raises(BadInput):
        reauthenticate(account_id=officer.pk, secret=PASSWORD, code=code, at=at)


def test_failed_reauthentication_has_to_wait_and_a_signer_next_door_does_not(officer, at):
    other = a_member_of_staff(at, Post.RECORDS_HEAD)
    for _ in range(5):
        with pytest.raises(BadInput, match="wrong-secret"):
            reauthenticate(account_id=officer.pk, secret="wrong", at=at)
    with pytest.raises(BadInput, match="too-many-tries"):
        reauthenticate(account_id=officer.pk, secret=PASSWORD, at=at)
    assert reauthenticate(account_id=other.pk, secret=PASSWORD, at=at)
    assert reauthenticate(account_id=officer.pk, secret=PASSWORD, at=at + timedelta(seconds=61))


@pytest.fixture
def security(at):
    return me(a_member_of_staff(at, Post.SECURITY_ADMIN, "32"), at)


def asked(account, by, at):
    return commands.ask_factor_reset(account_id=account.pk, reason=ResetReason.LOST, by=by, at=at).value


@pytest.mark.parametrize("post", [Post.SYSTEM_ADMIN, Post.AUDITOR])
def test_two_administrators_take_lost_factors_away(post, officer, security, at):
    with_totp(officer, at)
    reset = asked(officer, security, at)
    assert second_factor.factors_of(officer)
    second = me(a_member_of_staff(at, post, "32"), at)
    commands.confirm_factor_reset(reset_id=reset.pk, by=second, at=at)
    assert second_factor.factors_of(officer) == []
    assert not RecoveryCode.objects.filter(account=officer).exists()
    assert second_factor.is_required(officer, at)
    assert Line.objects.filter(command__startswith="access.factor-reset").count() == 2


def test_nobody_resets_their_own_factors_or_confirms_their_own_request(officer, security, at):
    from zikao.foundation.access.models import Account

    mine = Account.objects.get(pk=security.account_id)
    with_totp(mine, at)
    with_totp(officer, at)
    with pytest.raises(NotPermitted, match="own-account"):
        asked(mine, security, at)
    reset = asked(officer, security, at)
    with pytest.raises(NotPermitted, match="own-request"):
        commands.confirm_factor_reset(reset_id=reset.pk, by=security, at=at)
    watcher = me(a_member_of_staff(at, Post.SECURITY_ADMIN, "3201"), at)
    assert watcher.agency_code == "3201"
    with pytest.raises(NotFound):
        commands.confirm_factor_reset(reset_id=reset.pk, by=watcher, at=at)


def test_an_administrator_whose_factor_is_to_be_reset_does_not_confirm_it(security, at):
    account = a_member_of_staff(at, Post.AUDITOR, "32")
    with_totp(account, at)
    reset = asked(account, security, at)
    with pytest.raises(NotPermitted, match="own-account"):
        commands.confirm_factor_reset(reset_id=reset.pk, by=me(account, at), at=at)


def test_a_request_is_decided_once_in_time_and_stands_alone(officer, security, at):
    with_totp(officer, at)
    reset = asked(officer, security, at)
    second = me(a_member_of_staff(at, Post.SYSTEM_ADMIN, "32"), at)
    with pytest.raises(Conflict):
        asked(officer, security, at)
    week = at + timedelta(days=7)
    with pytest.raises(WrongState, match="reset-too-old"):
        commands.confirm_factor_reset(reset_id=reset.pk, by=second, at=week)
    commands.refuse_factor_reset(reset_id=reset.pk, by=second, at=week)
    with pytest.raises(WrongState, match="reset-decided"):
        commands.confirm_factor_reset(reset_id=reset.pk, by=second, at=week)
    assert second_factor.factors_of(officer)
    assert FactorReset.objects.get().state == ResetState.REFUSED


def test_there_is_nothing_to_reset_where_nothing_is_set_up(security, at):
    with pytest.raises(WrongState, match="no-factor"):
        asked(an_account(at, "li.si", "3201"), security, at)


@pytest.mark.parametrize("who", ["person", "asker"])
def test_the_database_refuses_a_reset_by_one_person_alone(who, officer, security, at):
    with_totp(officer, at)
    reset = asked(officer, security, at)
    alone = officer.pk if who == "person" else security.account_id
    rows = FactorReset.objects.filter(pk=reset.pk)
    with pytest.raises(IntegrityError, match="factor_reset_by_two"), transaction.atomic():
        rows.update(state=ResetState.DONE, decided_by=alone, decided_at=at)


def test_the_secret_is_in_the_register_of_sealed_columns_and_rotates_with_its_place(officer, at):
    from zikao.foundation.secrecy import sealed_fields

    field = next(each for each in sealed_fields() if each.name == "access.totpdevice.secret_sealed")
    secret = with_totp(officer, at)
    assert field.content(TotpDevice.objects.get()) == secret
