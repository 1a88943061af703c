"""Verifying ledger and files from a page, what came of it, renewals, and receipts of lines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger.receipts import encode_receipt
from zikao.foundation.ledger.renewals import parse_renewal
from zikao.foundation.ledger.verify import KINDS
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.foundation.witness import commands, queries
from zikao.foundation.witness.models import StoredRenewal, Verification
from zikao.foundation.witness.receipts import make_receipt
from zikao.portals.trust import forms, policies
from zikao.portals.trust.commands import order_verification

tell(
    **{
        "witness.offered": "检查点送交见证",
        "witness.witnessed": "见证其他节点的检查点",
        "witness.cosigned": "收到共同签名",
        "witness.accused": "见证节点告警",
        "witness.verified": "账本核验完成",
        "witness.restore-received": "收到恢复声明",
        "witness.restore-answered": "恢复声明得到答复",
    }
)
HOLDS = (("True", "全部相符"), ("False", "发现问题"))
BACK = Link("信任状态", "/staff/trust/")


def _verdict(row: Verification) -> Pill:
    return Pill("全部相符", "done") if row.holds else Pill("发现问题", "danger")


def _asked_by(row: Verification) -> str:
    account = Account.objects.filter(pk=row.account_id).first() if row.account_id else None
    return account.name if account else "系统定期核验"


@staff_page(posts=policies.READERS)
def verifications(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every verification that was made, the newest first."""
    table = Table(
        Verification.objects.all(),
        (
            Column("ended_at", "完成时间", "datetime"),
            Column("holds", "结论", "pill", value=_verdict),
            Column("leaves", "账本行数", "number"),
            Column("checkpoints", "检查点", "number"),
            Column("cosignatures", "共同签名", "number"),
            Column("files", "抽查文件", "number"),
            Column("problem_count", "问题", "number"),
            Column("account_id", "提出人", value=_asked_by),
        ),
        filters=(Filter("holds", "结论", kind="choice", choices=HOLDS),),
        link=lambda row: reverse("trust:verification", args=[row.pk]),
        order="-id",
        empty="还没有核验过账本。审计管理员可以立即核验；系统也会按规定的间隔自己核验。",
    )
    intro = "逐行重算账本的哈希树，对照每个签名的检查点和见证节点的共同签名。"
    return table_page(
        request, title="账本核验", intro=intro, table=table, actions=[Action("立即核验账本", "trust:verify")], back=BACK
    )


@staff_page(posts=policies.READERS)
def verification(request: HttpRequest, actor: Actor, verification_id: int) -> HttpResponse:
    """One verification: counts, verdict, what does not hold."""
    row = Verification.objects.filter(pk=verification_id).first()
    if row is None:
        raise NotFound("not-found", facts={"verification": verification_id})
    facts = [
        Fact("开始", row.started_at, "datetime"),
        Fact("完成", row.ended_at, "datetime"),
        Fact("提出人", _asked_by(row)),
        Fact("账本行数", row.leaves, "number", clause="EA-49.1"),
        Fact("等待编入", row.pending, "number"),
        Fact("检查点", row.checkpoints, "number"),
        Fact("共同签名", row.cosignatures, "number", clause="SR-A1.10b"),
        Fact("抽查的数据文件", row.files, "number", clause="EA-A9.2.1.2"),
    ]
    return object_page(
        request,
        kicker="账本核验",
        title=f"第 {row.pk} 次核验",
        pill=_verdict(row),
        facts={"核验": facts, "发现的问题": _problems(row)} if not row.holds else {"核验": facts},
        actions=[Action("再核验一次", "trust:verify", {}, "重新计算整个账本，结果另存一份。", clause="SR-A1.10b")],
        history=f"witness.verification:{row.pk}",
        back=Link("账本核验", reverse("trust:verifications")),
    )


def _problems(row: Verification) -> list[Fact]:
    said = [Fact(_place(each), KINDS.get(each["kind"], each["kind"])) for each in row.problems]
    rest = row.problem_count - len(row.problems)
    return [*said, Fact("此外", f"还有 {rest} 处，见核验报告")] if rest > 0 else said


def _place(problem: dict[str, Any]) -> str:
    if str(problem["kind"]).startswith("file-"):
        return f"文件 {problem['detail']}……"
    if problem.get("line_id") is not None:
        return f"第 {problem['line_id']} 行"
    return f"序号 {problem['seq']}" if problem.get("seq") is not None else f"检查点 {problem.get('detail', '')}"


order = action(
    order_verification,
    title="立即核验账本",
    what="由后台逐行重算整个账本，核对每个检查点和共同签名；结果永久保存，可在核验记录查看。",
    clause="SR-A1.10b",
    button="开始核验",
    done="已开始核验。",
    back=lambda receipt: reverse("work:one", args=[receipt.value.pk]),
    posts=policies.VERIFIERS,
)


@staff_page(posts=policies.READERS)
def renewals(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Signatures that were renewed: which checkpoint, with which key and hash."""
    table = Table(
        StoredRenewal.objects.all(),
        (
            Column("tree_size", "检查点行数", "number"),
            Column("number", "第几次", "number"),
            Column("hash", "摘要算法", value=lambda row: parse_renewal(row.text).hash.upper()),
            Column("key", "密钥", "code", value=lambda row: parse_renewal(row.text).key_id),
            Column("made_at", "续签时间", "datetime"),
        ),
        empty="还没有续签过。更换签名密钥或摘要算法之前，由安全管理员续签。",
    )
    last = queries.last_checkpoint()
    intro = "签名会随密钥和算法变老。续签用新的密钥（或新的摘要算法）盖住旧签名，几十年后旧签名仍然算数。" + (
        f"最近的检查点是前 {last.tree_size} 行。" if last else ""
    )
    return table_page(
        request, title="签名续签", intro=intro, table=table, actions=[Action("续签检查点", "trust:renew")], back=BACK
    )


renew = action(
    commands.renew_signatures,
    forms.RenewForm,
    title="续签检查点",
    what="用本节点现在的密钥，对一个检查点、它的共同签名和以前的续签再签一次名。",
    clause="EA-49.1",
    done="已续签。",
    back="trust:renewals",
    initial=lambda actor: {"tree_size": _latest_size()},
)


def _latest_size() -> int | None:
    last = queries.last_checkpoint()
    return last.tree_size if last else None


@staff_page(posts=policies.READERS)
def line_receipt(request: HttpRequest, actor: Actor, line_id: int) -> HttpResponse:
    """The receipt of a line as a file, to be checked anywhere."""
    return text_file(encode_receipt(make_receipt(line_id)), f"receipt-{line_id}.txt")


def text_file(text: str, name: str) -> HttpResponse:
    """A small text to keep."""
    where = f'attachment; filename="{name}"'
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", headers={"Content-Disposition": where})
