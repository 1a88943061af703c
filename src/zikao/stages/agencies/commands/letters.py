"""The letter to the centre about premises of a tutoring institution, before every session (EA-A3.1)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.documents import media_type, render
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.exchange import send
from zikao.stages.agencies import policies, queries
from zikao.stages.agencies.models import PremisesLetter, Site
from zikao.stages.agencies.states import LETTER_TRANSITIONS, LetterState

CENTRE = "national"
LETTER = "agencies.premises-letter"


@command(writes="agencies.premises-letter-sent", clauses=("EA-A3.1",), posts=policies.LETTER_SENDERS)
def send_premises_letter(*, site_id: int, sitting_code: str, by: Actor, at: datetime) -> Outcome[PremisesLetter]:
    """Make the session's letter from the facts on record and send it to the centre.

    Source:  EA-A3.1
    Writes:  agencies.premises-letter-sent
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    sites = Site.objects.select_for_update(of=("self",)).select_related("area", "county", "tutoring_institution")
    site = access(sites, by, pk=site_id)
    queries.letter_ready(site, sitting_code, at).require()
    if site.letters.filter(sitting_code=sitting_code).exclude(state=LetterState.RETURNED).exists():
        raise Conflict("letter-sent", message=f"{sitting_code} 考次的专函已经报送。")
    number = f"自考助学场地〔{sitting_code}〕{site.code}-{site.letters.filter(sitting_code=sitting_code).count() + 1}"
    body = queries.letter_body(site, sitting_code, number)
    digest = sm3(canonical(body)).hex()
    pdf = render("agencies/premises_letter.typ", queries.letter_document(body, digest, at))
    letter = PremisesLetter.objects.create(
        site=site,
        agency_code=site.agency_code,
        sitting_code=sitting_code,
        number=number,
        state=LetterState.SENT,
        body=body,
        digest=digest,
        document=storage.put(pdf, media_type=media_type, at=at),
        sent_at=at,
    )
    send(to=CENTRE, kind=LETTER, body={"letter": body, "digest": digest}, at=at)
    facts = {"site": site.code, "sitting": sitting_code, "digest": digest, "rooms": body["rooms"]}
    return Outcome(letter, facts={**facts, "staff": len(body["staff"])})


@command(writes="agencies.premises-letter-answered", clauses=("EA-A3.1",), posts=policies.INBOX)
def answer_premises_letter(
    *, number: str, digest: str, received: bool, answer: str, by: Actor, at: datetime
) -> Outcome[PremisesLetter]:
    """Keep the centre's answer: received under its number, or returned with the reason.

    Source:  EA-A3.1
    Writes:  agencies.premises-letter-answered
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    letter = PremisesLetter.objects.select_for_update().filter(Q(number=number)).first()
    if letter is None:
        raise NotFound("letter-not-found", facts={"number": number})
    if letter.digest != digest:
        raise BadInput("letter-digest-differs", message="答复所指的内容与报送的不一致。")
    state = LetterState.ACKNOWLEDGED if received else LetterState.RETURNED
    check_transition(LETTER_TRANSITIONS, LetterState(letter.state), state)
    before = snapshot(letter)
    letter.state, letter.answer, letter.answered_at = state, answer[:500], at
    letter.save(update_fields=["state", "answer", "answered_at"])
    return Outcome(letter, before=before, facts={"number": number, "state": state})
