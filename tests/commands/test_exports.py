"""Exports: which way they go, what the file holds, how often it is collected."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.factories.candidates import a_candidate
from tests.factories.exports import LETTER, a_request, an_export, an_officer, made
from zikao.foundation import storage
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.commands import all_rows
from zikao.foundation.errors import BadInput, NotFound, Refused, WrongState
from zikao.foundation.exports import commands
from zikao.foundation.exports.making import harmless
from zikao.foundation.exports.states import ExportState
from zikao.foundation.ledger.models import Line

pytestmark = pytest.mark.django_db


def lines_of(export_file: str) -> list[str]:
    return storage.get(export_file).decode("utf-8-sig").split("\r\n")


def test_clerk_exports_a_small_masked_list_at_once_and_the_ledger_says_what_for(at: datetime) -> None:
    people = [a_candidate(at), a_candidate(at)]
    export = an_export(at)
    assert (export.state, export.approval_id, export.number) == ("approved", None, "苏考出〔2026〕0001")
    made(export)
    assert (export.state, export.made_rows) == (ExportState.MADE, 2)
    first, heads, *rows = lines_of(export.copies.get().digest)
    assert first.startswith("苏考出〔2026〕0001")
    assert heads == "准考证号,姓名,专业"
    text = "\n".join(rows)
    assert "○" in text
    assert not any(person.name in text or person.admission_number in text for person in people)
    line = Line.objects.get(command="exports.requested")
    assert line.facts["rows"] == 2
    assert line.facts["way"] == "ledger"
    assert line.facts["purpose"] == export.purpose


def test_personal_columns_in_full_wait_for_signatures(at: datetime) -> None:
    a_candidate(at)
    export = an_export(at, clear=("name",))
    assert export.state == ExportState.REQUESTED
    assert export.approval_id is not None
    assert export.work_id is None


def test_a_long_list_waits_for_signatures_though_it_is_masked(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from zikao.foundation.exports.commands import asking

    a_candidate(at)
    monkeypatch.setattr(asking.rules, "WAY", lambda **facts: "approval" if facts["rows"] >= 1 else "ledger")
    assert an_export(at).state == ExportState.REQUESTED


def test_nothing_leaves_the_system_without_consent_and_its_letter(at: datetime) -> None:
    a_candidate(at)
    outside = {"recipient": "outside", "recipient_name": "某公司"}
    with pytest.raises(Refused) as refused:
        an_export(at, **outside)
    assert {finding.code for finding in refused.value.findings} >= {"export-without-consent"}
    export = an_export(at, **outside, consent="province", consent_number="苏教考〔2026〕3号", letter=LETTER)
    assert (export.state, export.serial) == (ExportState.REQUESTED, 1)
    assert storage.get(export.letter) == LETTER


def test_scores_are_not_exported_to_the_outside_even_with_consent(at: datetime) -> None:
    from tests.factories.records import a_record

    record = a_record(at)
    with pytest.raises(Refused) as refused:
        an_export(
            at, dataset="results.candidate", params={"candidate_id": str(record.candidate_id)}, columns=("course",),
            recipient="outside", recipient_name="某公司", consent="province", letter=LETTER,
        )  # fmt: skip
    assert refused.value.code == "marking-information-stays"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"purpose": "看看"}, "purpose"),
        ({"copies": 6}, "copies"),
        ({"form": "xls"}, "form"),
        ({"recipient": "agency"}, "recipient_name"),
        ({"clear": ("state",)}, "clear"),
        ({"columns": ("id_number_sealed",)}, "columns"),
        ({"params": {"number": "999"}}, "columns"),
        ({"letter": b"MZ"}, "letter"),
    ],
)
def test_a_request_that_does_not_say_enough_is_sent_back(at: datetime, wanted: dict[str, object], field: str) -> None:
    a_candidate(at)
    with pytest.raises(BadInput) as wrong:
        an_export(at, **wanted)
    assert field in wrong.value.field_errors


def test_numbers_have_no_gap_after_a_refused_request_and_begin_anew_each_year(at: datetime) -> None:
    a_candidate(at)
    clerk = an_officer(at)
    first = an_export(at, clerk)
    with pytest.raises(BadInput):
        an_export(at, clerk, purpose="")
    second = an_export(at, clerk)
    later = an_export(at + timedelta(days=365), clerk)
    assert [each.serial for each in (first, second, later)] == [1, 2, 1]
    assert later.number == "苏考出〔2027〕0001"


def test_each_copy_is_collected_once_before_its_time_is_over(at: datetime) -> None:
    a_candidate(at)
    clerk = an_officer(at)
    export = made(an_export(at, clerk, copies=2))
    soon = export.made_at + timedelta(hours=1)
    copy = commands.collect_copy(export_id=export.pk, copy_number=1, by=clerk, at=soon).value
    assert copy.collected_by == clerk.account_id
    with pytest.raises(Refused) as refused:
        commands.collect_copy(export_id=export.pk, copy_number=1, by=clerk, at=soon)
    assert refused.value.code == "export-copy-collected"
    commands.collect_copy(export_id=export.pk, copy_number=2, by=clerk, at=soon)
    export.refresh_from_db()
    assert export.state == ExportState.COLLECTED
    assert Line.objects.filter(command="exports.collected").count() == 2


def test_an_export_that_nobody_collects_is_closed(at: datetime) -> None:
    a_candidate(at)
    clerk = an_officer(at)
    export = made(an_export(at, clerk))
    assert commands.expire_exports(by=node_actor(), at=export.expires_at - timedelta(seconds=1)).value == 0
    assert commands.expire_exports(by=node_actor(), at=export.expires_at).value == 1
    with pytest.raises(Refused) as refused:
        commands.collect_copy(export_id=export.pk, copy_number=1, by=clerk, at=export.expires_at)
    assert refused.value.code == "export-expired"


def test_a_waiting_export_has_nothing_to_collect(at: datetime) -> None:
    a_candidate(at)
    clerk = an_officer(at)
    export = an_export(at, clerk, clear=("name",))
    with pytest.raises(WrongState):
        commands.collect_copy(export_id=export.pk, copy_number=1, by=clerk, at=at)


def test_work_done_twice_makes_the_copies_once(at: datetime) -> None:
    a_candidate(at)
    export = made(an_export(at))
    made(export)
    assert export.copies.count() == 1


def test_a_post_without_the_list_cannot_ask_for_it(at: datetime) -> None:
    with pytest.raises(NotFound):
        commands.request_export(request=a_request(), by=an_officer(at, Post.MARKER), at=at)


def test_a_clerk_of_another_county_exports_only_their_own(at: datetime) -> None:
    a_candidate(at)
    with pytest.raises(BadInput), all_rows("a test that the list's own filter holds without the database's"):
        an_export(at, an_officer(at, Post.COUNTY_CLERK, "320104"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"),
        ("＝1", "'＝1"), ("王小雨", "王小雨"), ("", ""),
    ],
)  # fmt: skip
def test_a_cell_is_never_a_formula(value: str, written: str) -> None:
    assert harmless(value) == written


def test_a_number_may_be_negative_but_not_a_formula() -> None:
    assert harmless("-35.00", is_number=True) == "-35.00"
    assert harmless("-1+cmd", is_number=True) == "'-1+cmd"
