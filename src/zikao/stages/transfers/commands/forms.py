"""The registration form printed: it shows the whole ID number, so that printing it leaves a line."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import WrongState
from zikao.stages.transfers import policies
from zikao.stages.transfers.models import Transfer
from zikao.stages.transfers.states import Direction, TransferState


@command(writes="transfers.form-issued", clauses=("SR-A2.3.1", "SR-A2.4.4"), posts=policies.CLERKS)
def issue_form(*, transfer_id: int, by: Actor, at: datetime) -> Outcome[Transfer]:
    """Issue the form that the candidate signs; a transfer in is reviewed first.

    Source:  SR-A2.3.1, SR-A2.4.4
    Writes:  transfers.form-issued
    Raises:  NotPermitted, NotFound, WrongState
    """
    transfer = access(Transfer.objects.select_related("candidate__major"), by, pk=transfer_id)
    if transfer.direction == Direction.IN and transfer.state == TransferState.RECEIVED:
        raise WrongState("not-reviewed", message="转入档案还没有审核，转入方式没有确定。", remedy="请先审核档案。")
    return Outcome(transfer)
