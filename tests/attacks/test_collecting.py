"""Attempts to work with scores without the people, the pledge, the post or the place that annex 1 asks for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.factories import collecting as make
from tests.factories import marking, results
from tests.factories.accounts import a_member_of_staff
from tests.factories.archive import OFFICER, RECORDS_HEAD
from tests.factories.candidates import a_candidate
from zikao.foundation.access import commands as access
from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.queries import actor_of
from zikao.foundation.access.states import ClosingReason
from zikao.foundation.actors import Actor, Post
from zikao.foundation.errors import Conflict, NotPermitted, Refused
from zikao.stages.collecting import commands
from zikao.stages.collecting.models import Presence, Session, Worker
from zikao.stages.collecting.queries import require_at_work
from zikao.stages.collecting.states import Work
from zikao.stages.marking import commands as marking_commands
from zikao.stages.marking.models import Mark, MarkingTask, Total
from zikao.stages.programmes.models import Paper
from zikao.stages.results import commands as results_commands
from zikao.stages.results.models import ChangeList, Publication

pytestmark = pytest.mark.django_db
Act = Callable[[], object]


def acts(at: datetime, paper: Paper) -> dict[Work, Act]:
    """One act of each kind of work, by those who would do it."""
    row = results.a_row(a_candidate(at), "00037")
    given = {"rows": [row], "source": "原考籍系统", "evidence": results.EVIDENCE}
    return {
        Work.MARKING: lambda: marking_commands.next_script(by=marking.marker_actor(1), at=at),
        Work.TOTALLING: lambda: marking_commands.total_scripts(paper_id=paper.pk, by=marking.REVIEWER, at=at),
        Work.COLLECTING: lambda: results_commands.collect_scores(sitting=paper.sitting.code, by=OFFICER, at=at),
        Work.HAND_IN: lambda: results_commands.take_over_scores(by=RECORDS_HEAD, at=at, **given),  # type: ignore[arg-type]
    }


DOERS = {
    Work.MARKING: marking.marker_actor(1),
    Work.TOTALLING: marking.REVIEWER,
    Work.COLLECTING: OFFICER,
    Work.HAND_IN: RECORDS_HEAD,
}


def refusals(at: datetime, done: dict[Work, Act]) -> dict[Work, set[str]]:
    """What refuses each act; and nothing was written by any of them."""
    found = {}
    for work, act in done.items():
        with pytest.raises(Refused) as refusal:
            act()
        found[work] = {finding.code for finding in refusal.value.findings}
    assert not MarkingTask.objects.exclude(state="open").exists()
    for model in (Mark, Total, Publication, ChangeList):
        assert not model.objects.exists()
    return found


def a_paper_at_its_places(at: datetime) -> Paper:
    """A paper in marking; each of the four doers at the own place with two more."""
    paper = marking.a_paper_in_marking(at, people=1, markers=1)
    Presence.objects.filter(left_at=None).update(left_at=at)
    for number, (work, person) in enumerate(DOERS.items()):
        others = [Actor(f"同事{n}", Post.PROVINCE_CLERK, "32", account_id=908_000 + 10 * number + n) for n in (1, 2)]
        make.at_their_place(at, work, (person, *others), None if work is Work.HAND_IN else paper.sitting)
    return paper


def test_two_present_are_too_few_for_every_kind_of_work(at: datetime) -> None:
    """With one of three gone, scripts are not handed out, nothing is totalled, collected or handed in."""
    paper = a_paper_at_its_places(at)
    for session in Session.objects.filter(ended_at=None):
        third = session.presences.filter(left_at=None).order_by("id").last()
        assert third is not None
        person = Actor(third.worker.name, Post.PROVINCE_CLERK, "32", account_id=third.account_id)
        commands.leave_session(session_id=session.pk, by=person, at=at)
    found = refusals(at, acts(at, paper))
    assert all("too-few-present" in codes for codes in found.values())


def test_who_is_signed_in_at_another_kind_of_work_is_refused_there(at: datetime) -> None:
    """A marker who signed in where scores are added up gets no script; nobody signs in at a second place."""
    paper = a_paper_at_its_places(at)
    work = list(DOERS)
    done = acts(at, paper)
    for here, there in zip(work, [*work[1:], work[0]], strict=True):
        sitting = None if there is Work.HAND_IN else paper.sitting
        make.at_their_place(at, there, (DOERS[here],), sitting)
    found = refusals(at, done)
    assert all("in-another-session" in codes for codes in found.values())
    session = Session.objects.get(work=Work.MARKING)
    with pytest.raises(Conflict) as second:
        commands.join_session(session_id=session.pk, by=DOERS[Work.MARKING], at=at)
    assert second.value.code == "already-present"


def test_without_the_pledge_nobody_marks_totals_collects_or_hands_in(at: datetime) -> None:
    """A worker whose pledge is not signed is refused each kind of work, and cannot sign in either."""
    paper = a_paper_at_its_places(at)
    accounts = [person.account_id for person in DOERS.values()]
    Presence.objects.filter(account_id__in=accounts, left_at=None).update(left_at=at)
    Worker.objects.filter(account_id__in=accounts).update(state="filed", pledge="", pledge_signed_at=None)
    found = refusals(at, acts(at, paper))
    assert all("pledge-unsigned" in codes for codes in found.values())
    for work, person in DOERS.items():
        with pytest.raises(Refused):
            commands.join_session(session_id=Session.objects.get(work=work).pk, by=person, at=at)


def test_a_forged_presence_is_refused_by_the_database(at: datetime) -> None:
    """Presences past the commands: of an unpledged worker, of another's account, taken back, rewritten or deleted."""
    a_paper_at_its_places(at)
    session = Session.objects.get(work=Work.MARKING)
    worker = session.round.workers.get(account_id=make.LEADER.account_id)
    Worker.objects.filter(pk=worker.pk).update(state="filed", pledge="", pledge_signed_at=None)
    facts = {"session": session, "worker": worker, "joined_at": at}
    here = Presence.objects.filter(left_at=None).first()
    assert here is not None
    forgeries: list[Act] = [
        lambda: Presence.objects.create(account_id=worker.account_id, **facts),
        lambda: Presence.objects.create(account_id=900_999, session=session, worker=here.worker, joined_at=at),
        lambda: Presence.objects.filter(left_at__isnull=False).update(left_at=None),
        lambda: Presence.objects.filter(pk=here.pk).update(account_id=4711),
        lambda: Presence.objects.filter(pk=here.pk).delete(),
        lambda: connection.cursor().execute("TRUNCATE collecting_presence"),
        lambda: Session.objects.filter(pk=session.pk).update(camera="2"),
        lambda: Session.objects.filter(pk=session.pk).delete(),
    ]
    for forge in forgeries:
        with pytest.raises(DatabaseError), transaction.atomic():
            forge()


def test_who_is_out_of_post_is_out_of_the_place_at_once(at: datetime) -> None:
    """An appointment ended, an account closed or a term run out: the person no longer counts, and is signed out."""
    paper = a_paper_at_its_places(at)
    session = Session.objects.get(work=Work.MARKING)
    security = actor_of(a_member_of_staff(at, Post.SECURITY_ADMIN, "32"), at)
    system = actor_of(a_member_of_staff(at, Post.SYSTEM_ADMIN, "32"), at)
    assert security is not None
    assert system is not None
    marker = marking.marker_actor(1)
    colleague = session.presences.filter(left_at=None).exclude(account_id=marker.account_id).first()
    assert colleague is not None
    held = Appointment.objects.get(account_id=colleague.account_id)
    access.end_appointment(appointment_id=held.pk, until_on=at.date(), by=security, at=at)
    colleague.refresh_from_db()
    assert colleague.left_at == at
    with pytest.raises(Refused) as refusal:
        marking_commands.next_script(by=marker, at=at)
    assert refusal.value.code == "too-few-present"
    reviewer = Account.objects.get(pk=marking.REVIEWER.account_id)
    access.close_account(account_id=reviewer.pk, reason=ClosingReason.LEFT, by=system, at=at)
    assert not Presence.objects.filter(account_id=reviewer.pk, left_at=None).exists()
    # a term that runs out by itself: nobody signs them out, but they count no more
    officers = Session.objects.get(work=Work.COLLECTING)
    other = officers.presences.filter(left_at=None).exclude(account_id=OFFICER.account_id).first()
    assert other is not None
    Appointment.objects.filter(account_id=other.account_id).update(until_on=at.date() + timedelta(days=1))
    require_at_work(Work.COLLECTING, OFFICER, at, sitting_id=paper.sitting_id)
    with pytest.raises(Refused):
        require_at_work(Work.COLLECTING, OFFICER, at + timedelta(days=1), sitting_id=paper.sitting_id)


def test_who_is_recused_is_out_of_the_place_and_does_not_come_back(at: datetime) -> None:
    """A worker who declares an interest is signed out by that act, is not counted, and cannot sign in again."""
    a_paper_at_its_places(at)
    session = Session.objects.get(work=Work.MARKING)
    marker = DOERS[Work.MARKING]
    worker = session.round.workers.get(account_id=marker.account_id)
    commands.recuse_worker(worker_id=worker.pk, by=marker, at=at)
    assert not session.presences.filter(account_id=marker.account_id, left_at=None).exists()
    for act in (
        lambda: commands.join_session(session_id=session.pk, by=marker, at=at),
        lambda: marking_commands.next_script(by=marker, at=at),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "worker-recused"


def test_nobody_signs_in_or_out_for_another(at: datetime) -> None:
    """Sign-in takes no account but one's own: without one there is none, and the auditor's post may not at all."""
    a_paper_at_its_places(at)
    session = Session.objects.get(work=Work.MARKING)
    with pytest.raises(Refused):
        commands.join_session(session_id=session.pk, by=Actor("无名", Post.MARKER, "32"), at=at)
    with pytest.raises(NotPermitted):
        commands.join_session(session_id=session.pk, by=make.SUPERVISOR, at=at)


@pytest.mark.django_db(transaction=True)
def test_who_leaves_waits_for_the_mark_that_is_being_given(at: datetime) -> None:
    """The third leaves while another's mark is being written: the leaving waits, and the next mark is refused."""
    paper = a_paper_at_its_places(at)
    session = Session.objects.get(work=Work.MARKING)
    third = session.presences.filter(left_at=None).order_by("id").last()
    assert third is not None
    person = Actor("同事", Post.PROVINCE_CLERK, "32", account_id=third.account_id)
    left: list[float] = []

    def leave() -> None:
        commands.leave_session(session_id=session.pk, by=person, at=at)
        left.append(time.monotonic())
        connections.close_all()

    leaving = threading.Thread(target=leave)
    with transaction.atomic():
        require_at_work(Work.MARKING, marking.marker_actor(1), at, sitting_id=paper.sitting_id)
        leaving.start()
        time.sleep(0.4)
        assert not left
        require_at_work(Work.MARKING, marking.marker_actor(1), at, sitting_id=paper.sitting_id)
        acted = time.monotonic()
    leaving.join(20)
    assert left[0] > acted
    with pytest.raises(Refused) as refusal, transaction.atomic():
        marking_commands.next_script(by=marking.marker_actor(1), at=at)
    assert refusal.value.code == "too-few-present"
