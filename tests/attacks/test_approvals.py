"""Attacks on approvals, past the commands: as the application's role, as the owner, as a superuser.

Each attack starts from a row that the database would accept, and changes one thing.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories.accounts import appointed
from tests.factories.approvals import DIGEST, proof_of, proposal, sign, sign_all, signer_of, someone
from tests.foundation.test_ledger import committed
from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.models.accounts import Proof
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals import commands
from zikao.foundation.approvals.models import Approval, Delegation, Signature, Step
from zikao.foundation.approvals.progress import progress_of
from zikao.foundation.clock import local_day

pytestmark = pytest.mark.django_db


def refused(match: str) -> Any:
    return pytest.raises(DatabaseError, match=match)


def row(approval: Approval, number: int, by: Actor, at: datetime, **changes: Any) -> Signature:
    """A signature as the command would write it, with its proof used, but written by hand."""
    step = approval.steps.get(number=number)
    proof = proof_of(by, at)
    Proof.objects.filter(pk=proof).update(used_at=at, used_for=f"approvals.approval:{approval.pk}")
    given: dict[str, Any] = {
        "approval": approval,
        "step": step,
        "account_id": by.account_id,
        "appointment_id": by.appointment_id,
        "name": by.name,
        "post": by.post.value,
        "agency_code": by.agency_code,
        "verdict": "agreed",
        "digest": bytes(approval.digest),
        "seal": step.seal,
        "proof_id": proof,
        "signed_at": at,
    }
    return Signature(**{**given, **changes})


def write(signature: Signature) -> None:
    with transaction.atomic():
        signature.save(force_insert=True)


def in_another_post(actor: Actor, post: Post, at: datetime) -> Actor:
    """The same person, appointed to a second post."""
    second = appointed(Account.objects.get(pk=actor.account_id), post, "32", at)
    return Actor(actor.name, post, "32", actor.account_id, second.pk)


@pytest.fixture
def records_head(at):
    return someone(Post.RECORDS_HEAD, "32", at)


@pytest.fixture
def province_head(at):
    return someone(Post.PROVINCE_HEAD, "32", at)


def test_an_honest_row_is_accepted(at, records_head):
    """The row that every attack here starts from passes the signature trigger; each test changes one thing."""
    write(row(proposal(at), 1, records_head, at))
    assert Signature.objects.count() == 1


def test_a_second_signature_of_one_person_in_another_post_is_refused(at, records_head):
    """The signature trigger counts persons, not posts: a second appointment gives no second signature."""
    approval = sign(proposal(at), records_head, at)
    with refused("signed already"):
        write(row(approval, 2, in_another_post(records_head, Post.PROVINCE_HEAD, at), at))


def test_a_second_signature_is_refused_by_a_constraint_even_without_the_trigger(at, records_head, owner_connection):
    """Unique constraints on signer and person represented stand in the catalogue beside the trigger."""
    names = {
        name
        for (name,) in owner_connection.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'approvals_signature'::regclass AND contype = 'u'"
        )
    }
    assert {"approval_signed_once", "approval_represented_once"} <= names


def test_the_proposer_does_not_sign_from_another_post(at):
    """The signature trigger refuses the proposer's own account, in whatever post it signs."""
    clerk = someone(Post.RECORDS_CLERK, "32", at)
    approval = proposal(at, by=clerk)
    with refused("who proposed does not sign"):
        write(row(approval, 1, in_another_post(clerk, Post.RECORDS_HEAD, at), at))


def test_a_later_step_is_not_signed_before_an_earlier(at, province_head):
    """The signature trigger refuses the second step's rightful signer while the first step is unsigned."""
    with refused("out of order"):
        write(row(proposal(at), 2, province_head, at))


def test_a_full_step_takes_no_further_signature(at, records_head):
    """The signature trigger refuses a second rightful signer once the step has the signatures it asks for."""
    approval = sign(proposal(at), records_head, at)
    other = someone(Post.RECORDS_HEAD, "32", at, without=[records_head.account_id or 0])
    with refused("the step is full"):
        write(row(approval, 1, other, at))


def test_a_post_that_the_step_does_not_name_is_refused(at):
    """The signature trigger refuses a score officer at a step that names the head of records."""
    with refused("not a signer of this step"):
        write(row(proposal(at), 1, someone(Post.SCORE_OFFICER, "32", at), at))


def test_a_post_claimed_without_the_appointment_is_refused(at):
    """The signature trigger compares the post written in the row with the signer's appointment."""
    officer = someone(Post.SCORE_OFFICER, "32", at)
    with refused("not appointed"):
        write(row(proposal(at), 1, officer, at, post="records-head"))


def test_anothers_appointment_is_no_use(at, records_head):
    """The signature trigger refuses an officer's account together with the head's appointment."""
    officer = someone(Post.SCORE_OFFICER, "32", at)
    with refused("not appointed"):
        write(row(proposal(at), 1, officer, at, post="records-head", appointment_id=records_head.appointment_id))


def test_an_ended_appointment_signs_no_more(at, records_head):
    """The signature trigger refuses an appointment whose end is the day of signing."""
    approval = proposal(at)
    Appointment.objects.filter(pk=records_head.appointment_id).update(until_on=local_day(at))
    with refused("not appointed"):
        write(row(approval, 1, records_head, at))


@pytest.mark.parametrize("end", ["approved", "withdrawn"])
def test_a_closed_approval_takes_no_signature(at, end, records_head):
    """The signature trigger refuses a further signature on an approval that was approved or withdrawn."""
    clerk = someone(Post.RECORDS_CLERK, "32", at)
    approval = proposal(at, by=clerk)
    if end == "approved":
        sign_all(approval, at)
    else:
        commands.withdraw_approval(approval_id=approval.pk, reason="写错", by=clerk, at=at)
    late = at + timedelta(hours=1)
    other = someone(Post.RECORDS_HEAD, "32", late, without=[s.account_id for s in approval.signatures.all()])
    with refused("closed"):
        write(row(approval, 1, other, late))


def test_an_expired_approval_takes_no_signature(at, records_head):
    """The signature trigger refuses a signature at the very instant when the approval expires."""
    approval = proposal(at)
    with refused("out of time"):
        write(row(approval, 1, records_head, approval.expires_at))


def test_a_signature_dated_back_is_refused_by_the_servers_own_clock(at, records_head):
    """The trigger asks the server's clock: a signing time within the term does not help after its end."""
    approval = proposal(at)
    short = Approval(
        chain=approval.chain, chain_since_on=approval.chain_since_on, subject="results.correction:99", title="短",
        reason="短", digest=DIGEST, agency_code="32", proposed_by_id=approval.proposed_by_id,
        proposed_as=approval.proposed_as, proposed_at=at, expires_at=at + timedelta(milliseconds=200),
    )  # fmt: skip
    short.save(force_insert=True)
    Step.objects.create(approval=short, order=1, number=1, name="审核", clause="SR-A1.8", signers=["records-head@32"])
    time.sleep(0.25)
    with refused("out of time"):
        write(row(short, 1, records_head, at))


def test_a_signature_over_another_digest_is_refused(at, records_head):
    """The signature trigger refuses a signature over any digest but the approval's own."""
    with refused("another digest"):
        write(row(proposal(at), 1, records_head, at, digest=bytes(32)))


def test_a_step_of_another_approval_is_refused(at, records_head):
    """The signature trigger refuses a row that pairs one approval with a step of another."""
    one, other = proposal(at), proposal(at, subject="results.correction:13")
    with refused("a step of another approval"):
        write(row(one, 1, records_head, at, step=other.steps.get(number=1)))


@pytest.mark.parametrize(
    "forged",
    [
        {"account_id": None},
        {"purpose": "something.else"},
        {"used_for": "approvals.approval:0"},
    ],
)
def test_a_proof_of_another_person_purpose_or_matter_is_refused(at, records_head, province_head, forged):
    """The trigger takes only a proof made by the signer, for signing, and used up for this very approval."""
    approval = proposal(at)
    given = {"account_id": records_head.account_id, "purpose": "approvals.sign", "made_at": at}
    used_for = forged.pop("used_for", f"approvals.approval:{approval.pk}")
    if "account_id" in forged:
        forged = {"account_id": province_head.account_id}
    proof = Proof.objects.create(**{**given, **forged})
    Proof.objects.filter(pk=proof.pk).update(used_at=at, used_for=used_for)
    with refused("no proof of who signs"):
        write(row(approval, 1, records_head, at, proof_id=proof.pk))


def test_a_proof_that_was_not_used_up_is_refused(at, records_head):
    """The signature trigger refuses a fresh proof: it must have been used up for this approval before."""
    with refused("no proof of who signs"):
        write(row(proposal(at), 1, records_head, at, proof_id=proof_of(records_head, at)))


def test_a_used_proof_is_not_made_fresh_again(at, records_head):
    """A database trigger lets no used proof be marked unused or turned to another approval."""
    approval = sign(proposal(at), records_head, at)
    proof = approval.signatures.get().proof_id
    with refused("a proof is used once"), transaction.atomic():
        Proof.objects.filter(pk=proof).update(used_at=None, used_for="")
    with refused("a proof is used once"), transaction.atomic():
        Proof.objects.filter(pk=proof).update(used_for="approvals.approval:2")


@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
@pytest.mark.parametrize("table", ["approvals_signature", "approvals_step"])
def test_the_application_neither_edits_nor_deletes_signatures_and_steps(at, records_head, table, statement):
    """The application's role holds no right to update, delete or truncate signatures and steps."""
    sign(proposal(at), records_head, at)
    with refused("permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, "id"))


@pytest.mark.parametrize(
    "change",
    [
        {"digest": bytes(32)},
        {"title": "另一件事"},
        {"subject": "results.correction:77"},
        {"proposed_by_id": None, "proposed_as": "node"},
        {"expires_at": datetime.fromisoformat("2036-01-01T00:00:00+08:00")},
        {"evidence": []},
        {"case": {"crosses_pass": False}, "shown": {"原成绩": "0"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_proposed_is_not_edited(at, change):
    """The approval trigger refuses any change of digest, title, subject, proposer, expiry, evidence or case."""
    approval = proposal(at)
    with refused("what was proposed is not edited"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**change)


def test_an_approval_is_not_called_whole_while_a_signature_is_missing(at, records_head):
    """The approval trigger counts the signatures itself and refuses the state approved while one is missing."""
    approval = sign(proposal(at), records_head, at)
    with refused("steps are not signed"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(state="approved", closed_at=at)


def test_an_approval_does_not_begin_approved(at):
    """The approval trigger refuses to insert an approval that is approved from its first moment."""
    approval = proposal(at)
    approval.pk, approval.state, approval.closed_at = None, "approved", at
    with refused("begins open"), transaction.atomic():
        approval.save(force_insert=True)


def test_a_refusal_that_nobody_signed_is_refused(at):
    """The approval trigger refuses the state refused without a signature that says so."""
    with refused("nobody has refused"), transaction.atomic():
        Approval.objects.filter(pk=proposal(at).pk).update(state="refused", closed_at=at)


def test_a_closed_approval_is_not_opened_again(at):
    """The approval trigger refuses to reopen a closed approval, to restate its end and to edit the reason."""
    approval = sign_all(proposal(at), at)
    for change in ({"state": "open", "closed_at": None}, {"state": "withdrawn"}, {"closing_reason": "改"}):
        with refused("stays as it is"), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(**change)


def test_an_approval_is_not_deleted(at):
    """The approval trigger refuses the application's role the deletion even of an open approval."""
    approval = proposal(at)
    with refused("DELETE is refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM approvals_approval WHERE id = %s", [approval.pk])


@committed
def test_a_step_is_not_added_to_an_approval_afterwards(at):
    """The step trigger refuses a step that is written in a later transaction than its approval."""
    approval = proposal(at)
    with refused("steps are written with their approval"):
        Step.objects.create(
            approval=approval, order=0, number=9, name="便门", clause="SR-A1.8", signers=["marker@32"], how_many=1
        )


def test_a_step_is_not_added_once_somebody_has_signed(at, records_head):
    """The step trigger refuses a new step in the approval's own transaction, too, once a signature stands."""
    approval = sign(proposal(at), records_head, at)
    with refused("steps are written with their approval"), transaction.atomic():
        Step.objects.create(approval=approval, order=0, number=9, name="便门", clause="SR-A1.8", signers=["marker@32"])


def test_a_seal_is_neither_left_out_nor_invented(at, records_head):
    """The signature trigger refuses a seal where the step has none, and its absence or another where it has one."""
    with refused("another seal"):
        write(row(proposal(at), 1, records_head, at, seal="分数复核变更章"))
    approval = proposal(at, subject="results.correction:13", case={"crosses_pass": True})
    while (turn := next(each for each in progress_of(approval) if each.is_turn)).step.seal == "":
        approval = sign(approval, signer_of(approval, turn, at), at)
    assert turn.step.seal == "分数复核变更章"
    head = signer_of(approval, turn, at)
    for other in ("", "公章"):
        with refused("another seal"):
            write(row(approval, turn.step.number, head, at, seal=other))
    write(row(approval, turn.step.number, head, at))


def test_two_of_one_post_do_not_fill_a_step_of_two_posts(at):
    """Where a step asks for several posts, the trigger refuses a second signature from one post."""
    clerk = someone(Post.PAPERS_OFFICER, "32", at)
    approval = proposal(at, chain="destruction", subject="retention.destruction:1", case={}, by=clerk)
    first = someone(Post.RECORDS_HEAD, "32", at)
    approval = sign(approval, first, at)
    other = someone(Post.RECORDS_HEAD, "32", at, without=[first.account_id or 0])
    with refused("the post has signed this step"):
        write(row(approval, 1, other, at))


def delegation(at: datetime, principal: Actor, delegate: Actor, chain: str = "decision-correction") -> Delegation:
    today = local_day(at)
    return Delegation.objects.create(
        principal_id=principal.appointment_id, delegate_id=delegate.account_id, chain=chain, agency_code="32",
        since_on=today, until_on=today + timedelta(days=7), reason="外出", delegated_at=at,
    )  # fmt: skip


def test_a_delegate_does_not_sign_where_the_step_is_ones_own(at, records_head):
    """The signature trigger refuses a delegation for a chain whose step must be signed in person."""
    stranger = someone(Post.PROVINCE_CLERK, "32", at)
    made = delegation(at, records_head, stranger, chain="score-correction")
    signature = row(
        proposal(at), 1, stranger, at, post="records-head", delegation=made, on_behalf_of_id=records_head.account_id
    )
    with refused("no such delegation"):
        write(signature)


def test_a_delegate_and_the_person_represented_do_not_sign_both(at, records_head):
    """Once a delegate has signed for somebody, the trigger refuses that person's signature at a later step."""
    stranger = someone(Post.PROVINCE_CLERK, "32", at)
    made = delegation(at, records_head, stranger)
    approval = proposal(at, chain="decision-correction", subject="records.record:1", case={})
    write(row(approval, 1, stranger, at, post="records-head", delegation=made, on_behalf_of_id=records_head.account_id))
    with refused("signed already"):
        write(row(approval, 2, in_another_post(records_head, Post.PROVINCE_HEAD, at), at))


def test_a_delegation_is_neither_prolonged_nor_handed_to_another(at, records_head):
    """The delegation trigger refuses a later end and another delegate: only an earlier end is taken."""
    made = delegation(at, records_head, someone(Post.PROVINCE_CLERK, "32", at))
    for change in ({"until_on": made.until_on + timedelta(days=1)}, {"delegate_id": records_head.account_id}):
        with refused("only ended earlier"), transaction.atomic():
            Delegation.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize("name", ["approvals_approval", "approvals_step", "approvals_signature", "access_proof"])
def test_a_temporary_table_in_front_of_the_real_one_does_not_mislead_the_guard(at, province_head, name):
    """The signature trigger reads the real tables although a temporary one of the same name is in front."""
    approval = proposal(at)
    signature = row(approval, 2, province_head, at)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING DEFAULTS) ON COMMIT DROP")
        with refused("out of order"), transaction.atomic():
            cursor.execute(
                "INSERT INTO public.approvals_signature (approval_id, step_id, account_id, appointment_id, name, post,"
                " agency_code, verdict, comment, digest, seal, proof_id, signed_at)"
                " VALUES (%s, %s, %s, %s, 'x', %s, '32', 'agreed', '', %s, '', %s, %s)",
                [approval.pk, signature.step_id, province_head.account_id, province_head.appointment_id,
                 "province-head", DIGEST, signature.proof_id, at],
            )  # fmt: skip


def test_the_application_cannot_switch_triggers_off(at):
    """The application's role may neither become a replica nor disable the triggers of the signatures."""
    with refused("permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    with refused("must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE approvals_signature DISABLE TRIGGER ALL")


@committed
def test_the_owner_and_replication_are_refused_too(at, owner_connection, test_node):
    """Triggers refuse the owner to delete signatures or edit a title, and a superuser in replica mode, too."""
    approval = sign_all(proposal(at), at)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute("DELETE FROM approvals_signature")
    owner_connection.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner_connection.execute("UPDATE approvals_approval SET title = 'x' WHERE id = %s", [approval.pk])
    with psycopg.connect(test_node.cluster.superuser_url(connection.settings_dict["NAME"])) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            superuser.execute("UPDATE approvals_approval SET digest = digest, title = 'x'")
