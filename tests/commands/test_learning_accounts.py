"""Learning accounts and suspensions over the exchange: three nodes, messages late, twice, with the centre away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.factories.actors import head
from tests.factories.approvals import sign_all, someone
from tests.factories.candidates import a_candidate, an_applicant
from tests.factories.nodes import CENTRE, HERE, THERE, Nodes
from tests.factories.queue import answered, in_queue
from zikao.foundation import crypto
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.approvals.models import Approval
from zikao.foundation.errors import BadInput, Conflict, Refused
from zikao.foundation.exchange.models import Inbox, Outbox
from zikao.foundation.regulation import dated, parameter
from zikao.national import commands as national
from zikao.national.models import GatheredFrom, LearningAccount, LinkedNumber, NationalSuspension
from zikao.national.queries.accounts import account_of_person, counts_by_province
from zikao.national.rules import LEARNING_NUMBER
from zikao.stages.candidates import commands, queries
from zikao.stages.candidates.models import Candidate, GatheredBatch, IntegrityEntry
from zikao.stages.candidates.states import AccountState, Applicant, QueueState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rows_of_any_node")]
DATES = {"since_on": date(2026, 8, 1), "until_on": date(2027, 8, 1)}


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    return Nodes(tmp_path, at, monkeypatch)


def registered(nodes: Nodes, node: str, person: Applicant, at: datetime) -> Candidate:
    with nodes.at(node):
        candidate = a_candidate(at, applicant=person)
    Candidate.objects.filter(pk=candidate.pk).update(agency_code=f"{node[-2:]}0102")
    return candidate


def report(nodes: Nodes, node: str, at: datetime) -> GatheredBatch | None:
    """Only this node's own candidates: all stand in one table here."""
    others = Candidate.objects.exclude(agency_code__startswith=node[-2:])
    held = list(others.filter(account_state="awaiting").values_list("pk", flat=True))
    Candidate.objects.filter(pk__in=held).update(account_state="asked")
    with nodes.at(node):
        batch = commands.report_registrations(by=node_actor(node[-2:]), at=at).value
    Candidate.objects.filter(pk__in=held).update(account_state="awaiting")
    return batch


def flow(nodes: Nodes, at: datetime, rounds: int = 3) -> None:
    for number in range(rounds):
        moment = at + timedelta(hours=2 * number + 1)
        for node in (HERE, THERE, CENTRE):
            deliver_own(nodes, node, moment)


def deliver_own(nodes: Nodes, node: str, at: datetime) -> None:
    """All nodes share one outbox here: what others signed waits meanwhile."""
    with nodes.at(node):
        others = Outbox.objects.exclude(signed_with=crypto.signing_key_id()).filter(state="pending")
        held = list(others.values_list("pk", "next_attempt_at"))
    Outbox.objects.filter(pk__in=[pk for pk, _ in held]).update(next_attempt_at=at + timedelta(days=999))
    nodes.deliver(node, at)
    for pk, due in held:
        Outbox.objects.filter(pk=pk).update(next_attempt_at=due)


def test_one_person_in_two_provinces_has_one_account(nodes: Nodes, at: datetime) -> None:
    person = an_applicant(at)
    here = registered(nodes, HERE, person, at)
    there = registered(nodes, THERE, person, at)
    assert here.account_state == AccountState.AWAITING
    report(nodes, HERE, at)
    flow(nodes, at)
    report(nodes, THERE, at)
    flow(nodes, at + timedelta(days=1))
    here.refresh_from_db()
    there.refresh_from_db()
    account = LearningAccount.objects.get()
    assert account.number == "82026000000014"
    assert (here.learning_number, there.learning_number) == (account.number, account.number)
    assert (here.elsewhere, there.elsewhere) == ("33", "32")
    assert here.account_state == AccountState.LINKED
    with nodes.at(CENTRE):
        assert account_of_person(person.id_number) == account
        counts = {each.province: (each.sent, each.linked) for each in counts_by_province()}
    assert counts == {"32": (1, 1), "33": (1, 1)}
    carried = [bytes(row.body_sealed) for row in (*Outbox.objects.all(), *Inbox.objects.all())]
    assert all(person.id_number.encode() not in each for each in carried)


def test_registering_goes_on_while_the_centre_is_away(
    nodes: Nodes, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    from zikao.foundation.exchange import outbox

    reachable = outbox.post

    def away(url: str, package: bytes) -> bytes:
        raise httpx.ConnectError("no route")

    monkeypatch.setattr(outbox, "post", away)
    candidate = registered(nodes, HERE, an_applicant(at), at)
    batch = report(nodes, HERE, at)
    flow(nodes, at)
    candidate.refresh_from_db()
    assert (candidate.account_state, candidate.learning_number) == (AccountState.ASKED, "")
    monkeypatch.setattr(outbox, "post", reachable)
    flow(nodes, at + timedelta(days=1))
    candidate.refresh_from_db()
    assert candidate.account_state == AccountState.LINKED
    assert batch is not None
    batch.refresh_from_db()
    assert (batch.count, batch.taken) == (1, 1)


def test_batch_has_one_effect_however_often_it_comes(nodes: Nodes, at: datetime) -> None:
    registered(nodes, HERE, an_applicant(at), at)
    report(nodes, HERE, at)
    flow(nodes, at)
    Outbox.objects.filter(kind="candidates.base-information").update(
        state="pending", next_attempt_at=at, answered_at=None
    )
    flow(nodes, at + timedelta(days=1))
    assert (LearningAccount.objects.count(), LinkedNumber.objects.count(), GatheredFrom.objects.count()) == (1, 1, 1)
    taken = GatheredFrom.objects.get()
    records = [{"ref": 1, "number": "x", "passes": 2}]
    with nodes.at(CENTRE), pytest.raises(Conflict, match="batch-there"):
        national.gather_passes(province="32", batch=taken.batch, on_record=1, records=records, by=node_actor(), at=at)
    with nodes.at(CENTRE), pytest.raises(BadInput, match="number-not-linked"):
        national.gather_passes(province="32", batch=999, on_record=1, records=records, by=node_actor(), at=at)


def test_changed_passes_are_gathered_once(nodes: Nodes, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from zikao.stages.candidates.commands import gathering

    candidate = registered(nodes, HERE, an_applicant(at), at)
    report(nodes, HERE, at)
    flow(nodes, at)
    monkeypatch.setattr(gathering, "pass_counts", lambda ids: dict.fromkeys(ids, 7))
    for day in (1, 3):
        with nodes.at(HERE):
            commands.report_passes(by=node_actor("32"), at=at + timedelta(days=day))
        flow(nodes, at + timedelta(days=day))
    assert LinkedNumber.objects.get().passes == 7
    assert GatheredFrom.objects.filter(kind="passes").count() == 1
    candidate.refresh_from_db()
    assert candidate.passes_reported == 7


def test_suspension_is_known_to_all_whatever_number_is_used(nodes: Nodes, at: datetime) -> None:
    person = an_applicant(at)
    candidate = registered(nodes, HERE, person, at)
    with nodes.at(THERE):
        commands.impose_suspension(
            id_number=person.id_number, reference="浙教考处〔2026〕9号", by=head("33"), at=at, **DATES
        )
    with nodes.at(HERE):
        assert queries.suspended_until(candidate, date(2026, 9, 1)) is None
    flow(nodes, at)
    with nodes.at(HERE):
        assert queries.suspended_until(candidate, date(2026, 9, 1)) == date(2027, 8, 1)
        assert queries.suspended_until(candidate, date(2027, 8, 1)) is None
    assert "浙教考处〔2026〕9号" in IntegrityEntry.objects.get(candidate=candidate).text
    assert NationalSuspension.objects.get().told == 1
    Outbox.objects.filter(kind__endswith="suspension").update(state="pending", next_attempt_at=at, answered_at=None)
    flow(nodes, at + timedelta(days=1))
    assert IntegrityEntry.objects.count() == 1


def test_suspension_that_comes_late_stops_a_registration_under_way(nodes: Nodes, at: datetime) -> None:
    person = an_applicant(at)
    with nodes.at(HERE):
        queued = in_queue(at, person)
    with nodes.at(THERE):
        commands.impose_suspension(
            id_number=person.id_number, reference="浙教考处〔2026〕10号", by=head("33"), at=at, **DATES
        )
    flow(nodes, at)
    queued.refresh_from_db()
    assert queued.state == QueueState.STOPPED
    with nodes.at(HERE), pytest.raises(Refused, match="suspended"):
        answered(at, person)


def test_lifted_suspension_is_lifted_everywhere(nodes: Nodes, at: datetime) -> None:
    person = an_applicant(at)
    candidate = registered(nodes, HERE, person, at)
    with nodes.at(THERE):
        imposed = commands.impose_suspension(
            id_number=person.id_number, reference="浙教考处〔2026〕11号", by=head("33"), at=at, **DATES
        ).value
    flow(nodes, at)
    with nodes.at(THERE):
        commands.lift_suspension(suspension_id=imposed.pk, reference="浙教复〔2026〕2号", by=head("33"), at=at)
    flow(nodes, at + timedelta(days=1))
    with nodes.at(HERE):
        assert queries.suspended_until(candidate, date(2026, 9, 1)) is None
    assert IntegrityEntry.objects.filter(candidate=candidate).count() == 2


def test_two_documents_are_merged_by_review_and_a_wrong_number_taken_out(nodes: Nodes, at: datetime) -> None:
    card = an_applicant(at)
    permit = an_applicant(at, document_kind="hk-macao-permit", id_number="H12345678")
    here, there = registered(nodes, HERE, card, at), registered(nodes, THERE, permit, at)
    report(nodes, HERE, at)
    report(nodes, THERE, at)
    flow(nodes, at)
    into, gone = LearningAccount.objects.order_by("number")
    by = someone(Post.NATIONAL_REGISTRAR, "", at)
    papers = {"reason": "同一人换领证件", "evidence": b"%PDF-1.7", "evidence_type": "application/pdf"}
    with nodes.at(CENTRE):
        with pytest.raises(Refused, match="account-same"):
            national.propose_merging(number=into.number, other=into.number, by=by, at=at, **papers)
        review = national.propose_merging(number=into.number, other=gone.number, by=by, at=at, **papers).value
        assert LinkedNumber.objects.filter(account=into).count() == 1
        sign_all(Approval.objects.get(pk=review.approval_id), at)
    assert LinkedNumber.objects.filter(account=into).count() == 2
    flow(nodes, at + timedelta(days=1))
    there.refresh_from_db()
    assert (there.learning_number, there.elsewhere) == (into.number, "32")
    with nodes.at(HERE):
        commands.impose_suspension(candidate_id=here.pk, reference="苏教考处〔2026〕12号", by=head(), at=at, **DATES)
    flow(nodes, at + timedelta(days=2))
    with nodes.at(THERE):
        assert queries.suspended_until(there, date(2026, 9, 1)) == date(2027, 8, 1)
    link = LinkedNumber.objects.get(province="33")
    with nodes.at(CENTRE):
        review = national.propose_unlinking(number=into.number, link_id=link.pk, by=by, at=at, **papers).value
        sign_all(Approval.objects.get(pk=review.approval_id), at + timedelta(days=2))
    flow(nodes, at + timedelta(days=3))
    there.refresh_from_db()
    assert there.learning_number not in (into.number, "")
    assert there.elsewhere == ""


def test_centre_replaces_the_numbering_by_a_dated_value() -> None:
    law = parameter("learning-account-number")
    newer = dated.Dated(date(2027, 1, 1), [{"part": "literal", "text": "CN"}, {"part": "serial", "digits": 10}])
    object.__setattr__(law, "values", (*law.values, newer))
    try:
        assert LEARNING_NUMBER(on=date(2026, 12, 31), serial=5) == "82026000000055"
        assert LEARNING_NUMBER(on=date(2027, 1, 1), serial=5) == "CN0000000005"
    finally:
        object.__setattr__(law, "values", law.values[:-1])
