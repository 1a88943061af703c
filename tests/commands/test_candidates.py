"""Registering, suspending, pledging, revealing: who may, in which state, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, is_password_usable

from tests.factories.actors import AREA, COUNTY, area_clerk, clerk, county_clerk, head, the_node
from tests.factories.agencies import a_county
from tests.factories.candidates import (
    a_candidate,
    a_suspended_candidate,
    an_applicant,
    as_candidate,
    candidates,
)
from tests.factories.programmes import SITTING, a_major, a_sitting
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Post
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState, ZikaoError
from zikao.foundation.ledger import lines_about
from zikao.foundation.ledger.models import Line
from zikao.foundation.secrecy.commands import reveal
from zikao.foundation.storage import get
from zikao.stages.candidates import commands, queries
from zikao.stages.candidates.commands.file import pledge_digest
from zikao.stages.candidates.models import ID_NUMBER, AdmissionCounter, Candidate, IntegrityEntry, Pledge
from zikao.stages.candidates.states import BulkRow, CandidateState, IntegrityKind, SuspensionSource

pytestmark = pytest.mark.django_db
OTHER_COUNTY = "320104"


@pytest.fixture
def counter(at: datetime) -> dict[str, Any]:
    """Everything but the applicant that a registration at county 320102 needs."""
    a_county(at)
    a_county(at, OTHER_COUNTY, is_seat=False)
    a_major(at)
    a_sitting(at)
    return {
        "county_code": COUNTY,
        "sitting_code": SITTING,
        "rules_accepted": True,
        "by": county_clerk(),
        "at": at,
    }


def test_clerk_registers_somebody_new_when_the_papers_are_right(at: datetime, counter: dict[str, Any]) -> None:
    applicant = an_applicant(at)
    receipt = commands.register_candidate(applicant=applicant, candidate_password="pass-on-paper-9", **counter)
    candidate = receipt.value
    assert candidate.admission_number == "010226200001"
    assert ID_NUMBER.text(candidate) == applicant.id_number
    assert applicant.id_number.encode() not in bytes(candidate.id_number_sealed)
    assert get(candidate.portrait) == applicant.portrait
    account = Account.objects.get(username="010226200001")
    assert account.candidate_id == candidate.pk
    assert check_password("pass-on-paper-9", account.password)
    line = next(iter(lines_about(f"candidates.candidate:{candidate.pk}")))
    assert "EA-14" in line.clauses
    assert applicant.id_number not in str(line.facts)
    assert applicant.name not in str(line.facts)


def test_number_counts_on_by_county_whatever_the_major(at: datetime, counter: dict[str, Any]) -> None:
    numbers = [
        commands.register_candidate(
            applicant=an_applicant(at, major_code=major), **{**counter, "county_code": county, "by": area_clerk()}
        ).value.admission_number
        for county, major in [(COUNTY, "050101"), (OTHER_COUNTY, "050101"), (COUNTY, "120201K")]
        if a_major(at, major)
    ]
    assert numbers == ["010226200001", "010426200001", "010226200002"]


def test_clerk_is_refused_when_serials_are_used_up(at: datetime, counter: dict[str, Any]) -> None:
    AdmissionCounter.objects.create(county_code=COUNTY, year=26, sitting_digit=2, last=99998)
    assert commands.register_candidate(applicant=an_applicant(at), **counter).value.admission_number[-5:] == "99999"
    with pytest.raises(Refused, match="admission-serials-exhausted") as refusal:
        commands.register_candidate(applicant=an_applicant(at), **counter)
    assert refusal.value.clause == "EA-14"
    assert AdmissionCounter.objects.get().last == 99999


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id_number": "329999199003070019"}, "id_number"),
        ({"id_number": "32999919900307001"}, "id_number"),
        ({"born_on": date(2026, 8, 21)}, "born_on"),
        ({"sex": "1"}, "sex"),
        ({"name": "王•芳"}, "name"),
        ({"portrait": b"%PDF-1.7 no picture"}, "portrait"),
        ({"portrait": b"\xff\xd8\xff torn"}, "portrait"),
        ({"portrait": b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + b"\xff\xff\xff\xff" * 2}, "portrait"),
        ({"major_code": "999999"}, "major_code"),
    ],
)
def test_clerk_is_told_the_field_when_the_form_is_wrong(
    at: datetime, counter: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        commands.register_candidate(applicant=an_applicant(at, **change), **counter)
    assert field in refusal.value.field_errors
    assert refusal.value.field_errors[field].endswith("。")
    assert not Candidate.objects.exists()
    assert not AdmissionCounter.objects.exists()


def test_clerk_is_refused_when_rules_are_not_accepted_or_fee_is_wrong(at: datetime, counter: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        commands.register_candidate(applicant=an_applicant(at, fee_fen=1), **{**counter, "rules_accepted": False})
    assert [finding.code for finding in refusal.value.findings] == ["rules-not-accepted", "registration-fee-differs"]


def test_clerk_is_told_the_number_when_the_person_is_registered(at: datetime, counter: dict[str, Any]) -> None:
    applicant = an_applicant(at)
    first = commands.register_candidate(applicant=applicant, **counter).value
    with pytest.raises(Conflict) as refusal:
        commands.register_candidate(applicant=replace(applicant, id_number=f" {applicant.id_number} "), **counter)
    assert first.admission_number in refusal.value.message
    assert AdmissionCounter.objects.get().last == 1


def test_clerk_of_another_county_is_not_told_the_number(at: datetime, counter: dict[str, Any]) -> None:
    applicant = an_applicant(at)
    first = commands.register_candidate(applicant=applicant, **counter).value
    elsewhere = {**counter, "county_code": OTHER_COUNTY, "by": county_clerk(OTHER_COUNTY)}
    with pytest.raises(Conflict) as refusal:
        commands.register_candidate(applicant=applicant, **elsewhere)
    assert first.admission_number not in f"{refusal.value.message}{refusal.value.remedy}{refusal.value.facts}"


def test_clerk_gets_the_first_receipt_again_when_the_form_is_sent_twice(at: datetime, counter: dict[str, Any]) -> None:
    applicant = an_applicant(at)
    first = commands.register_candidate(applicant=applicant, key="form-1", **counter)
    second = commands.register_candidate(applicant=applicant, key="form-1", **counter)
    assert (second.line_id, second.repeated) == (first.line_id, True)
    assert Candidate.objects.count() == 1


def test_clerk_is_refused_when_the_person_is_suspended_elsewhere(at: datetime, counter: dict[str, Any]) -> None:
    applicant = an_applicant(at)
    commands.impose_suspension(
        id_number=applicant.id_number,
        since_on=at.date(),
        until_on=at.date() + timedelta(days=365),
        reference="国家库-1",
        source=SuspensionSource.NATIONAL,
        by=the_node(),
        at=at,
    )
    with pytest.raises(Refused, match="suspended") as refusal:
        commands.register_candidate(applicant=applicant, **counter)
    assert refusal.value.clause == "EA-12.3"
    later = {**counter, "at": at + timedelta(days=365)}
    assert commands.register_candidate(applicant=applicant, **later).value.pk


def test_military_node_refuses_civilians(at: datetime, counter: dict[str, Any], settings: Any) -> None:
    settings.ZIKAO_NODE_KIND = "military"
    with pytest.raises(Refused, match="not-military"):
        commands.register_candidate(applicant=an_applicant(at), **counter)
    assert commands.register_candidate(applicant=an_applicant(at, is_military=True), **counter).value.pk


@pytest.mark.parametrize("county", ["320199", OTHER_COUNTY, "3201", "330102"])
def test_county_clerk_registers_in_their_own_county_only(at: datetime, counter: dict[str, Any], county: str) -> None:
    with pytest.raises(NotFound):
        commands.register_candidate(applicant=an_applicant(at), **{**counter, "county_code": county})


@pytest.mark.parametrize("post", list(Post))
def test_only_registrars_register(at: datetime, counter: dict[str, Any], post: Post) -> None:
    registrars = {Post.COUNTY_CLERK, Post.PREFECTURE_CLERK, Post.PROVINCE_CLERK}
    call = {**counter, "by": clerk(post, COUNTY)}
    if post in registrars:
        assert commands.register_candidate(applicant=an_applicant(at), **call).value.pk
    else:
        with pytest.raises(NotPermitted):
            commands.register_candidate(applicant=an_applicant(at), **call)


@pytest.mark.parametrize("state", list(CandidateState))
def test_card_is_issued_from_registered_only(at: datetime, state: CandidateState) -> None:
    candidate = a_candidate(at)
    Candidate.objects.filter(pk=candidate.pk).update(state=state)
    if state == CandidateState.REGISTERED:
        assert commands.issue_card(candidate_id=candidate.pk, by=county_clerk(), at=at).value.state == "card-issued"
    else:
        with pytest.raises(WrongState):
            commands.issue_card(candidate_id=candidate.pk, by=county_clerk(), at=at)


@pytest.mark.parametrize("state", list(CandidateState))
def test_candidate_pledges_once_while_in_the_register(at: datetime, state: CandidateState) -> None:
    candidate = a_candidate(at)
    Candidate.objects.filter(pk=candidate.pk).update(state=state)
    call = {"candidate_id": candidate.pk, "sitting_code": SITTING, "by": as_candidate(candidate), "at": at}
    if state in {CandidateState.TRANSFERRED, CandidateState.CLOSED}:
        with pytest.raises(WrongState):
            commands.accept_pledge(**call)
        return
    assert commands.accept_pledge(**call).value.text_digest == pledge_digest(at)
    with pytest.raises(Conflict):
        commands.accept_pledge(**call)


def test_county_records_pledges_in_bulk_and_keeps_the_earlier(at: datetime) -> None:
    several = candidates(at, 5)
    ids = [each.pk for each in several]
    commands.accept_pledge(candidate_id=ids[0], sitting_code=SITTING, by=as_candidate(several[0]), at=at)
    later = at + timedelta(hours=1)
    done = commands.accept_pledges(candidate_ids=ids, sitting_code=SITTING, by=county_clerk(), at=later)
    assert done.value == 4
    assert Pledge.objects.filter(accepted_at=later).count() == 4
    with pytest.raises(NotFound):
        commands.accept_pledges(candidate_ids=ids, sitting_code=SITTING, by=county_clerk(OTHER_COUNTY), at=later)


def test_suspension_of_a_candidate_stands_in_the_integrity_file(at: datetime) -> None:
    candidate = a_suspended_candidate(at, date(2027, 8, 20))
    assert queries.suspended_until(candidate, date(2027, 8, 19)) == date(2027, 8, 20)
    assert queries.suspended_until(candidate, date(2027, 8, 20)) is None
    assert "苏教考处" in queries.integrity_file(candidate).get().text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"until_on": date(2026, 8, 20)}, BadInput),
        ({"id_number": "329999199003070018"}, BadInput),
        ({"by": county_clerk()}, NotPermitted),
        ({"by": head("33")}, NotFound),
    ],
)
def test_suspension_is_refused_when_it_is_malformed_or_not_theirs(
    at: datetime, change: dict[str, Any], error: type[ZikaoError]
) -> None:
    candidate = a_candidate(at)
    call: dict[str, Any] = {
        "candidate_id": candidate.pk,
        "since_on": date(2026, 8, 20),
        "until_on": date(2027, 8, 20),
        "reference": "处〔2026〕1号",
        "by": head(),
        "at": at,
    }
    with pytest.raises(error):
        commands.impose_suspension(**{**call, **change})


def test_integrity_entry_is_added_and_mended_by_another(at: datetime) -> None:
    candidate = a_candidate(at)
    call = {"candidate_id": candidate.pk, "code": "D05-01", "by": head(), "at": at}
    commands.record_integrity(kind=IntegrityKind.VIOLATION, text="携带规定以外的物品", **call)
    commands.record_integrity(kind=IntegrityKind.CORRECTION, text="经复核撤销", **call)
    assert [entry.kind for entry in IntegrityEntry.objects.all()] == ["violation", "correction"]
    with pytest.raises(BadInput):
        commands.record_integrity(kind=IntegrityKind.VIOLATION, text="  ", **call)


def test_clerk_sees_an_id_number_in_full_with_a_reason_on_record(at: datetime) -> None:
    applicant = an_applicant(at)
    candidate = a_candidate(at, applicant=applicant)
    why = {"reason_code": "identity", "reason": "核对身份证原件"}
    shown = reveal(row_id=candidate.pk, field="candidates.id_number", **why, by=county_clerk(), at=at)
    assert shown.value.text == applicant.id_number
    line = Line.objects.get(pk=shown.line_id)
    assert (line.facts["reason"], line.facts["why"], line.clauses) == ("identity", "核对身份证原件", ["EA-47"])
    assert applicant.id_number not in str(line.facts)
    assert queries.masked(candidate).id_number == f"{applicant.id_number[:6]}********{applicant.id_number[-4:]}"


@pytest.mark.parametrize(
    ("field", "reason", "by", "error"),
    [
        ("id_number", "看", county_clerk(), BadInput),
        ("password", "核对身份证原件", county_clerk(), NotFound),
        ("id_number", "核对身份证原件", county_clerk(OTHER_COUNTY), NotFound),
        ("id_number", "核对身份证原件", clerk(Post.MARKER, AREA), NotPermitted),
    ],
)
def test_identifier_stays_hidden_without_reason_or_authority(
    at: datetime, field: str, reason: str, by: Any, error: type[ZikaoError]
) -> None:
    candidate = a_candidate(at)
    with pytest.raises(error):
        reveal(row_id=candidate.pk, field=f"candidates.{field}", reason_code="identity", reason=reason, by=by, at=at)


def test_county_registers_many_in_one_run_of_numbers(at: datetime, counter: dict[str, Any]) -> None:
    commands.register_candidate(applicant=an_applicant(at), **counter)
    rows = [
        BulkRow(line, OTHER_COUNTY if line % 3 == 0 else COUNTY, an_applicant(at, password_hash=""))
        for line in range(2, 32)
    ]
    done = commands.register_many(rows=rows, sitting_code=SITTING, by=area_clerk(), at=at)
    mine = [each.admission_number for row, each in zip(rows, done.value, strict=True) if row.county_code == COUNTY]
    assert mine == [f"0102262{serial:05d}" for serial in range(2, 22)]
    last = Candidate.objects.get(pk=done.value[-1].candidate_id)
    assert ID_NUMBER.text(last) == rows[-1].applicant.id_number
    assert not is_password_usable(Account.objects.get(candidate_id=last.pk).password)
    assert Line.objects.get(pk=done.line_id).facts["count"] == 30


def test_nothing_is_registered_when_one_row_is_bad(at: datetime, counter: dict[str, Any]) -> None:
    known = a_candidate(at)
    same = an_applicant(at)
    good = [BulkRow(line, COUNTY, an_applicant(at)) for line in range(2, 8)]
    bad = [
        BulkRow(8, "320199", an_applicant(at)),
        BulkRow(9, COUNTY, an_applicant(at, major_code="000000")),
        BulkRow(10, COUNTY, an_applicant(at, id_number="329999199003070019")),
        BulkRow(11, COUNTY, an_applicant(at, portrait=None)),
        BulkRow(12, COUNTY, same),
        BulkRow(13, COUNTY, same),
        BulkRow(14, COUNTY, an_applicant(at, id_number=ID_NUMBER.text(known))),
    ]
    with pytest.raises(commands.RowsRefused) as refusal:
        commands.register_many(rows=[*good, *bad], sitting_code=SITTING, by=county_clerk(), at=at)
    assert {problem.line for problem in refusal.value.problems} == {8, 9, 10, 11, 13, 14}
    assert {problem.column for problem in refusal.value.problems if problem.line == 8} == {"县区代码"}
    assert all(problem.reason for problem in refusal.value.problems)
    assert Candidate.objects.count() == 1
    assert AdmissionCounter.objects.get().last == 1
