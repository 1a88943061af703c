"""The questions of a paper; the key entered by one, reviewed and signed by others, kept sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.crypto import mac_of
from zikao.foundation.errors import BadInput, Conflict
from zikao.foundation.regulation import parameter
from zikao.foundation.secrecy.classes import classify, require_access
from zikao.stages.marking import policies, rules
from zikao.stages.marking.cards.layout import MOST_ITEMS, OPTIONS
from zikao.stages.marking.models import AnswerKey, Question
from zikao.stages.marking.models.keys import ANSWERS
from zikao.stages.marking.queries import objective_count, paper_of
from zikao.stages.marking.queries.persons import account_of, may_mark
from zikao.stages.marking.secrets import KEY, QUESTIONS, matter_of
from zikao.stages.marking.states import KEY_TRANSITIONS, KeyState, QuestionKind
from zikao.stages.programmes.models import Paper


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A written question to be registered; `threshold` in points is the group's for double marking."""

    max_points: Decimal
    double: bool = False
    threshold: Decimal = Decimal(0)


@command(writes="marking.questions-registered", clauses=("EA-A9.2.1.3", "EA-A9.2.2.4"), posts=policies.QUESTION_KEEPERS)
def register_questions(
    *,
    paper_id: int,
    objective: Sequence[Decimal],
    written: Sequence[WrittenQuestion] = (),
    by: Actor,
    at: datetime,
) -> Outcome[Paper]:
    """Register a paper's questions: points of each objective item in the order of the card, then the written ones.

    Source:  EA-A9.2.1.3 (marks entered with the key), EA-A9.2.2.4 (threshold of each question)
    Writes:  marking.questions-registered
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    paper = paper_of(paper_id)
    if Question.objects.filter(paper=paper).exists():
        raise Conflict("questions-registered", message="本科目的试题已经登记。", remedy="请查看本科目的评卷页面。")
    _check_points(objective, written, full=int(parameter("course-full-mark").on(local_day(at))))
    common = {"paper": paper, "agency_code": by.agency_code}
    rows = [
        Question(number=number, kind=QuestionKind.OBJECTIVE, max_points=points, **common)
        for number, points in enumerate(objective, start=1)
    ]
    for number, each in enumerate(written, start=len(rows) + 1):
        limits = {"max_points": each.max_points, "double": each.double, "threshold": each.threshold}
        rows.append(Question(number=number, kind=QuestionKind.SUBJECTIVE, **limits, **common))
    Question.objects.bulk_create(rows)
    require_access(matter_of(QUESTIONS, paper), by=by, at=at)
    classify(matter_of(QUESTIONS, paper), title=str(paper), national=paper.national, at=at)
    return Outcome(paper, facts={"objective": len(objective), "written": len(written)})


def _check_points(objective: Sequence[Decimal], written: Sequence[WrittenQuestion], *, full: int) -> None:
    faults = {}
    if len(objective) > MOST_ITEMS:
        faults["objective"] = f"答题卡最多 {MOST_ITEMS} 道选择题。"
    total = sum(objective, Decimal(0)) + sum((each.max_points for each in written), Decimal(0))
    if total != full:
        faults["points"] = f"各题满分合计 {total} 分，应为 {full} 分。"
    if faults:
        raise BadInput("bad-questions", field_errors=faults, message="试题结构有误。")


@command(writes="marking.key-entered", clauses=("EA-4.1", "EA-10", "EA-11.1", "EA-A9.2.1.3"), posts=policies.KEY_CLERKS)
def enter_key(*, paper_id: int, answers: str, by: Actor, at: datetime) -> Outcome[AnswerKey]:
    """Enter the right options of a paper, one letter an item; an unsigned earlier entry is replaced.

    Source:  EA-A9.2.1.3, EA-10 (who enters it is certified for marking)
    Writes:  marking.key-entered
    Raises:  NotPermitted, NotFound, BadInput, WrongState (a signed key stands), Refused (no certificate)
    """
    paper = paper_of(paper_id)
    require_access(matter_of(KEY, paper), by=by, at=at)
    may_mark(by.account_id, local_day(at)).require()
    items = objective_count(paper)
    if len(answers) != items or answers.strip(OPTIONS):
        message = f"应为 {items} 题，每题填 A、B、C、D 中的一个；现有 {len(answers)} 题。"
        raise BadInput("bad-key", field_errors={"answers": message}, message=message)
    earlier = AnswerKey.objects.select_for_update().filter(paper=paper).exclude(state=KeyState.REPLACED).first()
    if earlier is not None:
        check_transition(KEY_TRANSITIONS, KeyState(earlier.state), KeyState.REPLACED)
        earlier.state = KeyState.REPLACED
        earlier.save(update_fields=["state"])
    version = AnswerKey.objects.filter(paper=paper).count() + 1
    key = AnswerKey.objects.create(
        paper=paper,
        version=version,
        answers_sealed=ANSWERS.seal(answers, paper.pk, version),
        digest=mac_of(f"answer-key:{paper.pk}:{answers}").hex(),
        entered_by=account_of(by),
        entered_by_name=by.name,
        entered_at=at,
        agency_code=by.agency_code,
    )
    classify(matter_of(KEY, paper), title=str(paper), national=paper.national, at=at)
    return Outcome(key, facts={"items": items, "digest": key.digest, "version": key.version})


@command(writes="marking.key-signed", clauses=("EA-4.1", "EA-11.1", "EA-A9.2.1.3"), posts=policies.KEY_REVIEWERS)
def sign_key(*, key_id: int, digest: str, by: Actor, at: datetime) -> Outcome[AnswerKey]:
    """Sign a reviewed key; with enough reviewers, the head of exam affairs among them, it is in force and fixed.

    `digest` is the one on the page that the reviewer saw: a key changed meanwhile is not signed by mistake.

    Source:  EA-A9.2.1.3
    Writes:  marking.key-signed
    Raises:  NotPermitted, NotFound, WrongState, Conflict, Refused
    """
    key = access(AnswerKey.objects.select_for_update(), by, pk=key_id)
    require_access(matter_of(KEY, key.paper), by=by, at=at)
    if key.digest != digest:
        raise Conflict("key-changed", message="正确选项已经改动，与您看到的不一致。", remedy="请重新打开页面审核。")
    signatures = list(key.signatures.all())
    signed_by = frozenset(each.account_id for each in signatures)
    day = local_day(at)
    rules.KEY_SIGNING(on=day, entered_by=key.entered_by, signer=by.account_id, signed_by=signed_by).require()
    heads = {each.account_id for each in signatures if each.post in policies.HEADS}
    if by.post in policies.HEADS:
        heads.add(account_of(by))
    reviewers = signed_by | {account_of(by)}
    complete = rules.KEY_COMPLETE(
        on=day, reviewers=reviewers, heads=frozenset(heads), province=by.agency_code[:2] or None
    ).granted
    state = KeyState.SIGNED if complete else KeyState.REVIEWED
    if state != key.state:
        check_transition(KEY_TRANSITIONS, KeyState(key.state), state)
    before = snapshot(key)
    key.signatures.create(
        account_id=account_of(by), name=by.name, post=by.post, digest=digest, signed_at=at, agency_code=by.agency_code
    )
    key.state, key.signed_at = state, at if complete else None
    key.save(update_fields=["state", "signed_at"])
    return Outcome(key, before=before, facts={"signatures": len(reviewers), "complete": complete})
