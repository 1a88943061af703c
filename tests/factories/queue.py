"""Pre-registrations answered page by page, as a person on a phone does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.actors import COUNTY
from tests.factories.agencies import a_county
from tests.factories.candidates import an_applicant
from tests.factories.programmes import SITTING, a_major, a_sitting
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.stages.candidates import commands
from zikao.stages.candidates.models import Candidate, PreRegistration
from zikao.stages.candidates.states import Applicant


def a_draft(at: datetime, person: Applicant | None = None) -> PreRegistration:
    """Begun, nothing else answered."""
    someone = person or an_applicant(at)
    return commands.begin_preregistration(
        document_kind=someone.document_kind, id_number=someone.id_number, phone="13800000000", by=node_actor(), at=at
    ).value


def answered(at: datetime, person: Applicant | None = None, county: str = COUNTY) -> PreRegistration:
    """Everything answered, not handed in."""
    someone = person or an_applicant(at)
    a_county(at, county)
    a_major(at, someone.major_code)
    a_sitting(at)
    draft = a_draft(at, someone)
    here: dict[str, Any] = {"draft_id": draft.pk, "by": node_actor(), "at": at}
    told = {
        "person": {"name": someone.name, "sex": someone.sex, "born_on": someone.born_on, "ethnic": someone.ethnic},
        "place": {"county_code": county, "sitting_code": SITTING},
        "major": {"major_code": someone.major_code, "shown": someone.shown},
        "contact": {"phone": "13800000000", "address": "中山路1号"},
    }
    for section, answers in told.items():
        commands.answer_preregistration(section=section, answers=answers, **here)
    commands.attach_portrait(picture=someone.portrait or b"", **here)
    commands.accept_terms(section="rules", **here)
    commands.accept_terms(section="pledge", name=someone.name, **here)
    return PreRegistration.objects.get(pk=draft.pk)


def in_queue(at: datetime, person: Applicant | None = None, county: str = COUNTY) -> PreRegistration:
    """Handed in; the next one hands in a second later."""
    draft = answered(at, person, county)
    return commands.submit_preregistration(draft_id=draft.pk, by=node_actor(), at=at).value


def a_window(number: int = 1, county: str = COUNTY) -> Actor:
    """A clerk at a window, with an account's number."""
    return Actor("测试县区报名员", Post.COUNTY_CLERK, county, account_id=900 + number)


def confirmed(at: datetime, person: Applicant | None = None) -> Candidate:
    """Called and registered."""
    someone = person or an_applicant(at)
    queued = in_queue(at, someone)
    by = a_window()
    commands.call_queued(queued_id=queued.pk, by=by, at=at)
    return commands.confirm_registration(
        queued_id=queued.pk, number_tail=someone.id_number[-6:], same_person=True, fee_fen=1000, by=by,
        at=at + timedelta(seconds=1),
    ).value  # fmt: skip
