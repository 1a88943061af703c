"""The account that a member of the exam staff works with: without it nobody can be kept away from what is secret."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.personnel import policies
from zikao.stages.personnel.models import Person


@command(writes="personnel.account-linked", clauses=("EA-11.1",), posts=policies.LINKERS)
def link_account(*, person_id: int, username: str, by: Actor, at: datetime) -> Outcome[Person]:
    """Say which account a person works with; what they declare then closes secret matters to that account.

    Source:  EA-11.1
    Writes:  personnel.account-linked
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    person = access(Person.objects.select_for_update(of=("self",)), by, pk=person_id)
    account = Account.objects.filter(username=username.strip(), candidate_id=None).first()
    if account is None or not by.covers(account.agency_code):
        text = "本机构管辖范围内没有这个用户名。"
        raise BadInput("account-unknown", field_errors={"username": text}, message=text)
    if Person.objects.filter(account_id=account.pk).exclude(pk=person.pk).exists():
        raise Conflict("account-linked", message="这个账号已经关联到另一名工作人员。", clause="EA-11.1")
    before = snapshot(person)
    person.account_id = account.pk
    person.save(update_fields=["account_id"])
    return Outcome(person, before=before, facts={"account": account.pk})
