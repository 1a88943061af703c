"""Technical changes to data that are not answers: registered, confirmed by two full-time people, then made."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.collecting.queries import require_at_work
from zikao.stages.collecting.states import Work
from zikao.stages.marking import policies, rules
from zikao.stages.marking.models import Card, DataConfirmation, DataCorrection, Script
from zikao.stages.marking.queries import paper_of
from zikao.stages.marking.queries.persons import account_of, full_time_person
from zikao.stages.marking.states import DATA_CORRECTION_TRANSITIONS, CardState, CorrectedField, DataCorrectionState
from zikao.stages.seating.models import Seat

COUNTED = (CardState.READ, CardState.DOUBTFUL, CardState.RESOLVED)


@command(
    writes="marking.data-correction-proposed", clauses=("EA-A9.2.1.2", "SR-A1.4", "SR-A1.5"), posts=policies.RULERS
)
def propose_data_correction(
    *, paper_id: int, batch_number: int, card_number: int, admission_number: str, reason: str, by: Actor, at: datetime
) -> Outcome[DataCorrection]:
    """Register that a card's barcode was misread: what was read, what it is, and why. Nothing changes yet.

    Source:  EA-A9.2.1.2, SR-A1.4, SR-A1.5
    Writes:  marking.data-correction-proposed
    Raises:  NotPermitted, NotFound, BadInput, Conflict (one waits already, or the seat has a card), Refused
    """
    paper = paper_of(paper_id)
    card = access(
        Card.objects.select_for_update(of=("self",)), by, paper=paper, batch__number=batch_number, number=card_number
    )
    require_at_work(Work.MARKING, by, at, sitting_id=paper.sitting_id)
    seat = _seat(paper.pk, admission_number, by)
    after = f"{paper.course.code}{admission_number}"
    rules.DATA_CORRECTION(
        on=local_day(at),
        placed=card.state in COUNTED,
        in_marking=Script.objects.filter(card=card).exists(),
        changes=(card.barcode, card.seat_id) != (after, seat.pk),
        reason_given=bool(reason.strip()),
    ).require()
    if DataCorrection.objects.filter(card=card, state=DataCorrectionState.PROPOSED).exists():
        raise Conflict(
            "data-correction-waits", message="这张答题卡已有一项修改待确认。", remedy="请先确认或者不予修改。"
        )
    _check_free(card, seat)
    made = DataCorrection.objects.create(
        card=card,
        field=CorrectedField.BARCODE,
        before=card.barcode,
        after=after,
        seat_before_id=card.seat_id or 0,
        seat_after=seat,
        reason=reason.strip(),
        state=DataCorrectionState.PROPOSED,
        proposed_by=account_of(by),
        proposer=by.name,
        proposed_at=at,
        agency_code=card.agency_code,
    )
    return Outcome(made, facts={"card": card.pk, "field": made.field, "seats": [card.seat_id, seat.pk]})


@command(
    writes="marking.data-correction-confirmed",
    clauses=("EA-A9.2.1.2", "SR-A1.4", "SR-A1.5"),
    posts=policies.DATA_CONFIRMERS,
)
def confirm_data_correction(*, correction_id: int, by: Actor, at: datetime) -> Outcome[DataCorrection]:
    """Confirm a registered change as a full-time member of the staff; with enough of them it is made.

    Source:  EA-A9.2.1.2, SR-A1.4, SR-A1.5
    Writes:  marking.data-correction-confirmed
    Raises:  NotPermitted, NotFound, WrongState, Conflict, Refused
    """
    held = _at_the_place(correction_id, by, at)
    check_transition(DATA_CORRECTION_TRANSITIONS, DataCorrectionState(held.state), DataCorrectionState.APPLIED)
    earlier, person, account = list(held.confirmations.all()), full_time_person(by), account_of(by)
    known = {each.account_id for each in earlier}
    rules.DATA_CONFIRMATION(
        on=local_day(at),
        full_time=person is not None,
        proposed_it=account == held.proposed_by,
        confirmed_already=account in known,
    ).require()
    before = snapshot(held)
    assert person is not None
    DataConfirmation.objects.create(
        correction=held,
        account_id=account,
        person_id=person.pk,
        name=person.name,
        confirmed_at=at,
        agency_code=held.agency_code,
    )
    if rules.DATA_APPLIED(on=local_day(at), confirmed=len(earlier) + 1):
        _apply(held, at)
    facts = {"card": held.card_id, "people": len(earlier) + 1, "applied": held.state == DataCorrectionState.APPLIED}
    return Outcome(held, before=before, facts=facts)


@command(
    writes="marking.data-correction-refused",
    clauses=("EA-A9.2.1.2", "SR-A1.4", "SR-A1.5"),
    posts=policies.DATA_CONFIRMERS,
)
def refuse_data_correction(*, correction_id: int, why: str, by: Actor, at: datetime) -> Outcome[DataCorrection]:
    """Do not make a registered change; the register keeps it and says why.

    Source:  EA-A9.2.1.2, SR-A1.4, SR-A1.5
    Writes:  marking.data-correction-refused
    Raises:  NotPermitted, NotFound, Refused, WrongState, BadInput
    """
    held = _at_the_place(correction_id, by, at)
    check_transition(DATA_CORRECTION_TRANSITIONS, DataCorrectionState(held.state), DataCorrectionState.REFUSED)
    if not why.strip():
        raise BadInput("no-reason", field_errors={"why": "请写明理由。"}, message="没有写明理由。")
    before = snapshot(held)
    held.state, held.refused_why = DataCorrectionState.REFUSED, why.strip()
    held.save(update_fields=["state", "refused_why"])
    return Outcome(held, before=before, facts={"card": held.card_id})


def _at_the_place(correction_id: int, by: Actor, at: datetime) -> DataCorrection:
    rows = DataCorrection.objects.select_for_update(of=("self",)).select_related("card__paper")
    held = access(rows, by, pk=correction_id)
    require_at_work(Work.MARKING, by, at, sitting_id=held.card.paper.sitting_id)
    return held


def _seat(paper_id: int, admission_number: str, by: Actor) -> Seat:
    rows = Seat.objects.select_related("entry__candidate")
    return access(rows, by, paper_id=paper_id, entry__candidate__admission_number=admission_number)


def _check_free(card: Card, seat: Seat) -> None:
    if Card.objects.filter(seat=seat, state__in=COUNTED).exclude(pk=card.pk).exists():
        raise Conflict(
            "seat-has-card",
            message="这名考生的座位已有一张答题卡。",
            remedy="两张卡对调的，请先核对原卡；多出的一张在“搁置答题卡”中认定。",
        )


def _apply(held: DataCorrection, at: datetime) -> None:
    card = Card.objects.select_for_update(of=("self",)).get(pk=held.card_id)
    in_marking = Script.objects.filter(card=card).exists()
    if (card.barcode, card.seat_id) != (held.before, held.seat_before_id):
        raise Conflict("card-moved", message="登记以后这张答题卡的数据已经变了。", remedy="请不予修改，重新登记。")
    rules.DATA_CORRECTION(
        on=local_day(at), placed=card.state in COUNTED, in_marking=in_marking, changes=True, reason_given=True
    ).require()
    _check_free(card, held.seat_after)
    held.state, held.applied_at = DataCorrectionState.APPLIED, at
    held.save(update_fields=["state", "applied_at"])  # before the card: the database counts the confirmations here
    card.barcode, card.seat, card.agency_code = held.after, held.seat_after, held.seat_after.agency_code
    card.save(update_fields=["barcode", "seat", "agency_code"])
