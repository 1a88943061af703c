"""Attempts to take more than was approved, somebody else's copy, or what nobody may have."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import a_member_of_staff, sign_in
from tests.factories.approvals import sign, sign_all, someone
from tests.factories.candidates import a_candidate
from tests.factories.exports import LETTER, an_export, an_officer, made
from zikao.foundation import clock, storage
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import actor_of
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.commands import withdraw_approval
from zikao.foundation.approvals.models import Approval, Signature
from zikao.foundation.errors import NotFound, Refused, WrongState, ZikaoError
from zikao.foundation.exports import commands
from zikao.foundation.exports.models import Export, ExportCopy
from zikao.foundation.exports.numbers import next_serial
from zikao.foundation.exports.states import ExportState
from zikao.foundation.jobs.models import Work
from zikao.stages.candidates.models import Candidate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """The queue's work happens at the moment of the test."""
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=1))


WANTED = {"clear": ("name",), "form": "csv"}


def approved(at: datetime, by: Actor | None = None, **wanted: object) -> Export:
    export = an_export(at, by, **{**WANTED, **wanted})
    sign_all(Approval.objects.get(pk=export.approval_id), at)
    export.refresh_from_db()
    return export


def text_of(export: Export) -> str:
    return storage.get(export.copies.get(number=1).digest).decode("utf-8-sig")


def test_signed_by_both_heads_the_named_column_is_clear_and_the_others_are_not(at: datetime) -> None:
    """An export signed by both heads shows the name asked for in clear and no admission number in full."""
    person = a_candidate(at)
    export = made(approved(at))
    assert export.state == ExportState.MADE
    assert person.name in text_of(export)
    assert person.admission_number not in text_of(export)


@pytest.mark.parametrize(
    "change",
    [
        'params = \'{"state": "closed"}\'',
        'columns = \'["name", "admission_number", "id_number"]\'',
        "rows_count = 999999",
        'clear = \'["name", "admission_number"]\'',
        "recipient = 'agency'",
        "purpose = '别的用途'",
        "requested_by = 1",
        "agency_code = ''",
        "copies_count = 5",
        "number = '苏考出〔2026〕9999'",
        "approval_id = NULL",
        "dataset = 'accounts.list'",
    ],
)
def test_database_refuses_to_widen_what_was_asked_for(at: datetime, change: str) -> None:
    """A trigger refuses to change what an approved export was asked to hold, for whom, by whom and why."""
    a_candidate(at)
    export = approved(at)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE exports_export SET {change} WHERE id = %s", [export.pk])


def test_owner_of_the_database_widens_the_filter_and_nothing_is_made(
    at: datetime, owner_connection: psycopg.Connection
) -> None:
    """A filter widened past the trigger differs from the signed digest: the job fails and makes no copy."""
    first, second = a_candidate(at), a_candidate(at)
    export = approved(at, params={"number": first.admission_number})
    export.params = {}  # as if the guard had been switched off
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Export.objects, "get", lambda **lookup: export)
        from zikao.foundation.exports.tasks import make_export

        make_export(export.work_id)
    work = Work.objects.get(pk=export.work_id)
    assert (work.state, "摘要不一致" in work.trouble) == ("failed", True)
    assert not ExportCopy.objects.exists()
    assert second.pk


def test_rows_that_came_after_the_approval_are_not_slipped_in(at: datetime) -> None:
    """If there are more rows than were approved when the export is made, it is refused and no copy exists."""
    a_candidate(at)
    export = approved(at)
    a_candidate(at)
    made(export)
    assert export.state == ExportState.REFUSED
    assert "超过批准的范围" in export.refused_reason
    assert not export.copies.exists()


def test_one_signature_of_two_makes_nothing(at: datetime) -> None:
    """With one of two signatures an export stays requested and no job is queued for it."""
    a_candidate(at)
    export = an_export(at, **WANTED)
    approval = Approval.objects.get(pk=export.approval_id)
    sign(approval, someone(Post.RECORDS_HEAD, "32", at), at + timedelta(seconds=1))
    export.refresh_from_db()
    assert (export.state, export.work_id) == (ExportState.REQUESTED, None)


def test_requester_cannot_sign_their_own_export(at: datetime) -> None:
    """The head of records who asked for an export is refused as a signer of its approval."""
    a_candidate(at)
    head = an_officer(at, Post.RECORDS_HEAD)
    export = an_export(at, head, **WANTED)
    with pytest.raises(ZikaoError):
        sign(Approval.objects.get(pk=export.approval_id), head, at + timedelta(seconds=1))


def test_a_withdrawn_request_leaves_nothing_to_make_or_collect(at: datetime) -> None:
    """Withdrawing the approval refuses the export; collecting a copy is then a wrong state."""
    a_candidate(at)
    clerk = an_officer(at)
    export = an_export(at, clerk, **WANTED)
    withdraw_approval(approval_id=export.approval_id, reason="不需要了", by=clerk, at=at)
    export.refresh_from_db()
    assert export.state == ExportState.REFUSED
    with pytest.raises(WrongState):
        commands.collect_copy(export_id=export.pk, copy_number=1, by=clerk, at=at)


def test_nobody_else_collects_not_even_the_head_who_signed(at: datetime) -> None:
    """The heads who signed, other heads, a county clerk and an auditor get NotFound on collecting a clerk's copy."""
    a_candidate(at)
    export = made(approved(at))
    signed = Signature.objects.filter(approval_id=export.approval_id).values_list("account_id", "appointment_id")
    assert len(signed) == 2
    heads = [actor_of(Account.objects.get(pk=account), at, appointment) for account, appointment in signed]
    assert {head.post for head in heads if head} == {Post.RECORDS_HEAD, Post.PROVINCE_HEAD}
    posts = (Post.RECORDS_HEAD, Post.PROVINCE_HEAD, Post.COUNTY_CLERK, Post.AUDITOR)
    for other in (*heads, *(an_officer(at, post) for post in posts)):
        with pytest.raises(NotFound):
            commands.collect_copy(export_id=export.pk, copy_number=1, by=other, at=export.made_at)
    assert export.copies.get().collected_at is None


def test_requester_who_moved_to_another_agency_does_not_collect(at: datetime) -> None:
    """The requester acting for another province gets NotFound on collecting the copy made before."""
    a_candidate(at)
    clerk = an_officer(at)
    export = made(an_export(at, clerk))
    moved = Actor(clerk.name, clerk.post, "33", clerk.account_id, clerk.appointment_id)
    with pytest.raises(NotFound):
        commands.collect_copy(export_id=export.pk, copy_number=1, by=moved, at=export.made_at)


def test_the_page_of_an_export_is_not_there_for_another_agency(at: datetime) -> None:
    """The pages to view an export and to collect it answer 404 to other provinces and counties."""
    a_candidate(at)
    export = made(an_export(at))
    for post, agency in ((Post.PROVINCE_HEAD, "33"), (Post.COUNTY_CLERK, "320104")):
        client = Client()
        sign_in(client, a_member_of_staff(at, post, agency))
        assert client.get(reverse("exports:export", args=[export.pk])).status_code == 404
        assert client.post(reverse("exports:collect", args=[export.pk, 1])).status_code == 404


def test_a_copy_that_was_collected_stays_so_and_a_mark_is_not_rewritten(at: datetime) -> None:
    """A trigger refuses to uncollect a copy, to change its mark or digest and to delete it."""
    a_candidate(at)
    clerk = an_officer(at)
    export = made(an_export(at, clerk))
    commands.collect_copy(export_id=export.pk, copy_number=1, by=clerk, at=export.made_at)
    for change in ("collected_at = NULL, collected_by = NULL", "mark = 7", "digest = repeat('0', 64)"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE exports_exportcopy SET {change}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM exports_exportcopy")


def test_time_of_collection_is_not_prolonged(at: datetime) -> None:
    """A trigger refuses a later end of collection once the export is made."""
    a_candidate(at)
    export = made(an_export(at))
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(expires_at=export.expires_at + timedelta(days=30))


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "@SUM(1)", "+86", "-2+3", "＝1", "\t=1"])
def test_a_name_that_is_a_formula_stays_a_name(at: datetime, name: str) -> None:
    """A cell that a spreadsheet would run as a formula is written with an apostrophe before it."""
    person = a_candidate(at)
    Candidate.objects.filter(pk=person.pk).update(name=name)
    line = text_of(made(approved(at, columns=("name", "major")))).split("\r\n")[2]
    assert line.lstrip('"').startswith("'")


def test_a_purpose_cannot_add_lines_to_the_file(at: datetime) -> None:
    """Line breaks in a purpose add no line to the file, whose first cell stays the export's number."""
    a_candidate(at)
    export = made(an_export(at, purpose="=HYPERLINK()\r\n伪造编号,苏考出〔2026〕9999\r\n核对人数"))
    lines = text_of(export).split("\r\n")
    assert len([each for each in lines if each]) == 3
    assert lines[0].lstrip('"').startswith("苏考出〔2026〕0001")


@pytest.mark.parametrize("name", ["../../etc/passwd", "candidates.list\x00", "", "accounts.list", "results.candidate"])
def test_a_list_of_another_post_or_of_nobody_is_not_found(at: datetime, name: str) -> None:
    """A county clerk who asks for a list that is not theirs, unknown or malformed gets NotFound."""
    with pytest.raises(NotFound):
        an_export(at, an_officer(at, Post.COUNTY_CLERK), dataset=name)


def test_a_forged_number_or_mark_finds_nobody(at: datetime) -> None:
    """Tracing a leak by an altered mark names nobody; without the place where it was found it is refused."""
    a_candidate(at)
    export = made(an_export(at, form="pdf"))
    auditor = an_officer(at, Post.AUDITOR, "32")
    mark = export.copies.get().mark
    for forged in (mark ^ 1, 0, 2**32 - 1):
        found = commands.trace_leak(mark=forged, file_digest="0" * 64, found_where="网上", by=auditor, at=at)
        assert found.value is None
    with pytest.raises(ZikaoError):
        commands.trace_leak(mark=mark, file_digest="0" * 64, found_where=" ", by=auditor, at=at)


def test_no_letter_no_consent_no_export_even_past_the_commands(at: datetime) -> None:
    """An export to outsiders without consent is refused by a check constraint and by the rule."""
    a_candidate(at)
    export = an_export(at)
    values = {field.attname: getattr(export, field.attname) for field in Export._meta.concrete_fields}
    values |= {"id": export.pk + 1, "number": "苏考出〔2026〕0002", "serial": 2, "recipient": "outside"}
    with pytest.raises(DatabaseError, match="export_outside_has_consent"), transaction.atomic():
        Export.objects.create(**values)
    with pytest.raises(Refused):
        an_export(at, recipient="outside", recipient_name="某公司", letter=LETTER)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers_without_a_gap(at: datetime) -> None:
    """Forty serial numbers drawn by eight threads at once are 1 to 40, each once."""

    def one(_: int) -> int:
        try:
            with transaction.atomic():
                return next_serial(2026)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(40))) == list(range(1, 41))
