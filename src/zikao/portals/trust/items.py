"""What the ledger and its witnesses have to say on the state of trust."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.exchange.models import Outbox
from zikao.foundation.exchange.queries import balance
from zikao.foundation.exchange.states import MessageState
from zikao.foundation.ledger.models import Batch, Line
from zikao.foundation.pages import TrustItem, trust_item
from zikao.foundation.provinces import node_title
from zikao.foundation.witness import queries
from zikao.foundation.witness.caring import minutes
from zikao.foundation.witness.models import Verification


@trust_item("checkpoint", order=10, title="账本检查点")
def checkpoint(actor: Actor, at: datetime) -> TrustItem:
    """The last signed head, and whether lines wait too long for one."""
    last, title, url = queries.last_checkpoint(), "账本检查点", reverse("public:ledger")
    waiting = Line.objects.filter(at__lt=at - minutes("checkpoint-due-after", at)).order_by("-id").first()
    if last is None:
        since = waiting.at if waiting else None
        return TrustItem(title, "due" if waiting else "ok", "还没有签发过检查点。", since, url, "EA-49.1")
    said = f"前 {last.tree_size:,} 行已签名，密钥 {last.key_id}。"
    if waiting is not None and not _is_under(waiting, last.tree_size):
        return TrustItem(title, "broken", f"{said}更新的行超过规定时间仍没有检查点。", waiting.at, url, "EA-49.1")
    return TrustItem(title, "ok", said, last.signed_at, url, "EA-49.1")


def _is_under(line: Line, size: int) -> bool:
    from zikao.foundation.ledger.models import Leaf

    return Leaf.objects.filter(line_id=line.pk, seq__lt=size).exists()


@trust_item("sequencer", order=12, title="账本编排")
def sequencer(actor: Actor, at: datetime) -> TrustItem:
    """How many lines have no place in the tree yet, and since when."""
    batch = Batch.objects.order_by("-id").first()
    rows = Line.objects.filter(pk__gt=batch.last_line_id if batch else 0)
    count, first = rows.count(), rows.order_by("id").first()
    if first is None:
        # the batch itself knows the database's clock only; a line knows the node's
        placed = Line.objects.filter(pk__lte=batch.last_line_id).order_by("-id").first() if batch else None
        return TrustItem("账本编排", "ok", "每一行都已编入哈希树。", placed.at if placed else None, "", "EA-49.1")
    late = at - first.at > minutes("checkpoint-due-after", at)
    said = f"{count:,} 行等待编入哈希树" + ("，等待过久：请系统管理员查看维护进程。" if late else "。")
    return TrustItem("账本编排", "broken" if late else "ok", said, first.at, "", "EA-49.1")


@trust_item("witness", order=20, title="见证")
def witness(actor: Actor, at: datetime) -> TrustItem:
    """Whether other nodes cosigned our checkpoints lately."""
    url, names = reverse("trust:witnesses"), queries.witnesses()
    if not names:
        return TrustItem("见证", "due", "没有登记见证节点：没有人能发现本节点另出一本账。", None, url, "SR-A1.10b")
    waits = {name: since for name in names if (since := queries.unanswered_since(name)) is not None}
    kept = [row for name in names if (row := queries.last_cosigned(name)) is not None]
    late = [name for name, since in waits.items() if at - since > minutes("witness-due-after", at)]
    if late:
        said = f"{'、'.join(map(node_title, late))} 没有按时共同签名，请联系对方节点。"
        return TrustItem("见证", "due", said, min(waits[name] for name in late), url, "SR-A1.10b")
    if not kept:
        return TrustItem(
            "见证", "due", "还没有一个检查点得到共同签名。", min(waits.values(), default=None), url, "SR-A1.10b"
        )
    last = max(kept, key=lambda row: row.cosigned_at)
    said = f"{node_title(last.witness)} 已对前 {last.tree_size:,} 行共同签名；见证节点 {len(names)} 个。"
    return TrustItem("见证", "ok", said, last.cosigned_at, url, "SR-A1.10b")


@trust_item("alarms", order=22, title="账本告警")
def alarms(actor: Actor, at: datetime) -> TrustItem:
    """Two histories found, here or elsewhere, that nobody settled."""
    found, url = queries.open_alarms().order_by("id"), reverse("trust:alarms")
    first = found.first()
    if first is None:
        declared = queries.waiting_restores().order_by("id").first()
        if declared is not None:
            return TrustItem("账本告警", "due", "有一份恢复声明等待确认。", declared.declared_at, url, "SR-10.2")
        return TrustItem("账本告警", "ok", "没有未处理的告警。", None, url, "EA-49.1")
    said = f"{found.count()} 条未处理：{first.origin} {first.get_kind_display()}。"
    return TrustItem("账本告警", "broken", said, first.found_at, url, "EA-49.1")


@trust_item("exchange", order=30, title="节点往来")
def exchange(actor: Actor, at: datetime) -> TrustItem:
    """Sent = accepted + rejected + pending, with each node."""
    sums = balance()
    wrong = [each.peer for each in sums if not each.holds]
    if wrong:
        said = f"与 {'、'.join(wrong)} 的往来数目对不上：有报文被删除。"
        return TrustItem("节点往来", "broken", said, None, "", "EA-49.1")
    pending = Outbox.objects.filter(state=MessageState.PENDING).order_by("sent_at").first()
    sent, accepted, rejected, waiting = (
        sum(getattr(each, name) for each in sums) for name in ("sent", "accepted", "rejected", "pending")
    )
    said = f"发出 {sent:,} = 接受 {accepted:,} + 拒绝 {rejected:,} + 待送达 {waiting:,}。"
    late = pending is not None and at - pending.sent_at > minutes("witness-due-after", at)
    return TrustItem("节点往来", "due" if late else "ok", said, pending.sent_at if pending else None, "", "EA-49.1")


@trust_item("verification", order=40, title="账本核验")
def verification(actor: Actor, at: datetime) -> TrustItem:
    """The last time that every line was recomputed, and the verdict."""
    last, url = Verification.objects.order_by("-id").first(), reverse("trust:verifications")
    if last is None:
        return TrustItem("账本核验", "due", "还没有核验过。", None, url, "SR-A1.10b")
    if not last.holds:
        said = f"最近一次核验发现 {last.problem_count:,} 处问题。"
        return TrustItem("账本核验", "broken", said, last.ended_at, url, "SR-A1.10b")
    read = f"{last.leaves:,} 行、{last.checkpoints:,} 个检查点、{last.cosignatures:,} 个共同签名"
    said = f"{read}、抽查的 {last.files:,} 个文件全部相符。"
    late = at - last.ended_at > minutes("verification-due-after", at)
    return TrustItem("账本核验", "due" if late else "ok", said, last.ended_at, url, "SR-A1.10b")
