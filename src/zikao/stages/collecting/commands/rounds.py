"""A round of collecting: drafted with its process, given a leading group and responsible people, confirmed, closed."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound, WrongState
from zikao.stages.agencies.models import School
from zikao.stages.collecting import policies, queries
from zikao.stages.collecting.models import GroupMember, ResponsiblePerson, Round
from zikao.stages.collecting.states import ROUND_TRANSITIONS, CollectionDuty, MemberRole, Purpose, RoundState
from zikao.stages.programmes.models import Sitting


@command(writes="collecting.round-drafted", clauses=("SR-A1.3", "SR-A1.2"), posts=policies.ORGANISERS)
def draft_round(
    *,
    purpose: Purpose,
    sitting: str = "",
    begins_at: datetime,
    ends_at: datetime,
    process: bytes,
    process_type: str,
    by: Actor,
    at: datetime,
) -> Outcome[Round]:
    """Draft when scores are collected and processed, with the document of process, system and discipline.

    Of a `sitting`: its marking, totalling and collecting. For handing in, of none.

    Source:  SR-A1.3, SR-A1.2
    Writes:  collecting.round-drafted
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    held = _sitting(purpose, sitting)
    if ends_at <= begins_at or ends_at <= at:
        raise BadInput("round-ends-before", field_errors={"ends_at": "结束时间要晚于开始时间和现在。"})
    if not process:
        raise BadInput("process-missing", field_errors={"process": "请附上工作流程和管理制度。"}, clause="SR-A1.3")
    live = queries.live_round(purpose, held, by.agency_code)
    if live is not None:
        raise Conflict("round-exists", message=f"已经有“{live}”安排。", remedy="确需改期的，先结束原来的安排。")
    drafted = Round.objects.create(
        purpose=purpose,
        sitting=held,
        begins_at=begins_at,
        ends_at=ends_at,
        process=storage.put(process, media_type=process_type, at=at),
        process_type=process_type,
        state=RoundState.DRAFTED,
        drafted_at=at,
        drafted_by=by.account_id,
        agency_code=by.agency_code,
    )
    facts = {"purpose": purpose.value, "sitting": sitting, "begins_at": begins_at, "ends_at": ends_at}
    return Outcome(drafted, facts={**facts, "process": drafted.process})


def _sitting(purpose: Purpose, code: str) -> Sitting | None:
    if purpose == Purpose.HAND_IN:
        if code:
            raise BadInput("sitting-not-needed", field_errors={"sitting": "移交与考核成绩登记不属于某一考次。"})
        return None
    held = Sitting.objects.filter(code=code).first()
    if held is None:
        raise NotFound("sitting-not-found", facts={"sitting": code}, message=f"没有考次 {code}。")
    return held


@command(writes="collecting.group-member-named", clauses=("SR-A1.3",), posts=policies.ORGANISERS)
def name_member(
    *, round_id: int, name: str, school: str, role: MemberRole, by: Actor, at: datetime
) -> Outcome[Round]:  # fmt: skip
    """Name a member of the leading group; an empty school code means the province's own.

    Source:  SR-A1.3
    Writes:  collecting.group-member-named
    Raises:  NotPermitted, NotFound, BadInput, Conflict, WrongState
    """
    held = drafted_round(by, round_id)
    found = School.objects.filter(code=school).first() if school else None
    if school and (found is None or not by.covers(found.agency_code)):
        raise BadInput("school-unknown", field_errors={"school": "没有这所主考学校。"})
    if not name.strip():
        raise BadInput("name-missing", field_errors={"name": "请填写姓名。"})
    if held.members.filter(name=name.strip(), school=found).exists():
        raise Conflict("member-named", message=f"{name.strip()}已经是领导小组成员。")
    if role == MemberRole.LEADER and held.members.filter(role=MemberRole.LEADER).exists():
        raise Conflict("group-has-leader", message="领导小组已经有组长。", remedy="请选择副组长或者成员。")
    GroupMember.objects.create(round=held, name=name.strip(), school=found, role=role)
    return Outcome(held, facts={"role": role.value, "school": school})


@command(writes="collecting.duty-named", clauses=("SR-A1.2",), posts=policies.ORGANISERS)
def name_responsible(
    *, round_id: int, duty: CollectionDuty, account_id: int, by: Actor, at: datetime
) -> Outcome[Round]:  # fmt: skip
    """Name who answers for a post of the round; naming another replaces the person until the round is confirmed.

    Source:  SR-A1.2
    Writes:  collecting.duty-named
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    held = drafted_round(by, round_id)
    account = queries.account_of(by, account_id)
    if account is None:
        raise BadInput("account-unknown", field_errors={"account_id": "本机构没有这个账号。"})
    ResponsiblePerson.objects.update_or_create(
        round=held, duty=duty, defaults={"account_id": account.pk, "name": account.name}
    )
    return Outcome(held, facts={"duty": duty.value, "account": account.pk})


@command(writes="collecting.round-confirmed", clauses=("SR-A1.2", "SR-A1.3"), posts=policies.CONFIRMERS)
def confirm_round(*, round_id: int, by: Actor, at: datetime) -> Outcome[Round]:
    """The provincial head answers for the round: its group, its posts, its time and its process are set.

    Source:  SR-A1.2, SR-A1.3
    Writes:  collecting.round-confirmed
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    held = locked_round(by, round_id)
    check_transition(ROUND_TRANSITIONS, RoundState(held.state), RoundState.CONFIRMED)
    queries.confirmation(held, local_day(at)).require()
    before = snapshot(held)
    held.state, held.confirmed_at, held.confirmed_by = RoundState.CONFIRMED, at, by.account_id
    held.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    named = {each.duty: each.account_id for each in held.responsible.all()}
    return Outcome(held, before=before, facts={"members": held.members.count(), "duties": named})


@command(writes="collecting.round-closed", clauses=("SR-A1.3",), posts=policies.ORGANISERS)
def close_round(*, round_id: int, by: Actor, at: datetime) -> Outcome[Round]:
    """End a round: nothing is collected or processed under it any more; another may be drafted.

    Source:  SR-A1.3
    Writes:  collecting.round-closed
    Raises:  NotPermitted, NotFound, WrongState, Conflict
    """
    held = locked_round(by, round_id)
    check_transition(ROUND_TRANSITIONS, RoundState(held.state), RoundState.CLOSED)
    if held.sessions.filter(ended_at=None).exists():
        raise Conflict("session-running", message="还有场所没有结束工作。", remedy="请先结束这些场次并登记录像。")
    before = snapshot(held)
    held.state, held.closed_at = RoundState.CLOSED, at
    held.save(update_fields=["state", "closed_at"])
    return Outcome(held, before=before)


def locked_round(by: Actor, round_id: int) -> Round:
    """The round, locked until the command ends. Raises NotFound."""
    return access(Round.objects.select_for_update(of=("self",)).select_related("sitting"), by, pk=round_id)


def drafted_round(by: Actor, round_id: int) -> Round:
    """The round, locked, while its group and posts may still be named. Raises NotFound, WrongState."""
    held = locked_round(by, round_id)
    if held.state != RoundState.DRAFTED:
        raise WrongState(
            "round-not-drafted", message="采集安排批准之后，领导小组和责任岗位不再变动。", clause="SR-A1.2"
        )
    return held
