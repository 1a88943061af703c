"""The life cycle in its order, as links: only pages that exist, and only those the actor's post may open.

Who may open a page is said once, on its view (`staff_page(posts=...)`); the table here does not say it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.urls import NoReverseMatch, resolve, reverse

from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.pages import Waiting, work_of
from zikao.foundation.pages.worklist import Waiter

COUNTS_KEPT_SECONDS = 20

Links = tuple[tuple[str, str], ...]
STAGES: tuple[tuple[str, str, Links], ...] = (
    (
        "agencies",
        "机构与考点",
        (
            ("考点", "agencies:sites"),
            ("机构", "agencies:tree"),
            ("应急领导小组", "agencies:emergency"),
            ("值班电话", "agencies:duty-phones"),
            ("支持学校", "agencies:supporting-schools"),
            ("主考学校", "agencies:schools"),
            ("助学机构", "agencies:tutoring-institutions"),
            ("助学场地专函", "agencies:letters"),
            ("保密室", "agencies:secure-rooms"),
            ("印制、车辆、监控", "agencies:facilities"),
            ("考籍管理部门", "agencies:record-departments"),
            ("考籍职责分工", "agencies:roles"),
        ),
    ),
    (
        "personnel",
        "考试工作人员",
        (
            ("人员", "personnel:persons"),
            ("岗前培训", "personnel:courses"),
            ("回避线索", "personnel:flags"),
            ("考点人员", "personnel:sites"),
            ("考务聘任", "personnel:duties"),
            ("统一调派", "personnel:dispatches"),
            ("劳务报酬", "personnel:pay-sheets"),
            ("履职记录", "personnel:conduct"),
            ("我的考务", "personnel:mine"),
        ),
    ),
    (
        "programmes",
        "考试计划与安排",
        (
            ("考次与考试安排", "programmes:sittings"),
            ("专业考试计划", "programmes:plans"),
            ("统考课程专项申请", "programmes:permissions"),
            ("实施细则", "programmes:detailed-rules"),
        ),
    ),
    (
        "candidates",
        "报名注册",
        (
            ("考生", "candidates:list"),
            ("现场报名", "candidates:register"),
            ("预报名队列", "candidates:queue"),
            ("现场确认", "candidates:desk"),
            ("残疾考生便利", "candidates:accommodations"),
        ),
    ),
    (
        "entries",
        "报考缴费",
        (
            ("报考窗口", "entries:overview"),
            ("报考名单", "entries:list"),
            ("订单", "entries:orders"),
            ("退款", "entries:refunds"),
            ("每日对账", "entries:reconciliations"),
        ),
    ),
    ("seating", "考场编排", (("随机编排", "seating:draws"),)),
    ("papers", "试卷", (("试卷箱", "papers:boxes"),)),
    ("conduct", "考试实施", (("考试日", "conduct:sites"), ("考场", "conduct:rooms"))),
    ("violations", "违规处理", (("违规案件", "violations:cases"),)),
    ("collecting", "采集与评卷场所", (("采集安排", "collecting:rounds"), ("场所", "collecting:sessions"))),
    (
        "marking",
        "评卷",
        (
            ("科目", "marking:papers"),
            ("存疑答题卡", "marking:doubts"),
            ("搁置答题卡", "marking:set-aside"),
            ("评卷", "marking:desk"),
        ),
    ),
    (
        "results",
        "成绩",
        (
            ("成绩发布", "results:list"),
            ("公布的成绩", "results:told-list"),
            ("网上成绩对照", "results:comparisons"),
        ),
    ),
    (
        "records",
        "考籍",
        (("考籍档案", "records:list"), ("待建档", "records:waiting"), ("查阅档案", "records:consultations")),
    ),
    (
        "transfers",
        "转考",
        (("转考", "transfers:list"), ("省内转考", "transfers:moves"), ("课程替换", "transfers:substitutions")),
    ),
    ("graduation", "毕业", (("毕业申请", "graduation:applications"), ("毕业名册", "graduation:rosters"))),
    ("registry", "电子注册", (("注册批次", "registry:batches"),)),
    (
        "national",
        "全国",
        (
            ("考试安排备案", "national:filings"),
            ("统考课程专项申请", "national:permissions"),
            ("实施细则备案", "national:rules-filings"),
            ("考试信息上报", "national:reports"),
            ("向教育部考试中心上报", "national:report-tasks"),
            ("学习账户", "national:accounts"),
            ("停考名单", "national:suspensions"),
            ("助学场地专函", "national:letters"),
            ("证书注册", "national:certificates"),
            ("转考平台", "national:transfers"),
        ),
    ),
    (
        "secrecy",
        "保密与密钥",
        (
            ("涉密事项", "secrecy:secrets"),
            ("接触记录", "secrecy:accesses"),
            ("查看完整信息记录", "secrecy:reveals"),
            ("加密的数据", "secrecy:fields"),
            ("密钥", "secrecy:keys"),
            ("往来节点", "secrecy:peers"),
        ),
    ),
    (
        "retention",
        "保存与销毁",
        (
            ("保管的材料", "retention:list"),
            ("到期清单", "retention:due"),
            ("考试信息清单", "agencies:inventory"),
            ("暂缓销毁", "retention:holds"),
            ("销毁", "retention:destructions"),
        ),
    ),
    ("exports", "导出", (("我的导出", "exports:mine"), ("登记簿", "exports:register"), ("水印识别", "exports:trace"))),
    (
        "accounts",
        "账号与岗位",
        (
            ("账号", "accounts:list"),
            ("岗位聘任", "accounts:appointments"),
            ("第二重验证重置", "accounts:resets"),
            ("登录日志", "accounts:sign-ins"),
        ),
    ),
    (
        "approvals",
        "审批",
        (
            ("待我签批", "approvals:waiting"),
            ("我提出的", "approvals:proposed"),
            ("全部审批", "approvals:all"),
            ("代签委托", "approvals:delegations"),
            ("会同审查", "approvals:reviews"),
        ),
    ),
    (
        "backups",
        "备份",
        (("备份", "backups:list"), ("恢复演练", "backups:drills"), ("备份保管", "backups:custodies")),
    ),
    (
        "trust",
        "信任",
        (
            ("信任状态", "trust:state"),
            ("系统日志", "trust:log"),
            ("账本核验", "trust:verifications"),
            ("账本告警", "trust:alarms"),
        ),
    ),
    ("work", "我的", (("长时间任务", "work:mine"), ("我的账号", "accounts:own"))),
)
CANDIDATE: Links = (
    ("首页", "portals:candidate-home"),
    ("准考证", "candidates:mine"),
    ("亲属申报", "personnel:my-kin"),
    ("报考", "entries:mine"),
    ("通知单", "seating:my-notices"),
    ("成绩", "results:mine"),
    ("考籍", "records:mine"),
    ("转考", "transfers:mine"),
    ("毕业", "graduation:mine"),
)
PUBLIC: Links = (
    ("首页", "public:home"),
    ("考试安排", "public:timetable"),
    ("报考时间", "entries:public-windows"),
    ("考试计划", "programmes:public-plans"),
    ("第一次报名", "candidates:online"),
    ("考场规则", "public:rules"),
    ("证书查验", "public:verify"),
    ("成绩单核对", "results:check"),
    ("条款目录", "public:clauses"),
    ("公开账本", "public:ledger"),
    ("核对回执", "trust:check"),
)
FOR_CANDIDATES = frozenset({"entries:public-windows", "candidates:online"})
"""What the public finds only at a node where candidates register."""


@dataclass(frozen=True)
class Entry:
    """A link of the navigation; `count` is how many things wait there."""

    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Stage:
    """A stage of the life cycle with its links."""

    label: str
    entries: tuple[Entry, ...]


def for_staff(actor: Actor | None, path: str) -> list[Stage]:
    """The stages in which this actor may open at least one page, with counts of what waits."""
    if actor is None or actor.candidate_id is not None:
        return []
    waiting = _counts(actor)
    stages = (_stage(actor, path, label, links, waiting.get(name, 0)) for name, label, links in STAGES)
    return [stage for stage in stages if stage.entries]


def remember_counts(actor: Actor, work: list[tuple[Waiter, Waiting]]) -> dict[str, int]:
    """Keep for a moment how many things wait in each stage, so that not every page asks again."""
    counts: dict[str, int] = {}
    for waiter, found in work:
        counts[waiter.stage] = counts.get(waiter.stage, 0) + found.count
    cache.set(_key(actor), counts, COUNTS_KEPT_SECONDS)
    return counts


def forget_counts(actor: Actor) -> None:
    """Ask again at the next page: the actor did something."""
    cache.delete(_key(actor))


def _counts(actor: Actor) -> dict[str, int]:
    kept: dict[str, int] | None = cache.get(_key(actor))
    return kept if kept is not None else remember_counts(actor, work_of(actor))


def _key(actor: Actor) -> str:
    return f"waiting:{actor.account_id}:{actor.appointment_id}"


def tabs(table: Links, path: str, *, has_candidates: bool = True) -> list[Entry]:
    """The links of a table that exist, those for candidates only at a node that has candidates."""
    urls = [(label, _url(name)) for label, name in table if has_candidates or name not in FOR_CANDIDATES]
    here = _nearest([url for _, url in urls if url], path)
    return [Entry(label, url, url == here) for label, url in urls if url]


def _stage(actor: Actor, path: str, label: str, links: Links, count: int) -> Stage:
    urls = [(text, _url(name)) for text, name in links]
    allowed = [(text, url) for text, url in urls if url and _may_open(actor, url)]
    here = _nearest([url for _, url in allowed], path)
    entries = (Entry(text, url, url == here, count if i == 0 else 0) for i, (text, url) in enumerate(allowed))
    return Stage(label, tuple(entries))


def _nearest(urls: list[str], path: str) -> str:
    """The link whose page, or a page below it, is open now: the longest that fits; "/" fits only itself."""
    fitting = [url for url in urls if path == url or (url.count("/") > 2 and path.startswith(url))]
    return max(fitting, key=len, default="")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _may_open(actor: Actor, url: str) -> bool:
    return actor.post in getattr(resolve(url).func, "zikao_posts", STAFF_POSTS)
