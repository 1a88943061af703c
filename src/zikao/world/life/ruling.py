"""A province and the centre in writing: detailed rules, a request for a national course, a report of figures."""

from __future__ import annotations

from datetime import date, timedelta

from zikao.foundation.access.reauthentication import reauthenticate
from zikao.foundation.actors import node_actor
from zikao.foundation.approvals.commands import sign_approval
from zikao.foundation.exchange.models import Peer
from zikao.national import commands as national
from zikao.national.models import PermissionRequest, ReportTask, RulesFiling
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.models import DetailedRules, Permission
from zikao.stages.programmes.states import PermissionKind
from zikao.world.calendar import LIST_FROZEN, PROVINCES_ANSWERED, SITTING, TIMETABLE_DRAFTED
from zikao.world.life.context import PROVINCES, Life
from zikao.world.password import PASSWORD

SEEDS = (1, 2)
OWN_VALUES: dict[str, int | bool | str] = {"transfer-within-province": False, "due-notice": 60}
RULES_SINCE = date(2026, 7, 1)
FIGURES = ("registered", "courses", "candidates", "entries", "paid")
NATIONAL_COURSE = "15040"


def look_for_better_units(life: Life) -> None:
    """The solver proposes units for the provincial courses; the clerk looks, and keeps the draft as it is."""
    by, at = life.who("clerk", TIMETABLE_DRAFTED), TIMETABLE_DRAFTED
    sitting = queries.sitting(SITTING)
    problem = queries.solver_problem(sitting)
    for seed in SEEDS:
        found = queries.solve(problem, seed=seed, kicks=500, pieces=0)
        made = commands.keep_proposal(
            sitting_code=SITTING, seed=seed, problem=problem.digest, solution=found, by=node_actor(life.root), at=at
        ).value
        commands.drop_proposal(proposal_id=made.pk, by=by, at=at)


def write_to_the_centre(life: Life) -> None:
    """Detailed rules drafted, signed by three and filed; and a request to hold a national course in July."""
    at = TIMETABLE_DRAFTED
    by = life.who("clerk", at)
    name = PROVINCES[life.root]
    drafted = commands.draft_detailed_rules(
        title=f"{name}省高等教育自学考试实施细则", document=f"{name}考委〔2026〕6号", since=RULES_SINCE, by=by, at=at
    ).value
    for item, value in OWN_VALUES.items():
        commands.set_detailed_value(rules_id=drafted.pk, name=item, value=value, by=by, at=at)
    commands.propose_detailed_rules(rules_id=drafted.pk, by=by, at=at)
    drafted.refresh_from_db()
    for seconds, username in enumerate(("exam-affairs", "records-head", "head"), 1):
        moment = at + timedelta(seconds=seconds)  # what is sent later than the node's clock would wait for it
        signer = life.who(username, moment)
        proof = reauthenticate(account_id=signer.account_id or 0, secret=PASSWORD, at=moment)
        sign_approval(approval_id=drafted.approval_id or 0, proof=proof, comment="同意。", by=signer, at=moment)
    commands.request_permission(
        kind=PermissionKind.SCHEDULE, course_code=NATIONAL_COURSE, sitting_code="2027-07", unit_number=1,
        reason="4月因台风停考的考区补考", by=life.who("exam-affairs", at), at=at,
    )  # fmt: skip


def answer_the_provinces(life: Life) -> None:
    """The centre files the detailed rules, approves one request and refuses the other."""
    at = PROVINCES_ANSWERED
    officer = life.who("officer", at)
    provinces = Peer.objects.filter(code__startswith="province:").count()
    life.wait_for("各省来文", lambda: RulesFiling.objects.count() >= provinces)
    life.wait_for("各省申请", lambda: PermissionRequest.objects.count() >= provinces)
    for filing in RulesFiling.objects.order_by("province"):
        national.answer_rules_filing(filing_id=filing.pk, acknowledged=True, reason="", by=officer, at=at)
    for number, request in enumerate(PermissionRequest.objects.order_by("province")):
        answer = "" if number == 0 else "该考区4月正常开考，不需要补考。"
        national.answer_permission(request_id=request.pk, approved=number == 0, answer=answer, by=officer, at=at)


def hear_the_centre(life: Life) -> None:
    """The answers are there before the timetable is published."""
    life.wait_for("细则备案", DetailedRules.objects.filter(state="acknowledged").exists)
    life.wait_for("专项申请答复", Permission.objects.exclude(state="requested").exists)


def ask_for_figures(life: Life) -> None:
    """The centre asks all provinces what was entered."""
    at = LIST_FROZEN
    nodes = list(Peer.objects.filter(code__startswith="province:").order_by("code").values_list("code", flat=True))
    national.ask_for_report(
        title="报考情况", sitting_code=SITTING, figures=FIGURES, to=nodes, due_on=date(2026, 9, 20),
        by=life.who("officer", at), at=at,
    )  # fmt: skip


def report_figures(life: Life) -> None:
    """The province's node counts and sends."""
    at = LIST_FROZEN + timedelta(seconds=10)
    life.wait_for("上报要求", ReportTask.objects.exists)
    task = ReportTask.objects.get()
    national.send_report(task_id=task.pk, note="", by=life.who("exam-affairs", at), at=at)
