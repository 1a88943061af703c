"""The acts of the procedure: record, notify, decide, dismiss, deliver, and the candidate's statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import action, tell
from zikao.stages.violations import commands, forms, queries

tell(
    **{
        "violations.recorded": "记录违规",
        "violations.notified": "告知考生",
        "violations.stated": "考生陈述和申辩",
        "violations.decided": "作出处理决定",
        "violations.dismissed": "不予处理",
        "violations.delivered": "送达决定",
    }
)


def _record_options(actor: Actor, *, entry_id: int) -> Mapping[str, Any]:
    return {"duties": list(queries.staff_present(queries.entry(actor, entry_id)))}


record = action(
    commands.record_violation,
    forms.RecordForm,
    title="记录违规",
    what="如实记下看到的事实，由两名以上工作人员签字，并把记录内容告知考生。",
    clause="EA-A6.13",
    form_options=_record_options,
    context=lambda actor, entry_id: {"entry": queries.entry(actor, entry_id)},
    extra_template="violations/_entry.html",
    done="违规已记录。",
    back=lambda receipt, entry_id: reverse("violations:case", args=[receipt.value.pk]),
)
notify = action(
    commands.notify_case,
    title="告知考生",
    what="考生将在自己的页面上看到事实、理由、依据和陈述申辩的期限；告知书可以打印送交。",
    clause="EA-A1.10",
    button="告知",
    done="已告知考生，等待陈述和申辩。",
    back="violations:case",
)
decide = action(
    commands.decide_case,
    forms.DecisionForm,
    title="作出处理决定",
    what="范围内的科目成绩无效，并记入诚信档案，不能撤回。",
    clause="EA-A1.10",
    danger=True,
    button="作出决定",
    done=lambda receipt: f"已作出决定：{receipt.value.get_scope_display()}。",
    back="violations:case",
)
dismiss = action(
    commands.dismiss_case,
    forms.DismissForm,
    title="不予处理",
    what="事实不成立或证据不足：成绩不受影响，不记入诚信档案。",
    clause="EA-A1.10",
    done="已登记不予处理。",
    back="violations:case",
)
deliver = action(
    commands.deliver_decision,
    title="登记送达",
    what="决定书已经送到考生手中；申请复核的期限从今天起算。",
    clause="EA-A1.10",
    done="已登记送达。",
    back="violations:case",
)
state = action(
    commands.state_case,
    forms.StatementForm,
    title="陈述和申辩",
    what="您可以说明事实、理由和证据。机构听取之后才能作出决定。",
    clause="EA-A1.10",
    button="提交",
    door="candidate",
    done="您的陈述已经收到。",
    back="violations:my-case",
)
