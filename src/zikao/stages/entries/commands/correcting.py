"""Entries follow a corrected timetable: they move with their course, or are withdrawn and paid back in full."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from zikao.stages.entries import queries
from zikao.stages.entries.commands.locks import window_alone
from zikao.stages.entries.models import Entry, EntryList, EntryWindow, Order, Payment, Refund
from zikao.stages.entries.states import (
    COURSE_DROPPED,
    OPEN_ORDERS,
    STILL_CLASHED,
    EntryState,
    OrderState,
    PaymentState,
    RefundReason,
)
from zikao.stages.programmes.entered import Aftermath, Settled

BATCH = 2000
_ROOM = """
UPDATE entries_places p SET capacity = greatest(p.capacity, p.held + p.paid + n.came)
FROM (
    SELECT q.id, count(*) AS came FROM entries_entry e
    JOIN unnest(%(papers)s::bigint[], %(units)s::bigint[]) AS m(paper_id, unit_id) ON m.paper_id = e.paper_id
    JOIN entries_places q ON q.unit_id = m.unit_id AND q.area_code = e.area_code AND q.site_code IN ('', e.site_code)
    WHERE e.state = 'paid' OR (e.state = 'entered' AND e.held_until IS NOT NULL) GROUP BY q.id
) n WHERE n.id = p.id
"""
_RANKED = """
WITH ranked AS (
    SELECT id, row_number() OVER (
        PARTITION BY candidate_id, unit_id ORDER BY (state = 'paid') DESC, (was_at <> ''), entered_at, id
    ) AS place
    FROM entries_entry WHERE unit_id = ANY(%(units)s) AND state IN ('entered', 'paid')
        AND (%(people)s::bigint[] IS NULL OR candidate_id = ANY(%(people)s::bigint[]))
)
UPDATE entries_entry e SET clashing = {to} FROM ranked r WHERE r.id = e.id AND {which}
"""
_MARK = _RANKED.format(to="true", which="r.place > 1 AND NOT e.clashing")
_CLEAR = _RANKED.format(to="false", which="r.place = 1 AND e.clashing")


def hold_entries(sitting_id: int) -> None:
    """Wait for those who are entering; nobody enters, pays or freezes before the end of this command."""
    window = EntryWindow.objects.filter(sitting_id=sitting_id).select_related("sitting").first()
    if window is not None:
        window_alone(window.sitting.code)


def follow_correction(sitting_id: int, aftermath: Aftermath, at: datetime) -> Settled:
    """Bring the entries of a sitting in line with a corrected timetable (inside its command).

    A frozen list stays as it is: the law has looked that nothing on it is touched.
    """
    standing = Entry.objects.filter(sitting_id=sitting_id, state__in=queries.STANDING)
    if EntryList.objects.filter(sitting_id=sitting_id).exists():
        return Settled()
    gone = queries.no_longer_held(standing, aftermath)
    withdrawn, refund_fen = take_back(gone, COURSE_DROPPED, at)
    retimed = 0
    for paper, words in aftermath.was_at.items():
        retimed += standing.filter(paper_id=paper).update(was_at=words, clashing=paper in aftermath.moved)
    units = _move(standing, aftermath)
    settle_clashes(units)
    clashing = standing.filter(clashing=True, unit_id__in=aftermath.moved.values()).count()
    return Settled(retimed, withdrawn, refund_fen, clashing)


def _move(standing: QuerySet[Entry], aftermath: Aftermath) -> list[int]:
    """Put entries into the new units of their papers; where places run out, more are made, for nobody loses one."""
    if not aftermath.moved:
        return []
    came = standing.filter(paper_id__in=aftermath.moved)
    left = list(came.order_by().values_list("unit_id", flat=True).distinct())
    papers, units = list(aftermath.moved), list(aftermath.moved.values())
    with connection.cursor() as cursor:
        cursor.execute(_ROOM, {"papers": papers, "units": units})
    whens = [When(paper_id=paper, then=Value(unit)) for paper, unit in aftermath.moved.items()]
    came.update(unit_id=Case(*whens, output_field=BigIntegerField()))
    return [*units, *left]


def settle_clashes(units: Collection[int], candidate_ids: Collection[int] | None = None) -> None:
    """Of several entries of one candidate in one unit, mark all but the one that was paid and there first."""
    given = {"units": list(units), "people": None if candidate_ids is None else list(candidate_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_MARK, given)
        cursor.execute(_CLEAR, given)


def end_clashes(sitting_id: int, at: datetime) -> int:
    """Before a list is frozen: of courses that clash still, the one that was corrected goes back in full."""
    clashing = Entry.objects.filter(sitting_id=sitting_id, state__in=queries.STANDING, clashing=True)
    rows = list(clashing.values_list("unit_id", "candidate_id"))
    if not rows:
        return 0
    settle_clashes({unit for unit, _ in rows}, {person for _, person in rows})
    return take_back(clashing.filter(state=EntryState.PAID), STILL_CLASHED, at)[0]


def take_back(gone: QuerySet[Entry], why: str, at: datetime) -> tuple[int, int]:
    """Withdraw entries for a correction: orders end, what was paid becomes due back whole. Gives number and fen."""
    rows = list(gone.order_by("id").values_list("pk", "candidate_id", "sitting_id", "payment_id"))
    if not rows:
        return 0, 0
    ids = [row[0] for row in rows]
    unpaid = {row[1] for row in rows if row[3] is None}
    open_orders = Order.objects.filter(sitting_id=rows[0][2], state__in=OPEN_ORDERS, candidate_id__in=unpaid)
    open_orders.update(state=OrderState.CANCELLED)
    Entry.objects.filter(pk__in=ids).update(
        state=EntryState.WITHDRAWN,
        withdrawn_at=at,
        held_until=None,
        clashing=False,
        was_at=why,
        refund_fen=Case(When(payment__isnull=True, then=Value(0)), default=F("fee_fen")),
    )
    return len(ids), _owe_all_back(ids, at)


def _owe_all_back(entry_ids: Collection[int], at: datetime) -> int:
    paid = Entry.objects.filter(pk__in=entry_ids, payment__isnull=False, refund_fen__gt=0).order_by()
    due = dict(paid.values_list("payment_id").annotate(fen=Sum("refund_fen")))
    payments = list(Payment.objects.select_for_update().filter(pk__in=due).order_by("pk"))
    for payment in payments:
        payment.refund_fen += due[payment.pk]
        payment.state = PaymentState.REFUND_DUE
    Payment.objects.bulk_update(payments, ["refund_fen", "state"], batch_size=BATCH)
    Refund.objects.bulk_create(
        (
            Refund(
                payment=payment,
                number=f"R{settings.ZIKAO_NODE_CODE}{secrets.randbelow(10**14):014d}",
                amount_fen=due[payment.pk],
                reason=RefundReason.CORRECTED,
                due_at=at,
            )
            for payment in payments
        ),
        batch_size=BATCH,
    )
    kept = Entry.objects.filter(payment__order_id=OuterRef("pk"), state=EntryState.PAID)
    orders = Order.objects.filter(payments__in=[payment.pk for payment in payments], state=OrderState.PAID)
    Order.objects.filter(Q(pk__in=orders.values("pk")), ~Exists(kept)).update(state=OrderState.REFUNDING)
    return sum(due.values())
