"""Things registered and moved; the day from which their time counts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import Approval, when_approved
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import retention_schedule
from zikao.foundation.retention import policies, queries
from zikao.foundation.retention.models import Clock, Holding
from zikao.foundation.retention.registry import stored_files

# the instant of entry is the server's to give: the application may not name that column
_START = """
INSERT INTO retention_clock (matter, event, started_on) VALUES (%s, %s, %s) ON CONFLICT (matter, event) DO NOTHING
"""


def start_clock(*, matter: str, event: str, on: date) -> None:
    """Start the time of a matter's things, within the command that publishes or signs last; once is enough.

    Source:  EA-44, EA-49.2
    """
    with connection.cursor() as cursor:
        cursor.execute(_START, [matter, event, on])


def begin_keeping(*, matter: str, agency_code: str, by: Actor, at: datetime) -> None:
    """Within the command that publishes a sitting's results: its time starts, and its stored files are registered.

    Source:  EA-44
    """
    start_clock(matter=matter, event="publication", on=local_day(at))
    for kind, keeping in retention_schedule().items():
        files = len(stored_files(kind, matter))
        if files:
            Holding.objects.get_or_create(
                kind=kind,
                matter=matter,
                title=f"{matter} {keeping.title}",
                agency_code=agency_code,
                defaults={
                    "place": "本系统加密存储",
                    "keeper": "系统管理员",
                    "quantity": files,
                    "unit": "件",
                    "registered_at": at,
                    "registered_by": by.account_id,
                },
            )


@when_approved("score-correction")
def correction_approved(approval: Approval, by: Actor, at: datetime) -> None:
    """The papers of a correction are kept for thirty years from its last signature (SR-A1.8)."""
    start_clock(matter=f"approvals.approval:{approval.pk}", event="approval", on=local_day(at))


@command(writes="retention.registered", clauses=("EA-44", "EA-49.2"), posts=policies.REGISTRARS)
def register_holding(
    *,
    kind: str,
    matter: str,
    title: str,
    place: str,
    keeper: str,
    quantity: int,
    unit: str,
    agency_code: str,
    contents: bytes = b"",
    by: Actor,
    at: datetime,
) -> Outcome[Holding]:
    """Register what is kept: how much of it, where, by whom; `contents` is its list of pieces, kept as a file.

    Source:  EA-44, EA-49.2
    Writes:  retention.registered
    Raises:  NotPermitted, NotFound (agency outside), BadInput, Conflict
    """
    _check_shape(kind, quantity)
    if not by.covers(agency_code):
        raise NotFound("agency-not-found", facts={"agency": agency_code})
    if Holding.objects.filter(kind=kind, matter=matter, title=title, agency_code=agency_code).exists():
        raise Conflict(
            "holding-registered", message=f"“{title}”已经登记过。", remedy="如地点或保管人有变，请登记移库。"
        )
    holding = Holding.objects.create(
        kind=kind,
        matter=matter,
        title=title,
        place=place,
        keeper=keeper,
        quantity=quantity,
        unit=unit,
        contents=storage.put(contents, media_type="text/csv", at=at) if contents else "",
        registered_at=at,
        registered_by=by.account_id,
        agency_code=agency_code,
    )
    return Outcome(holding, facts={"kind": kind, "matter": matter, "quantity": quantity})


@command(writes="retention.moved", clauses=("EA-44", "SR-10.3"), posts=policies.REGISTRARS)
def move_holding(*, holding_id: int, place: str, keeper: str, by: Actor, at: datetime) -> Outcome[Holding]:
    """Register that a thing lies in another place, or with another keeper.

    Source:  EA-44
    Writes:  retention.moved
    Raises:  NotPermitted, NotFound
    """
    holding = queries.holding(by, holding_id)
    before = snapshot(holding)
    holding.place, holding.keeper = place, keeper
    holding.save(update_fields=["place", "keeper"])
    return Outcome(holding, before=before, facts={"place": place})


@command(writes="retention.publication-noted", clauses=("EA-44", "EA-49.2"), posts=policies.PROPOSERS)
def note_publication(*, matter: str, on: date, evidence: bytes, by: Actor, at: datetime) -> Outcome[Clock]:
    """Note when the results of a sitting before this system were published; the database counts from today at least.

    Source:  EA-44
    Writes:  retention.publication-noted
    Raises:  NotPermitted, BadInput, Conflict
    """
    if on > local_day(at):
        raise BadInput("publication-to-come", field_errors={"on": "公布日不能晚于今天。"})
    if Clock.objects.filter(matter=matter, event="publication").exists():
        raise Conflict("clock-running", message=f"{matter} 的保存期已经起算。", remedy="起算日登记后不能更改。")
    start_clock(matter=matter, event="publication", on=on)
    clock = Clock.objects.get(matter=matter, event="publication")
    digest = storage.put(evidence, media_type="application/octet-stream", at=at)
    return Outcome(clock, facts={"matter": matter, "on": on, "evidence": digest})


def _check_shape(kind: str, quantity: int) -> None:
    if kind not in retention_schedule():
        raise BadInput("kind-unknown", field_errors={"kind": "保存期限表中没有这一种类。"})
    if quantity < 1:
        raise BadInput("holding-empty", field_errors={"quantity": "数量至少是1。"})
