"""Posts that people hold over time."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, WrongState
from zikao.foundation.regulation import all_of
from zikao.stages.personnel import policies, queries, rules
from zikao.stages.personnel.models import Person, Posting
from zikao.stages.personnel.states import PostKind


@command(writes="personnel.post-given", clauses=("EA-9", "EA-10"), posts=policies.POST_APPOINTERS)
def appoint_to_post(
    *, person_id: int, post_kind: PostKind, since_on: date, by: Actor, at: datetime
) -> Outcome[Posting]:
    """Appoint a person to a post: conditions confirmed, certificate valid on the first day.

    Source:  EA-9, EA-10
    Writes:  personnel.post-given
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    condition = rules.CONDITION(on=since_on, lapsed=tuple(person.conditions_lapsed))
    all_of(condition, queries.held_on(person, post_kind, since_on)).require()
    if person.postings.filter(post_kind=post_kind, until_on__isnull=True).exists():
        raise Conflict("post-held", message=f"此人现在就聘在{PostKind(post_kind).label}岗位上。", clause="EA-10")
    if person.postings.filter(post_kind=post_kind, until_on__gt=since_on).exists():
        text = "与同一岗位以前的聘期重叠。"
        raise BadInput("post-overlaps", field_errors={"since_on": text}, message=text)
    posting = Posting.objects.create(
        person=person, post_kind=post_kind, agency_code=person.agency_code, since_on=since_on, appointed_at=at
    )
    return Outcome(posting, on=person, facts={"post": PostKind(post_kind), "since": since_on})


@command(writes="personnel.post-ended", clauses=("EA-10",), posts=policies.POST_APPOINTERS)
def end_post(*, posting_id: int, until_on: date, reason: str, by: Actor, at: datetime) -> Outcome[Posting]:
    """End a post from a day on; its period stays in the person's history.

    Source:  EA-10
    Writes:  personnel.post-ended
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    posting = access(Posting.objects.select_for_update(of=("self",)), by, pk=posting_id)
    if posting.until_on is not None:
        raise WrongState("post-ended", message="这一聘期已经结束。")
    if until_on < posting.since_on:
        raise BadInput("post-ends-before", field_errors={"until_on": "结束日期不能早于聘期起。"})
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请写明解聘原因。"})
    before = snapshot(posting)
    posting.until_on, posting.end_reason = until_on, reason.strip()
    posting.save(update_fields=["until_on", "end_reason"])
    return Outcome(posting, on=posting.person, before=before, facts={"posting": posting.pk, "until": until_on})
