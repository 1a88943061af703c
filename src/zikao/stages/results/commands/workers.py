"""Who collects: vetted and chosen by the province, trained, filed; and pledged by their own hand (SR-A1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import BadInput, Conflict, NotPermitted, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.results import policies, queries, rules
from zikao.stages.results.commands.rounds import locked_round
from zikao.stages.results.models import CollectionWorker
from zikao.stages.results.states import WORKER_TRANSITIONS, RoundState, WorkerState


@command(writes="results.worker-vetted", clauses=("SR-A1.4",), posts=policies.ROUND_ORGANISERS)
def vet_worker(*, round_id: int, account_id: int, vetting: str, by: Actor, at: datetime) -> Outcome[CollectionWorker]:
    """Choose somebody to collect, after their qualification was examined; nobody vets themselves.

    Source:  SR-A1.4
    Writes:  results.worker-vetted
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    held = locked_round(by, round_id)
    if held.state == RoundState.CLOSED:
        raise WrongState("round-closed", message="这次采集安排已经结束。")
    account = queries.account_of(by, account_id)
    if account is None or account.pk == by.account_id:
        raise BadInput("account-unknown", field_errors={"account_id": "请选择本机构的另一名工作人员。"})
    if not vetting.strip():
        raise BadInput("vetting-missing", field_errors={"vetting": "请填写审查结论与依据。"})
    if held.workers.filter(account_id=account.pk).exists():
        raise Conflict("worker-chosen", message=f"{account.name}已经选聘。")
    worker = CollectionWorker.objects.create(
        round=held,
        account_id=account.pk,
        name=account.name,
        state=WorkerState.VETTED,
        vetting=vetting.strip(),
        vetted_on=local_day(at),
        agency_code=held.agency_code,
    )
    return Outcome(worker, facts={"round": held.pk, "account": account.pk})


@command(writes="results.worker-trained", clauses=("SR-A1.4",), posts=policies.ROUND_ORGANISERS)
def record_training(
    *, worker_id: int, topics: Sequence[str], trained_on: date, by: Actor, at: datetime
) -> Outcome[CollectionWorker]:
    """Record that a worker passed the training in law, secrecy, discipline and operation.

    Source:  SR-A1.4
    Writes:  results.worker-trained
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput
    """
    worker = _locked(by, worker_id)
    check_transition(WORKER_TRANSITIONS, WorkerState(worker.state), WorkerState.TRAINED)
    if trained_on > local_day(at):
        raise BadInput("training-to-come", field_errors={"trained_on": "培训日期不能晚于今天。"})
    rules.TRAINING(on=local_day(at), topics=tuple(topics)).require()
    before = snapshot(worker)
    worker.state, worker.topics, worker.trained_on = WorkerState.TRAINED, list(topics), trained_on
    worker.save(update_fields=["state", "topics", "trained_on"])
    return Outcome(worker, before=before, facts={"topics": list(topics)})


@command(writes="results.worker-filed", clauses=("SR-A1.4", "SR-A1.2"), posts=policies.ROUND_ORGANISERS)
def file_worker(*, worker_id: int, by: Actor, at: datetime) -> Outcome[CollectionWorker]:
    """Enter a trained worker in the register of those who collect (备案).

    Source:  SR-A1.4, SR-A1.2
    Writes:  results.worker-filed
    Raises:  NotPermitted, NotFound, WrongState
    """
    worker = _locked(by, worker_id)
    check_transition(WORKER_TRANSITIONS, WorkerState(worker.state), WorkerState.FILED)
    before = snapshot(worker)
    worker.state, worker.filed_on = WorkerState.FILED, local_day(at)
    worker.save(update_fields=["state", "filed_on"])
    return Outcome(worker, before=before)


@command(writes="results.pledge-signed", clauses=("SR-A1.4",), posts=policies.WORKERS)
def sign_pledge(*, worker_id: int, by: Actor, at: datetime) -> Outcome[CollectionWorker]:
    """Sign the safety pledge: the person themselves, word for word what stands in the parameter that day.

    Source:  SR-A1.4
    Writes:  results.pledge-signed
    Raises:  NotPermitted, NotFound, WrongState
    """
    worker = _own(by, worker_id)
    check_transition(WORKER_TRANSITIONS, WorkerState(worker.state), WorkerState.PLEDGED)
    before = snapshot(worker)
    text = str(parameter("safety-pledge").on(local_day(at), province=worker.agency_code[:2]))
    worker.state, worker.pledge, worker.pledge_signed_at = WorkerState.PLEDGED, sm3(text.encode()).hex(), at
    worker.save(update_fields=["state", "pledge", "pledge_signed_at"])
    return Outcome(worker, before=before, facts={"pledge": worker.pledge})


@command(writes="results.worker-recused", clauses=("SR-A1.2",), posts=policies.WORKERS)
def recuse_worker(*, worker_id: int, by: Actor, at: datetime) -> Outcome[CollectionWorker]:
    """Declare that oneself or a relative sits this sitting: the person takes no part, and leaves at once.

    Source:  SR-A1.2
    Writes:  results.worker-recused
    Raises:  NotPermitted, NotFound, WrongState
    """
    worker = _own(by, worker_id)
    check_transition(WORKER_TRANSITIONS, WorkerState(worker.state), WorkerState.RECUSED)
    before = snapshot(worker)
    worker.state = WorkerState.RECUSED
    worker.save(update_fields=["state"])
    worker.presences.filter(left_at=None).update(left_at=at)
    return Outcome(worker, before=before)


def _locked(by: Actor, worker_id: int) -> CollectionWorker:
    rows = CollectionWorker.objects.select_for_update(of=("self",)).select_related("round")
    worker = access(rows, by, pk=worker_id)
    if worker.round.state == RoundState.CLOSED:
        raise WrongState("round-closed", message="这次采集安排已经结束。")
    return worker


def _own(by: Actor, worker_id: int) -> CollectionWorker:
    worker = _locked(by, worker_id)
    if by.account_id is None or worker.account_id != by.account_id:
        raise NotPermitted("not-the-worker", message="安全工作责任书和回避申报只能由本人办理。", clause="SR-A1.4")
    return worker
