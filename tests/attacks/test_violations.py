"""Somebody tries to undo a decision, to invent one, to rewrite what was seen, or to reach another's case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.factories.actors import clerk, head
from tests.factories.violations import COPYING, concerned, decided, notified, recorded, stated, the_seats
from tests.pages.conftest import signed_in  # noqa: F401
from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import rows_of
from zikao.foundation.errors import NotFound, NotPermitted, Refused, WrongState
from zikao.stages.candidates.models import IntegrityEntry
from zikao.stages.entries.models import Entry
from zikao.stages.personnel.models import Person
from zikao.stages.violations import commands
from zikao.stages.violations.models import Case, VoidedEntry

# ruff: noqa: F811 - pytest's fixtures
pytestmark = pytest.mark.django_db


def done_by_the_application(statement: str) -> int:
    """Run a statement as the application's role, past every command; how many rows it changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def whole(case: Case) -> dict[str, object]:
    return Case.objects.filter(pk=case.pk).values().get()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM violations_voidedentry",
        "UPDATE violations_voidedentry SET entry_id = entry_id + 1",
        "TRUNCATE violations_voidedentry",
        "DELETE FROM candidates_integrityentry",
        "UPDATE candidates_integrityentry SET text = '无'",
        "UPDATE violations_case SET scope = ''",
        "UPDATE violations_case SET second_recorder_id = first_recorder_id",
        "UPDATE violations_case SET state = 'recorded'",
        "UPDATE violations_case SET state = 'notified', decided_at = NULL, decision_number = '', scope = ''",
        "UPDATE violations_case SET state = 'dismissed', dismissal_reason = '熟人'",
        "UPDATE violations_case SET scope = 'subject'",
        "UPDATE violations_case SET code = 'D05-04'",
        "UPDATE violations_case SET decision_number = '别的文号'",
        "UPDATE violations_case SET decided_by = 1, decided_agency_code = '33'",
        "UPDATE violations_case SET account_of_facts = '没有看到'",
        "UPDATE violations_case SET first_recorder_id = second_recorder_id, second_recorder_id = first_recorder_id",
        "UPDATE violations_case SET statement = '我承认'",
        "UPDATE violations_case SET candidate_id = candidate_id + 1",
        "UPDATE violations_case SET agency_code = '330102'",
        "UPDATE violations_case SET delivered_at = now()",
        "UPDATE violations_case SET state = 'delivered'",
        "DELETE FROM violations_case",
    ],
)
def test_application_cannot_undo_a_decision(at, statement):
    """The database refuses to unvoid entries and to change a decided case, its record or the integrity file."""
    case = decided(at, COPYING)
    before = whole(case)
    with pytest.raises(DatabaseError):
        done_by_the_application(statement)
    assert whole(case) == before
    assert VoidedEntry.objects.count() == 2
    assert IntegrityEntry.objects.get().code == COPYING


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE violations_case SET state = 'decided', scope = 'session', decision_number = '1', decided_at = now()",
        "UPDATE violations_case SET state = 'delivered', scope = 'session', delivered_at = now()",
        "UPDATE violations_case SET statement = '我承认', stated_at = now()",
        "INSERT INTO violations_voidedentry (case_id, entry_id) SELECT id, entry_id FROM violations_case",
    ],
)
def test_application_decides_nothing_of_which_nobody_was_told(at, statement):
    """A recorded case is neither decided, delivered nor answered for the candidate, and voids nothing, by SQL."""
    case = recorded(at, COPYING)
    before = whole(case)
    with pytest.raises(DatabaseError, match="refused"):
        done_by_the_application(statement)
    assert whole(case) == before
    assert not VoidedEntry.objects.exists()


def test_application_invents_no_decided_case(at):
    """A case that would be inserted as decided is refused: each begins with its record."""
    case = decided(at)
    columns = [
        field.column for field in Case._meta.concrete_fields if field.column not in {"id", "code", "decision_number"}
    ]
    with pytest.raises(DatabaseError, match="begins with its record"):
        done_by_the_application(
            f"INSERT INTO violations_case (code, decision_number, {', '.join(columns)})"
            f" SELECT 'D05-01', '伪造的文号', {', '.join(columns)} FROM violations_case"
        )
    assert Case.objects.get().pk == case.pk


def test_a_decision_voids_nobody_elses_entry_and_nothing_beyond_its_scope(at):
    """A voided row for another candidate, or for another subject when only one is void, is refused."""
    case = decided(at)  # one subject
    others = Entry.objects.exclude(candidate_id=case.candidate_id).values_list("pk", flat=True)
    own = Entry.objects.filter(candidate_id=case.candidate_id).exclude(pk=case.entry_id).values_list("pk", flat=True)
    assert others
    assert own
    for entry in (others[0], own[0]):
        with pytest.raises(DatabaseError, match="only a decision voids"):
            done_by_the_application(
                f"INSERT INTO violations_voidedentry (case_id, entry_id) VALUES ({case.pk}, {entry})"
            )
    assert list(VoidedEntry.objects.values_list("entry_id", flat=True)) == [case.entry_id]


def in_a_second_post(person: Person, account_id: int) -> Actor:
    """The head of exam affairs who stood in the room as well."""
    Person.objects.filter(pk=person.pk).update(account_id=account_id)
    return Actor(person.name, Post.EXAM_AFFAIRS_HEAD, "32", account_id=account_id)


@pytest.mark.parametrize("which", ["first_recorder", "second_recorder"])
def test_who_recorded_neither_decides_nor_dismisses_in_another_post(at, which):
    """A recorder who is head of exam affairs, too, is refused by the rule, and told who may; another head decides."""
    case = stated(at, COPYING)
    by, later = in_a_second_post(getattr(case, which), 900_077), case.recorded_at + timedelta(days=3)
    for act in (
        lambda: commands.decide_case(case_id=case.pk, decision_number="1号", by=by, at=later),
        lambda: commands.dismiss_case(case_id=case.pk, reason="看错了", by=by, at=later),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert {each.code for each in refused.value.findings} == {"recorder-decides"}
    assert Case.objects.get().state == "notified"
    assert not VoidedEntry.objects.exists()
    commands.decide_case(case_id=case.pk, decision_number="1号", by=head(), at=later)


def test_nobody_of_another_agency_reaches_a_case_by_its_number(at):
    """To another province, prefecture and county a case is not found in any act, and the database shows no row."""
    case = stated(at)
    later = case.recorded_at + timedelta(days=9)
    acts = {
        Post.EXAM_AFFAIRS_HEAD: lambda by: commands.decide_case(case_id=case.pk, decision_number="1", by=by, at=later),
        Post.AREA_DIRECTOR: lambda by: commands.dismiss_case(case_id=case.pk, reason="无", by=by, at=later),
        Post.PREFECTURE_CLERK: lambda by: commands.deliver_decision(case_id=case.pk, by=by, at=later),
    }
    for post, act in acts.items():
        for agency in ("33", "3301", "3202"):
            stranger = clerk(post, agency)
            with pytest.raises(NotFound):
                act(stranger)
            with rows_of(stranger):
                assert not Case.objects.exists()
    assert Case.objects.get().state == "notified"


def test_the_pages_of_a_case_are_not_there_for_another_agency_or_candidate(at, signed_in, monkeypatch):
    """Page, notice and decision of a case answer 404 to strangers; the decision's form takes nothing from them."""
    case = decided(at)
    monkeypatch.setattr(clock, "now", lambda: case.decided_at)
    for post, agency in ((Post.EXAM_AFFAIRS_HEAD, "33"), (Post.AREA_DIRECTOR, "3202"), (Post.PREFECTURE_CLERK, "3202")):
        client = signed_in(post, agency)
        for name in ("case", "notice", "decision"):
            assert client.get(reverse(f"violations:{name}", args=[case.pk])).status_code == 404
    other = signed_in(Post.CANDIDATE, "other")
    assert other.get(reverse("violations:my-case", args=[case.pk])).status_code == 404


def test_a_decision_is_not_delivered_before_it_is_made_nor_twice(at):
    """Delivering a case that is only told, or delivered already, is a wrong state, and so is a second decision."""
    case = notified(at)
    later = case.recorded_at + timedelta(days=9)
    by = clerk(Post.PREFECTURE_CLERK, "3201")
    with pytest.raises(WrongState):
        commands.deliver_decision(case_id=case.pk, by=by, at=later)
    commands.decide_case(case_id=case.pk, decision_number="1号", by=head(), at=later)
    with pytest.raises(WrongState):
        commands.decide_case(case_id=case.pk, decision_number="2号", by=head(), at=later)
    commands.deliver_decision(case_id=case.pk, by=by, at=later)
    with pytest.raises(WrongState):
        commands.deliver_decision(case_id=case.pk, by=by, at=later + timedelta(days=60))
    assert Case.objects.get().delivered_at == later


def test_the_candidate_decides_nothing_and_answers_for_nobody_else(at):
    """The candidate concerned is no decider; with another's case number an answer finds nothing."""
    case = notified(at)
    own = concerned(case)
    other = next(seat for seat in the_seats() if seat.entry.candidate_id != case.candidate_id).entry.candidate
    for act in (commands.notify_case, commands.deliver_decision):
        with pytest.raises(NotPermitted):
            act(case_id=case.pk, by=own, at=case.notified_at)
    stranger = Actor(other.name, Post.CANDIDATE, other.agency_code, candidate_id=other.pk)
    with pytest.raises(NotFound):
        commands.state_case(case_id=case.pk, statement="我承认", by=stranger, at=case.notified_at)
    assert Case.objects.get().statement == ""
