"""The parts of a paper's page: where everything is, how far it is, what may be done now."""

from __future__ import annotations

from collections.abc import Mapping

from zikao.foundation import clock
from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages import Action, Fact, Step
from zikao.foundation.pages.parts import Kind
from zikao.stages.collecting.queries import may_work_here
from zikao.stages.collecting.states import Work
from zikao.stages.marking import policies
from zikao.stages.marking.queries import PaperBalance
from zikao.stages.marking.states import KeyState
from zikao.stages.programmes.models import Paper


def facts_of(paper: Paper, balance: PaperBalance, key: str) -> dict[str, list[Fact]]:
    """Where seats, pictures and scripts of a paper are."""
    count: Kind = "number"
    return {
        "座位": [
            Fact("应有", balance.expected, count, note="等于以下各项之和"),
            Fact("识读一致", balance.read, count, clause="EA-A9.2.1.4a"),
            Fact("存疑已裁定", balance.resolved, count, clause="EA-A9.2.1.5"),
            Fact("存疑", balance.doubtful, count),
            Fact("缺考", balance.absent, count),
            Fact("缺卡", balance.missing, count, clause="EA-41.1"),
        ],
        "扫描图像": [
            Fact("扫描", balance.scanned, count, note="等于以下各项之和"),
            Fact("已归座位", balance.placed, count),
            Fact("待识读", balance.unread, count),
            Fact("搁置", balance.set_aside, count),
            Fact("不计入", balance.dismissed, count),
        ],
        "评卷": [
            Fact("正确选项", key, clause="EA-A9.2.1.3"),
            Fact("试题", paper.questions.count(), count),
            Fact("答卷", paper.scripts.count(), count),
            Fact("已合分", paper.scripts.filter(total__isnull=False).count(), count, clause="EA-A9.2.2.3"),
        ],
    }


def steps_of_paper(paper: Paper, balance: PaperBalance, key_state: str) -> tuple[Step, ...]:
    """How far a paper's marking is."""
    scripts = paper.scripts.count()
    done = (
        ("登记试题", paper.questions.exists()),
        ("正确选项签字", key_state == KeyState.SIGNED),
        ("扫描识读", balance.placed > 0 and not balance.unread),
        ("裁定存疑", balance.placed > 0 and not balance.doubtful and not balance.set_aside and not balance.missing),
        ("评卷", scripts > 0),
        ("合分", scripts > 0 and paper.scripts.filter(total__isnull=True).count() == 0),
    )
    present = next((at for at, (_, reached) in enumerate(done) if not reached), len(done))
    return tuple(
        Step(label, "past" if at < present else "present" if at == present else "future")
        for at, (label, _) in enumerate(done)
    )


Closing = tuple[bool, str, str | None]  # open if, else why, by which clause
_OFFERS: tuple[tuple[str, str, str, str | None, frozenset[Post]], ...] = (
    (
        "登记试题",
        "register-questions",
        "登记选择题题数和各题满分，答题卡版式由此确定。",
        None,
        policies.QUESTION_KEEPERS,
    ),
    ("录入正确选项", "enter-key", "逐题录入；未签字的旧版本作废。", "EA-A9.2.1.3", policies.KEY_CLERKS),
    ("审核正确选项", "key", "查看录入的选项，核对后签字。", "EA-A9.2.1.3", policies.KEY_REVIEWERS),
    (
        "评分细则",
        "rubric",
        "学科评卷组制定；秘密级，每次查看都有记录。",
        "EA-4.2",
        policies.RUBRIC_MAKERS,
    ),
    (
        "接收扫描图像",
        "receive-scans",
        "每张图像都保存并编号；重复的搁置，不丢弃。",
        "EA-A9.2.1.2",
        policies.READER_OPERATORS,
    ),
    (
        "修改非作答数据",
        "propose-data-correction",
        "条形码误读等技术性差错：登记修改前后的数据，两名专职人员确认后才改。",
        "EA-A9.2.1.2",
        policies.RULERS,
    ),
    ("聘任评卷员", "appoint-marker", "登记职称、保密教育和回避情况。", "EA-36.1", policies.MARKER_APPOINTERS),
    ("答卷编密号待评", "open-scripts", "给到考答卷编密号，交评卷员评阅。", "EA-38.1", policies.READER_OPERATORS),
    (
        "选择题评分",
        "score-objective",
        "用签字的正确选项给已识读的答题卡评分。",
        "EA-A9.2.1.3",
        policies.READER_OPERATORS,
    ),
    (
        "合分",
        "total",
        "各题得分相加，总分四舍五入。缺卡、存疑或漏评时不能合分。",
        "EA-A9.2.2.3",
        policies.TOTALLERS,
    ),
)


AT_WORK = {
    "propose-data-correction": Work.MARKING,
    "score-objective": Work.TOTALLING,
    "total": Work.TOTALLING,
}
"""The acts on a paper that are work with scores: at their place, with enough people present."""


def actions_of(
    paper: Paper, balance: PaperBalance, key_id: int | None, key_state: str, actor: Actor
) -> list[Action]:  # fmt: skip
    """What may be done with a paper, each closed one with its reason."""
    closings = _closings(paper, balance, key_id, key_state)
    actions = []
    for label, name, what, clause, posts in _OFFERS:
        where = {"key_id": key_id or 0} if name == "key" else {"paper_id": paper.pk}
        offered = Action(label, f"marking:{name}", where, what, clause=clause, posts=posts)
        for is_open, why, by_clause in closings.get(name, ()):
            offered = offered.open_if(is_open, why, by_clause)
        work = AT_WORK.get(name)
        if work is not None and actor.post in posts:
            offered = offered.given(may_work_here(work, actor, clock.now(), sitting_id=paper.sitting_id))
        actions.append(offered)
    return actions


def _closings(
    paper: Paper, balance: PaperBalance, key_id: int | None, key_state: str
) -> Mapping[str, tuple[Closing, ...]]:
    registered, signed = paper.questions.exists(), key_state == KeyState.SIGNED
    return {
        "register-questions": ((not registered, "本科目的试题已经登记。", None),),
        "enter-key": (
            (registered, "先登记试题。", None),
            (not signed, "正确选项已经签字，不能再改。", "EA-A9.2.1.3"),
        ),
        "key": ((key_id is not None, "正确选项还没有录入。", "EA-A9.2.1.3"),),
        "receive-scans": ((registered, "先登记试题，才知道答题卡的版式。", None),),
        "propose-data-correction": ((balance.placed > 0, "还没有识读完成的答题卡。", None),),
        "open-scripts": ((balance.placed > 0, "还没有识读完成的答题卡。", None),),
        "score-objective": ((signed, "正确选项还没有完成审核签字。", "EA-A9.2.1.3"),),
    }
