"""Secret matters with their class, who opened them, who saw personal data in full and how often."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import (
    Action,
    Column,
    Filter,
    Link,
    Pill,
    Table,
    TrustItem,
    staff_page,
    table_page,
    tell,
    trust_item,
)
from zikao.foundation.secrecy import queries, sealed_fields
from zikao.foundation.secrecy.models import Secret, SecretAccess
from zikao.foundation.secrecy.queries import Viewer
from zikao.foundation.secrecy.states import Level, RevealReason, SecretKind

READERS = frozenset({Post.SECURITY_ADMIN, Post.AUDITOR, Post.EXAM_AFFAIRS_HEAD, Post.NATIONAL_OFFICER})
AUDITORS = frozenset({Post.AUDITOR})
DAYS = 30
tell(**{"secrecy.revealed": "查看完整个人信息", "secrecy.opened": "接触涉密事项"})


def _class(secret: Secret) -> Pill:
    return Pill(secret.get_level_display(), "danger") if secret.is_secret else Pill("已解密", "done")


@staff_page(posts=READERS)
def secret_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every matter under a class: since when, until when, lowered by which act, how often opened."""
    table = Table(
        queries.secrets(),
        (
            Column("sitting_code", "考次", "code"),
            Column("kind", "事项", value=lambda secret: secret.get_kind_display()),
            Column("title", "名称"),
            Column("level", "密级", "pill", value=_class),
            Column("clause", "依据"),
            Column("since_at", "定密时间", "datetime"),
            Column("lowered_at", "解密时间", "datetime"),
            Column("lowered_by", "解密依据", value=_lowered),
            Column("opened", "接触次数", "number"),
        ),
        filters=(
            Filter("sitting", "考次", lookup="sitting_code"),
            Filter("kind", "事项", "choice", SecretKind.choices),
            Filter("level", "密级", "choice", Level.choices),
        ),
        empty="还没有定密的事项。登记试题、录入参考答案、答卷编密号时自动定密。",
    )
    intro = "评分细则和答卷的密级只因成绩公布而解除；数据库拒绝用别的办法解除。"
    acts = [Action("接触记录", "secrecy:accesses", posts=AUDITORS)]
    return table_page(request, title="涉密事项", intro=intro, table=table, actions=acts)


def _lowered(secret: Secret) -> str:
    return "成绩公布" if secret.lowered_by.startswith("results.publication") else secret.lowered_by


def _granted(access: SecretAccess) -> Pill:
    return Pill("准许", "done") if access.granted else Pill("拒绝", "danger")


@staff_page(posts=AUDITORS)
def access_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who opened what, and who was refused."""
    table = Table(
        queries.accesses(actor),
        (
            Column("at", "时间", "datetime"),
            Column("name", "人员"),
            Column("post", "岗位", value=lambda access: Post(access.post).label),
            Column("kind", "事项", value=lambda access: access.get_kind_display()),
            Column("secret", "名称", value=lambda access: access.secret.title if access.secret else access.subject),
            Column("what", "做什么"),
            Column("granted", "结果", "pill", value=_granted),
        ),
        filters=(
            Filter("name", "人员", lookup="name__contains"),
            Filter("kind", "事项", "choice", SecretKind.choices),
            Filter("granted", "结果", "choice", [("True", "准许"), ("False", "拒绝")]),
        ),
        empty="还没有人接触过涉密事项。",
    )
    return table_page(request, title="涉密接触记录", table=table, back=Link("涉密事项", reverse("secrecy:secrets")))


@staff_page(posts=AUDITORS)
def reveal_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every time somebody saw personal data in full."""
    table = Table(
        queries.reveals(actor),
        (
            Column("at", "时间", "datetime"),
            Column("name", "查看人"),
            Column("post", "岗位", value=lambda row: Post(row.post).label),
            Column("agency_code", "机构", "code"),
            Column("title", "内容"),
            Column("subject", "对象", "code"),
            Column("reason_code", "事由", value=lambda row: row.get_reason_code_display()),
            Column("reason", "说明"),
        ),
        filters=(
            Filter("name", "查看人", lookup="name__contains"),
            Filter("account", "账号编号", lookup="account_id"),
            Filter("reason", "事由", "choice", RevealReason.choices, lookup="reason_code"),
        ),
        empty="还没有人查看过完整个人信息。",
    )
    acts = [Action("每人查看次数", "secrecy:viewers")]
    return table_page(request, title="查看完整信息记录", table=table, actions=acts)


def _rate(viewer: Viewer) -> Pill:
    return Pill("异常", "danger") if viewer.is_unusual else Pill("正常", "done")


@staff_page(posts=AUDITORS)
def viewer_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who revealed how often in the last thirty days; unusual counts are flagged."""
    table = Table(
        queries.viewers(actor, clock.now(), DAYS),
        (
            Column("name", "查看人"),
            Column("post", "岗位", value=lambda viewer: Post(viewer.post).label),
            Column("count", "30 天内次数", "number"),
            Column("most", "最多一天", "number"),
            Column("last_at", "最近一次", "datetime"),
            Column("is_unusual", "判断", "pill", value=_rate),
        ),
        link=lambda viewer: f"{reverse('secrecy:reveals')}?account={viewer.account_id or ''}",
        empty="最近 30 天没有人查看过完整个人信息。",
    )
    return table_page(
        request,
        title="每人查看次数",
        intro="一天的次数达到参数“一人一天查看完整个人信息达到多少次即提示审计”的，标为异常。",
        table=table,
        back=Link("查看完整信息记录", reverse("secrecy:reveals")),
    )


@staff_page(posts=READERS)
def field_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is encrypted, and to which place each value is bound."""
    table = Table(
        sealed_fields(),
        (
            Column("title", "内容"),
            Column("name", "列", "code"),
            Column("bound_to", "绑定到", "code", value=lambda field: "、".join(field.bound_to)),
            Column("index", "查找索引", "code", value=lambda field: field.index or "—"),
        ),
    )
    intro = "每一项用 SM4-GCM 加密，密文绑定到表、列和所在行；挪到别的行、别的列即不能解开。文件另按内容摘要绑定。"
    return table_page(request, title="加密的数据", intro=intro, table=table)


@trust_item("reveals", order=72, title="个人信息查看")
def reveals_trusted(actor: Actor, at: datetime) -> TrustItem:
    """Whether anybody looks unusually often."""
    unusual = [viewer for viewer in queries.viewers(actor, at, 7) if viewer.is_unusual]
    url = reverse("secrecy:viewers")
    if unusual:
        names = "、".join(viewer.name for viewer in unusual[:3])
        return TrustItem(
            "个人信息查看", "due", f"最近 7 天有 {len(unusual)} 人次数异常：{names}。", url=url, clause="EA-47"
        )
    return TrustItem("个人信息查看", "ok", "最近 7 天没有异常。", url=url, clause="EA-47")
