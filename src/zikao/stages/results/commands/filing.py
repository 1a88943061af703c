"""From a change list to the archive: signed, a window asked for, three segments presented, written, closed."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.results import archive, policies, rules
from zikao.stages.results.archive import backups
from zikao.stages.results.models import ChangeList, FilingWindow
from zikao.stages.results.states import LIST_TRANSITIONS, ListKind, ListState


@command(writes="results.list-approved", clauses=("SR-A1.6",), posts=policies.APPROVERS)
def approve_list(*, list_id: int, by: Actor, at: datetime) -> Outcome[ChangeList]:
    """Sign off a list of scores to be filed, and ask for the window in which exactly it is written.

    Source:  SR-A1.6
    Writes:  results.list-approved
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    held = locked_list(list_id, by)
    if held.kind in (ListKind.COLLECTION, ListKind.CORRECTION):
        raise WrongState(
            "signed-elsewhere",
            message="考次成绩在成绩公布页面审核签字，成绩更正由审批逐级签字。",
            remedy="请从清单所属的页面办理。",
        )
    before = snapshot(held)
    sign_list(held, by, at)
    return Outcome(held, before=before, facts=facts_of(held))


@command(writes="results.list-withdrawn", clauses=("SR-A1.6",), posts=policies.STAGERS)
def withdraw_list(*, list_id: int, by: Actor, at: datetime) -> Outcome[ChangeList]:
    """Withdraw a list before anybody has signed it; only who handed it in does.

    Source:  SR-A1.6
    Writes:  results.list-withdrawn
    Raises:  NotPermitted, NotFound, WrongState
    """
    held = locked_list(list_id, by)
    policies.check_staged_it(by, held)
    check_transition(LIST_TRANSITIONS, ListState(held.state), ListState.WITHDRAWN)
    before = snapshot(held)
    held.state = ListState.WITHDRAWN
    held.save(update_fields=["state"])
    return Outcome(held, before=before, facts=facts_of(held))


@command(writes="results.window-requested", clauses=("SR-A1.9", "SR-A1.10a"), posts=policies.WINDOW_REQUESTERS)
def request_window(*, list_id: int, by: Actor, at: datetime) -> Outcome[FilingWindow]:
    """Ask for another window where the last one closed before the list was written.

    Source:  SR-A1.9, SR-A1.10a
    Writes:  results.window-requested
    Raises:  NotPermitted, NotFound, WrongState, Conflict
    """
    held = locked_list(list_id, by)
    if held.state != ListState.APPROVED:
        raise WrongState(
            "list-not-approved",
            message="只有审核签字之后、尚未归档的清单才能申请开启窗口。",
            remedy="请先完成审核签字。",
            clause="SR-A1.6",
        )
    window = ask_for_window(held, by, at)
    return Outcome(window, on=held, facts={"window": window.pk, **facts_of(held)})


@command(writes="results.segment-presented", clauses=("SR-A1.10a",), posts=policies.CUSTODIANS | policies.WITNESSES)
def present_segment(*, window_id: int, proof: bytes, by: Actor, at: datetime) -> Outcome[FilingWindow]:
    """Present one's own segment for one window; with the third the window opens, by the database's clock.

    `proof` is `archive.presence_proof(...)`: bound to this window, worth nothing for another.

    Source:  SR-A1.10a
    Writes:  results.segment-presented
    Raises:  NotPermitted, NotFound, WrongState, BadInput, Conflict
    """
    window = window_of(window_id)
    archive.segment_of(by)
    present = archive.present(window_id, by.post.value, proof)
    window.refresh_from_db()
    facts = {"window": window_id, "digest": window.digest, "present": present, "opened": window.opened_at is not None}
    return Outcome(window, on=subject_of(window), facts=facts)


@command(writes="results.filed", clauses=("SR-A1.6", "SR-A1.9", "SR-A1.11"), posts=policies.FILERS)
def file_list(*, window_id: int, by: Actor, at: datetime) -> Outcome[ChangeList]:
    """Write the authorised list: the archive backed up and compared, written, backed up and compared again, closed.

    Everything happens in one transaction: where a backup does not restore to the archive's head, nothing is filed.

    Source:  SR-A1.6, SR-A1.9, SR-A1.11
    Writes:  results.filed
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    window = window_of(window_id)
    held = locked_list(window.list_id, by)
    check_transition(LIST_TRANSITIONS, ListState(held.state), ListState.FILED)
    snapshot_before = snapshot(held)
    earlier = backups.take(window_id, "before", at)
    rows = archive.file_window(window_id)
    window.refresh_from_db()
    later = backups.take(window_id, "after", at)
    held.state, held.filed_at = ListState.FILED, at
    held.save(update_fields=["state", "filed_at"])
    archive.follow_filing(held, at)
    facts = {"window": window_id, "rows": rows, "number": window.number, "head": window.head, **facts_of(held)}
    return Outcome(held, before=snapshot_before, facts={**facts, "backups": [earlier.pk, later.pk]})


@command(writes="results.window-closed", clauses=("SR-A1.9",), posts=policies.CUSTODIANS)
def close_window(*, window_id: int, by: Actor, at: datetime) -> Outcome[FilingWindow]:
    """Close a window before its time; a custodian who smells a rat does so alone.

    Source:  SR-A1.9
    Writes:  results.window-closed
    Raises:  NotPermitted, NotFound, WrongState
    """
    window = window_of(window_id)
    if not archive.close_window(window_id):
        raise WrongState("window-closed", message="这个窗口已经关闭。", remedy="无需再办理。", clause="SR-A1.9")
    window.refresh_from_db()
    return Outcome(window, on=subject_of(window), facts={"window": window_id, "closing": window.closing})


def sign_list(held: ChangeList, by: Actor, at: datetime) -> FilingWindow:
    """Another person than who staged it signs, and the window is asked for."""
    check_transition(LIST_TRANSITIONS, ListState(held.state), ListState.APPROVED)
    rules.APPROVAL(on=local_day(at), collected_by=held.staged_by, approver=by.account_id).require()
    held.state, held.approved_at, held.approved_by = ListState.APPROVED, at, by.account_id
    held.save(update_fields=["state", "approved_at", "approved_by"])
    return ask_for_window(held, by, at)


def ask_for_window(held: ChangeList, by: Actor, at: datetime) -> FilingWindow:
    """A window for exactly this list."""
    minutes, hours = window_terms(at)
    return archive.request_window(
        kind="scores",
        list_id=held.pk,
        post="",
        digest=bytes(held.digest),
        root=bytes(held.root),
        minutes=minutes,
        hours=hours,
        account_id=by.account_id,
    )


def window_terms(at: datetime) -> tuple[int, int]:
    """Minutes that a window stays open, and hours in which three people come to it."""
    on = local_day(at)
    return int(parameter("score-window-minutes").on(on)), int(parameter("score-window-hours").on(on))


def locked_list(list_id: int, by: Actor) -> ChangeList:
    """The list in the actor's subtree, locked."""
    return access(ChangeList.objects.select_for_update(), by, pk=list_id)


def window_of(window_id: int) -> FilingWindow:
    """A window. Raises NotFound."""
    found = FilingWindow.objects.filter(pk=window_id).first()
    if found is None:
        raise NotFound("window-not-found", facts={"window": window_id}, message="没有这个归档窗口。")
    return found


def subject_of(window: FilingWindow) -> str:
    """As the ledger calls a window."""
    return f"results.filingwindow:{window.pk}"


def facts_of(held: ChangeList) -> dict[str, object]:
    """What every ledger line about a list says; the root of a filed list is its window's."""
    return {"list": held.pk, "count": held.count, "digest": bytes(held.digest), "root": bytes(held.root)}
