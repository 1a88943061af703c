"""What is done for a candidate at the counter later on: card, contact, major, commitment, integrity file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import action, bulk_action
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms.changes import ContactForm, IntegrityForm, MajorForm, PaperPledgeForm, ReissueForm
from zikao.stages.candidates.views.staff import whom

CONTACT = "报名点、考试机构按这里的电话和地址联系；密存，页面上只显示首尾几位。"


def _pledge_text(actor: Actor, **url: object) -> Mapping[str, object]:
    return {"pledge_text": parameter("integrity-pledge").on(clock.today(), province=settings.ZIKAO_NODE_CODE)}


def _lines(actor: Actor, keys: Sequence[int]) -> list[str]:
    rows = queries.candidates(actor).in_bulk(list(keys))
    return [f"{row.admission_number}　{row.name}" for row in (rows[key] for key in keys if key in rows)]


reissue_card = action(
    commands.reissue_card, ReissueForm, title="补发准考证", clause="EA-14", button="补发",
    what="核对身份证件原件之后，打印准考证交考生本人。号码不变，补发记入账本。", done="已登记补发，请打印准考证。",
    back="candidates:candidate", about=whom,
)  # fmt: skip
change_contact = action(
    commands.change_contact, ContactForm, title="更改联系方式", clause="EA-47", button="更改", what=CONTACT,
    done="联系方式已更改。", back="candidates:candidate", about=whom, posts=policies.REGISTRARS,
)  # fmt: skip
change_my_contact = action(
    commands.change_contact, ContactForm, title="更改我的联系方式", clause="EA-47", button="更改", what=CONTACT,
    done="联系方式已更改。", back="candidates:mine", door="candidate",
    given=lambda actor: {"candidate_id": actor.candidate_id or 0},
)  # fmt: skip
change_major = action(
    commands.change_major, MajorForm, title="改报专业", clause="EA-12.1", button="改报",
    what="准考证号不变；已经报考的课程不变，已有成绩按新专业的考试计划计算。准考证上印有专业，请重新打印。",
    done="已改报。", back="candidates:candidate", about=whom,
)  # fmt: skip
paper_pledge = action(
    commands.accept_pledge, PaperPledgeForm, title="登记纸质承诺书", clause="EA-26.1", button="登记",
    what="考生已在纸质《考生诚信考试承诺书》上签名。纸质承诺书由报名点保管。", done="已登记，记入诚信档案。",
    back="candidates:candidate", about=whom, posts=policies.REGISTRARS, context=_pledge_text,
    extra_template="candidates/_pledge.html",
)  # fmt: skip
pledge_chosen = bulk_action(
    commands.accept_pledges, title="登记选中考生的纸质承诺书", argument="candidate_ids", shown=_lines,
    back="candidates:list", clause="EA-26.1", button="登记", form_class=PaperPledgeForm, posts=policies.REGISTRARS,
    what="选中的考生都已在纸质承诺书上签名；已经登记过的保持不变。",
    done=lambda receipt, count: f"已登记 {receipt.value:,} 份，其余 {count - receipt.value:,} 份此前已经登记。",
)  # fmt: skip
record_integrity = action(
    commands.record_integrity, IntegrityForm, title="记入诚信档案", clause="EA-26.1", button="记入",
    what="只依处理决定或法定程序记入。记入以后任何人不能修改、删除。", done="已记入诚信档案。", danger=True,
    back="candidates:candidate", about=whom,
)  # fmt: skip
