"""A candidate's way in: the password set anew at the counter, in person."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import Candidate


@command(writes="candidates.password-set", clauses=("EA-13.1",), posts=policies.REGISTRARS)
def set_candidate_password(
    *, candidate_id: int, candidate_password: str, by: Actor, at: datetime
) -> Outcome[Candidate]:
    """Set the password of a candidate who stands at the counter with their ID; the old one is void.

    Source:  EA-13.1
    Writes:  candidates.password-set
    Raises:  NotPermitted, NotFound, BadInput (weak)
    """
    candidate = queries.access_candidate(by, candidate_id)
    Account.objects.filter(candidate_id=candidate.pk).update(password=hashed(candidate_password))
    return Outcome(candidate, facts={"number": candidate.admission_number})


def hashed(password: str) -> str:
    """The password's hash; BadInput where it is weak."""
    try:
        validate_password(password)
    except ValidationError as error:
        text = " ".join(error.messages)
        raise BadInput("weak-password", field_errors={"candidate_password": text}, message=text) from None
    return make_password(password)
