"""What must add up at the end: every number on both sides of the line, counted apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from zikao.foundation import clock, ledger
from zikao.foundation.exchange.queries import balance
from zikao.foundation.ledger.verify import verify_own_ledger
from zikao.national.models import IncidentReport, IncidentStep, RegisteredCertificate, TransferFile
from zikao.national.queries.accounts import counts_by_province
from zikao.national.states import FileState
from zikao.stages.candidates.models import AdmissionCounter, Candidate, GatheredBatch
from zikao.stages.candidates.states import AccountState
from zikao.stages.conduct.queries import attendance_count
from zikao.stages.entries.models import EntryList
from zikao.stages.entries.queries import counts
from zikao.stages.graduation.models import Application, GraduationCertificate
from zikao.stages.graduation.states import ApplicationState
from zikao.stages.incidents.models import Incident, Step
from zikao.stages.incidents.states import IncidentState, Receiver, StepAct
from zikao.stages.marking.models import Total
from zikao.stages.marking.queries import card_balance
from zikao.stages.papers.models import Box, Pack
from zikao.stages.papers.states import BoxState
from zikao.stages.programmes.models import Sitting
from zikao.stages.records.models import Record
from zikao.stages.results.models import Score
from zikao.stages.results.queries import current_scores
from zikao.stages.results.states import Standing
from zikao.stages.seating.models import Seat
from zikao.world.calendar import SITTING
from zikao.world.life.context import Life


@dataclass(frozen=True)
class Account:
    """One line that must add up: what, the left side, the right side and its parts in words."""

    what: str
    left: int
    right: int
    parts: str

    @property
    def holds(self) -> bool:
        """Whether both sides agree."""
        return self.left == self.right


def accounts(life: Life) -> list[Account]:
    """Every account of this node."""
    own = _centre() if life.is_centre else _province()
    return [*own, *_messages(), *_ledger()]


def _sum(what: str, left: int, **parts: int) -> Account:
    words = " + ".join(f"{name} {value:,}" for name, value in parts.items())
    return Account(what, left, sum(parts.values()), words)


def _province() -> Iterator[Account]:
    sitting = Sitting.objects.get(code=SITTING)
    seated = Seat.objects.filter(paper__sitting=sitting).count()
    yield from _enrolment(seated)
    came = attendance_count(sitting)
    yield _sum("已编座位", seated, 到考=came.present, 缺考=came.absent)
    yield _sum("试卷袋份数", Pack.objects.aggregate(n=Sum("copies"))["n"] or 0, 座位=seated)
    yield _sum("试卷箱", Box.objects.count(), 答卷已入库=Box.objects.filter(state=BoxState.RETURNED).count())
    yield from _cards(sitting, came.present)
    yield from _scores(sitting, seated)
    yield from _incidents()
    yield from _graduates()


def _enrolment(seated: int) -> Iterator[Account]:
    told = counts(SITTING)
    yield _sum("注册考生", told.registered, 报考=told.entered_candidates, 未报考=told.not_entered)
    numbers = AdmissionCounter.objects.aggregate(n=Sum("last"))["n"] or 0
    yield _sum("准考证号发出", numbers, 考生=Candidate.objects.count())
    states = {state: Candidate.objects.filter(account_state=state).count() for state in AccountState}
    yield _sum("考生的学习账户", Candidate.objects.count(), 已并入=states[AccountState.LINKED],
               待报送=states[AccountState.AWAITING], 待答复=states[AccountState.ASKED])  # fmt: skip
    sent = GatheredBatch.objects.filter(kind="registrations", taken__isnull=False).aggregate(n=Sum("taken"))["n"] or 0
    yield _sum("报送中心并收下的考生", sent, 已并入=states[AccountState.LINKED])
    yield _sum("报考科次", told.entries, 已缴费=told.paid, 未缴费=told.entered, 退报=told.withdrawn)
    yield _sum("封存名册科次", EntryList.objects.get(sitting__code=SITTING).count, 已编座位=seated)


def _cards(sitting: Sitting, present: int) -> Iterator[Account]:
    rows = card_balance(sitting)

    def total(name: str) -> int:
        return sum(getattr(row, name) for row in rows)

    yield _sum(
        "应有答题卡",
        total("expected"),
        识读=total("read"),
        裁定=total("resolved"),
        存疑=total("doubtful"),
        缺考=total("absent"),
        缺卡=total("missing"),
    )
    yield _sum(
        "扫描图像",
        total("scanned"),
        计入=total("placed"),
        未读=total("unread"),
        搁置=total("set_aside"),
        不计=total("dismissed"),
    )
    yield _sum("到考人次", present, 合分=Total.objects.filter(seat__paper__sitting=sitting).count())


def _scores(sitting: Sitting, seated: int) -> Iterator[Account]:
    rows = Score.objects.filter(sitting=sitting)
    standing = {each: rows.filter(standing=each).count() for each in Standing}
    yield _sum(
        "成绩条数",
        rows.count(),
        有效=standing[Standing.VALID],
        缺考=standing[Standing.ABSENT],
        取消=standing[Standing.VOID],
    )
    yield _sum("座位有成绩", seated, 成绩=rows.count())
    passed = current_scores().filter(passed=True).values("candidate_id").distinct().count()
    yield _sum("有合格成绩的考生", passed, 考籍档案=Record.objects.count())


def _graduates() -> Iterator[Account]:
    applications = Application.objects.exclude(state=ApplicationState.RETURNED).count()
    certificates = GraduationCertificate.objects.count()
    yield _sum("毕业申请", applications, 毕业证书=certificates)
    registered = GraduationCertificate.objects.filter(registered_at__isnull=False).count()
    yield _sum("毕业证书", certificates, 已注册=registered)
    handed_out = GraduationCertificate.objects.filter(handed_out_at__isnull=False).count()
    yield _sum("已注册证书", registered, 已发证=handed_out)


def _incidents() -> Iterator[Account]:
    states = {state: Incident.objects.filter(state=state).count() for state in IncidentState}
    yield _sum("突发事件", Incident.objects.count(), 已办结=states[IncidentState.CLOSED],
               撤销=states[IncidentState.WITHDRAWN])  # fmt: skip
    steps = Step.objects.filter(receiver=Receiver.CENTRE)
    signed = steps.filter(act=StepAct.ACKNOWLEDGED).count()
    yield _sum("上报的突发事件报告", steps.filter(act=StepAct.SENT).count(), 教育部考试中心已签收=signed)


def _centre() -> Iterator[Account]:
    files = TransferFile.objects.count()
    ended = {state: TransferFile.objects.filter(state=state).count() for state in FileState}
    yield _sum(
        "转考档案",
        files,
        办结=ended[FileState.COMPLETED],
        退回=ended[FileState.REFUSED],
        待收=ended[FileState.UPLOADED],
        放弃=ended[FileState.WITHDRAWN],
    )
    signed = IncidentStep.objects.filter(receiver=Receiver.CENTRE, act=StepAct.ACKNOWLEDGED).count()
    yield _sum("各省突发事件报告", IncidentReport.objects.count(), 已签收=signed)
    yield from _gathered()


def _gathered() -> Iterator[Account]:
    for each in counts_by_province():
        yield _sum(f"归集的考生（{each.province}）", each.sent, 在账户中=each.linked)
        yield _sum(f"省内在籍考生（{each.province}）", each.on_record, 在账户中=each.linked)


def _messages() -> Iterator[Account]:
    for row in balance():
        yield _sum(f"发往{row.peer}", row.sent, 接受=row.accepted, 退回=row.rejected, 待办=row.pending)


def _ledger() -> Iterator[Account]:
    """The ledger's lines are all in the tree under a signed checkpoint, and the verifier finds nothing changed."""
    ledger.sequence()
    ledger.checkpoint(at=clock.now())
    found = verify_own_ledger()
    yield _sum("账本行数", found.lines, 已编入哈希树=found.leaves, 待编入=found.pending)
    yield _sum("账本核验发现的问题", len(found.problems), 应为=0)


def registered_by_province() -> dict[str, int]:
    """At the centre: how many certificates of each province are registered."""
    rows = RegisteredCertificate.objects.order_by().values_list("province", flat=True)
    provinces = list(rows)
    return {code: provinces.count(code) for code in sorted(set(provinces))}


def figures(life: Life) -> dict[str, int]:
    """What the summary tells of a province."""
    sitting = Sitting.objects.get(code=SITTING)
    came = attendance_count(sitting)
    return {
        "注册考生": Candidate.objects.count(),
        "报考科次": counts(SITTING).entries,
        "已编座位": Seat.objects.count(),
        "到考": came.present,
        "合格科次": Score.objects.filter(sitting=sitting, passed=True).count(),
        "考籍档案": Record.objects.count(),
        "毕业证书": GraduationCertificate.objects.count(),
    }
