"""Who works: many vetted, trained, filed at once by the province; each pledged by their own hand (SR-A1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, WrongState
from zikao.foundation.regulation import parameter
from zikao.stages.collecting import policies, queries, rules
from zikao.stages.collecting.commands.leaving import leave_at_once
from zikao.stages.collecting.commands.rounds import locked_round
from zikao.stages.collecting.models import Round, Worker
from zikao.stages.collecting.states import WORKER_TRANSITIONS, RoundState, WorkerState


@command(writes="collecting.workers-vetted", clauses=("SR-A1.4",), posts=policies.VETTERS)
def vet_workers(
    *, round_id: int, account_ids: Sequence[int], vetting: str, by: Actor, at: datetime
) -> Outcome[list[Worker]]:  # fmt: skip
    """Choose people for the work after their qualification was examined, all or none; nobody vets themselves.

    Source:  SR-A1.4
    Writes:  collecting.workers-vetted
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    held = locked_round(by, round_id)
    _check_live(held)
    if not vetting.strip():
        raise BadInput("vetting-missing", field_errors={"vetting": "请填写审查结论与依据。"})
    wanted = set(account_ids)
    _check_not_own(wanted, by)
    if chosen := list(held.workers.filter(account_id__in=wanted).values_list("name", flat=True)):
        raise Conflict("worker-chosen", message=f"{_names(chosen)}已经选聘。")
    people = queries.people_to_choose(by, held, local_day(at)).filter(pk__in=wanted).order_by("pk")
    found = dict(people.values_list("pk", "name"))
    if not wanted or len(found) != len(wanted):
        raise BadInput("account-unknown", message="请选择本机构在岗的其他工作人员。", remedy="已离岗的，不能选聘。")
    made = Worker.objects.bulk_create(
        Worker(
            round=held, account_id=account_id, name=name, state=WorkerState.VETTED, vetting=vetting.strip(),
            vetted_on=local_day(at), agency_code=held.agency_code,
        )
        for account_id, name in found.items()
    )  # fmt: skip
    return _outcome(made, {"accounts": list(found)})


@command(writes="collecting.workers-trained", clauses=("SR-A1.4",), posts=policies.VETTERS)
def record_training(
    *, round_id: int, worker_ids: Sequence[int], topics: Sequence[str], trained_on: date, by: Actor, at: datetime
) -> Outcome[list[Worker]]:
    """Record that people passed the training in law, secrecy, discipline and operation, all or none.

    Source:  SR-A1.4
    Writes:  collecting.workers-trained
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput
    """
    workers = _several(by, round_id, worker_ids, WorkerState.TRAINED)
    if trained_on > local_day(at):
        raise BadInput("training-to-come", field_errors={"trained_on": "培训日期不能晚于今天。"})
    rules.TRAINING(on=local_day(at), topics=tuple(topics)).require()
    rows = Worker.objects.filter(pk__in=[worker.pk for worker in workers])
    rows.update(state=WorkerState.TRAINED, topics=list(topics), trained_on=trained_on)
    return _outcome(workers, {"topics": list(topics), "trained_on": trained_on})


@command(writes="collecting.workers-filed", clauses=("SR-A1.4", "SR-A1.2"), posts=policies.VETTERS)
def file_workers(*, round_id: int, worker_ids: Sequence[int], by: Actor, at: datetime) -> Outcome[list[Worker]]:
    """Enter trained people in the register of those who work with scores (备案), all or none.

    Source:  SR-A1.4, SR-A1.2
    Writes:  collecting.workers-filed
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    workers = _several(by, round_id, worker_ids, WorkerState.FILED)
    rows = Worker.objects.filter(pk__in=[worker.pk for worker in workers])
    rows.update(state=WorkerState.FILED, filed_on=local_day(at))
    return _outcome(workers, {})


@command(writes="collecting.pledge-signed", clauses=("SR-A1.4",), posts=policies.WORKERS)
def sign_pledge(*, worker_id: int, by: Actor, at: datetime) -> Outcome[Worker]:
    """Sign the safety pledge: the person themselves, word for word what stands in the parameter that day.

    Source:  SR-A1.4
    Writes:  collecting.pledge-signed
    Raises:  NotPermitted, NotFound, WrongState
    """
    worker = _own(by, worker_id)
    check_transition(WORKER_TRANSITIONS, WorkerState(worker.state), WorkerState.PLEDGED)
    before = snapshot(worker)
    text = str(parameter("safety-pledge").on(local_day(at), province=worker.agency_code[:2]))
    worker.state, worker.pledge, worker.pledge_signed_at = WorkerState.PLEDGED, sm3(text.encode()).hex(), at
    worker.save(update_fields=["state", "pledge", "pledge_signed_at"])
    return Outcome(worker, before=before, facts={"pledge": worker.pledge})


@command(writes="collecting.worker-recused", clauses=("SR-A1.2",), posts=policies.WORKERS)
def recuse_worker(*, worker_id: int, by: Actor, at: datetime) -> Outcome[Worker]:
    """Declare that oneself or a relative sits this sitting: the person takes no part, and leaves at once.

    Source:  SR-A1.2
    Writes:  collecting.worker-recused
    Raises:  NotPermitted, NotFound, WrongState
    """
    worker = _own(by, worker_id)
    check_transition(WORKER_TRANSITIONS, WorkerState(worker.state), WorkerState.RECUSED)
    before = snapshot(worker)
    worker.state = WorkerState.RECUSED
    worker.save(update_fields=["state"])
    left = leave_at_once(worker.account_id, at) if worker.presences.filter(left_at=None).exists() else 0
    return Outcome(worker, before=before, facts={"left": left})


def _several(by: Actor, round_id: int, worker_ids: Sequence[int], to: WorkerState) -> list[Worker]:
    """The round's workers, locked, who all may take the step. Raises NotFound, BadInput, WrongState."""
    _check_live(locked_round(by, round_id))
    rows = Worker.objects.select_for_update(of=("self",)).select_related("round__sitting")
    workers = list(rows.filter(round_id=round_id, pk__in=worker_ids).order_by("pk"))
    if not workers or len(workers) != len(set(worker_ids)):
        raise NotFound("worker-not-found", message="选中的人员有的不在名册中。", remedy="请返回名册重新选择。")
    _check_not_own({worker.account_id for worker in workers}, by)
    if wrong := [each.name for each in workers if to not in WORKER_TRANSITIONS[WorkerState(each.state)]]:
        raise WrongState(
            "workers-elsewhere",
            message=f"{_names(wrong)}不在可以“{to.label.partition('，')[0]}”的状态，全部没有办理。",
            remedy="请去掉这些人员后重新提交。",
            clause="SR-A1.4",
        )
    return workers


def _check_live(held: Round) -> None:
    if held.state == RoundState.CLOSED:
        raise WrongState("round-closed", message="这次采集安排已经结束。")


def _check_not_own(accounts: set[int], by: Actor) -> None:
    if by.account_id in accounts:
        raise BadInput(
            "own-qualification",
            message="本人的审查、培训和备案不能由自己登记。",
            remedy="请由另一位负责人登记。",
            clause="SR-A1.4",
        )


def _names(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (f"等 {len(names)} 人" if len(names) > 5 else "")


def _outcome(workers: list[Worker], facts: dict[str, object]) -> Outcome[list[Worker]]:
    """One line: about the worker where there is one, else about the round, naming each."""
    subject: Worker | Round = workers[0] if len(workers) == 1 else workers[0].round
    ids = [worker.pk for worker in workers]
    return Outcome(workers, on=subject, facts={"count": len(ids), "workers": ids, **facts})


def _own(by: Actor, worker_id: int) -> Worker:
    rows = Worker.objects.select_for_update(of=("self",)).select_related("round")
    worker = access(rows, by, pk=worker_id)
    _check_live(worker.round)
    if by.account_id is None or worker.account_id != by.account_id:
        raise NotPermitted("not-the-worker", message="安全工作责任书和回避申报只能由本人办理。", clause="SR-A1.4")
    return worker
