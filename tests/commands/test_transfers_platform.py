"""A candidate moves between two provinces over the platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.factories import transfers as make
from tests.factories.agencies import a_county
from tests.factories.archive import filed
from tests.factories.candidates import a_candidate, an_applicant
from tests.factories.collecting import hands_in
from tests.factories.nodes import CENTRE, HERE, THERE, Nodes
from tests.factories.results import a_row
from zikao.foundation.actors import node_actor
from zikao.foundation.errors import BadInput, Conflict, Refused
from zikao.national.models import TransferFile
from zikao.stages.candidates.models import Candidate
from zikao.stages.records.models import Record
from zikao.stages.results import commands as results
from zikao.stages.results.models import Score
from zikao.stages.transfers import commands
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import TransferState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rows_of_any_node")]
CLERK = make.CLERK
ELSEWHERE = replace(CLERK, agency_code="33")
SEPTEMBER = make.SEPTEMBER


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


@pytest.fixture
def nodes(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    return Nodes(tmp_path, at, monkeypatch)


@pytest.fixture(autouse=True)
def no_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here several nodes share one database but not their keys; backups have their own tests."""
    from zikao.stages.results.commands import filing

    monkeypatch.setattr(filing.backups, "take", lambda *given: filing.backups.ArchiveBackup(pk=0))


def leaving_for(nodes: Nodes, at: datetime, passed_there: bool = True) -> tuple[Transfer, Candidate]:
    """The same person registered in both provinces; the transfer out of 32 uploaded."""
    person = an_applicant(at)
    with nodes.at(HERE):
        here = a_candidate(at, applicant=person)
    with nodes.at(THERE):
        a_county(at, "330203")
        there = a_candidate(at, "330203", applicant=person)
        if passed_there:
            row = a_row(there, "00538")
            head = replace(make.HEAD, agency_code="33")
            hands_in(at, head)
            taken = results.take_over_scores(rows=[row], source="原考籍系统", evidence="e" * 64, by=head, at=at)
            filed(taken.value, at)
    with nodes.at(HERE):
        applied = make.an_application(at, here, destination_admission_number=there.admission_number)
        commands.confirm_leaving(transfer_id=applied.pk, by=CLERK, at=at, **make.CONFIRMED)
        return commands.upload_file(transfer_id=applied.pk, by=CLERK, at=SEPTEMBER).value, there


def test_candidate_moves_over_the_platform_and_leaves_the_origin_only_at_the_end(nodes: Nodes, at: datetime) -> None:
    leaving, there = leaving_for(nodes, at)
    assert nodes.deliver(HERE, SEPTEMBER) == 1
    platform = TransferFile.objects.get()
    assert (platform.state, platform.origin, platform.destination) == ("uploaded", "32", "33")
    assert nodes.deliver(CENTRE, SEPTEMBER) == 1
    arrived = Transfer.objects.get(direction="in")
    assert (arrived.candidate, arrived.state, arrived.file_digest) == (there, "received", platform.digest)
    with nodes.at(THERE):
        commands.review_file(transfer_id=arrived.pk, by=ELSEWHERE, at=SEPTEMBER)
        signed = commands.complete_transfer(transfer_id=arrived.pk, by=ELSEWHERE, at=SEPTEMBER, **make.CONFIRMED)
        make.completed(signed.value, SEPTEMBER)
    assert Record.objects.get(candidate=leaving.candidate).state == "held"
    assert nodes.deliver(THERE, SEPTEMBER) == 1
    assert nodes.deliver(CENTRE, SEPTEMBER) == 1
    leaving.refresh_from_db()
    platform.refresh_from_db()
    assert (leaving.state, platform.state) == ("completed", "completed")
    assert Record.objects.get(candidate=leaving.candidate).state == "transferred"
    assert Record.objects.get(candidate=there).state == "held"
    moved = Score.objects.filter(candidate=there, how="transfer")
    assert set(moved.values_list("course__code", flat=True)) == {"00037", "15040"}


def test_refusal_reaches_the_origin_with_its_rule(nodes: Nodes, at: datetime) -> None:
    leaving, _ = leaving_for(nodes, at)
    nodes.deliver(HERE, SEPTEMBER)
    nodes.deliver(CENTRE, SEPTEMBER)
    arrived = Transfer.objects.get(direction="in")
    with nodes.at(THERE):
        commands.refuse_file(
            transfer_id=arrived.pk, code="SR-A2.4.4", reason="未按期到场确认", by=ELSEWHERE, at=SEPTEMBER
        )
    nodes.deliver(THERE, SEPTEMBER)
    nodes.deliver(CENTRE, SEPTEMBER)
    leaving.refresh_from_db()
    told = (leaving.state, leaving.refusal_code, leaving.refusal_reason)
    assert told == ("refused", "SR-A2.4.4", "未按期到场确认")
    assert Record.objects.get(candidate=leaving.candidate).state == "held"


def test_file_refused_as_it_arrives_tells_the_origin_which_rule(nodes: Nodes, at: datetime) -> None:
    leaving, _ = leaving_for(nodes, at, passed_there=False)
    nodes.deliver(HERE, SEPTEMBER)
    nodes.deliver(CENTRE, SEPTEMBER)
    assert not Transfer.objects.filter(direction="in").exists()
    assert TransferFile.objects.get().state == "refused"
    nodes.deliver(CENTRE, SEPTEMBER)
    leaving.refresh_from_db()
    assert (leaving.state, leaving.refusal_code) == ("refused", "SR-A2.3.2")
    assert "合格 0 门" in leaving.refusal_reason


def test_platform_takes_no_file_of_another_province_or_with_another_digest(nodes: Nodes, at: datetime) -> None:
    from zikao.national.commands import receive_transfer_file

    with nodes.at(CENTRE):
        file = make.a_file(a_candidate(at), "00037")
        for origin, digest in (("34", make.digest_of(file)), ("33", "0" * 64)):
            with pytest.raises(BadInput):
                receive_transfer_file(file=file, digest=digest, origin=origin, by=node_actor(), at=at)
        receive_transfer_file(file=file, digest=make.digest_of(file), origin="33", by=node_actor(), at=at)
        with pytest.raises(Conflict):
            receive_transfer_file(file=file, digest=make.digest_of(file), origin="33", by=node_actor(), at=at)
    sealed = bytes(TransferFile.objects.get().file_sealed)
    assert file.id_number.encode() not in sealed
    assert file.name.encode() not in sealed


def test_every_state_of_a_transfer_is_named_in_the_candidates_words() -> None:
    from zikao.stages.transfers.views.own import TOLD

    out = {"applied", "confirmed", "uploaded", "completed", "refused", "withdrawn"}
    arriving = {"received", "reviewed", "signed", "completed", "refused"}
    assert set(TOLD) == {("out", state) for state in out} | {("in", state) for state in arriving}
    assert out | arriving == set(TransferState.values)
