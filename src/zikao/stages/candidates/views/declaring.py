"""Tutoring institutions and relatives, declared by candidates or at the counter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zikao.foundation.actors import Actor
from zikao.foundation.pages import action, candidate_page
from zikao.stages.candidates import commands, policies
from zikao.stages.candidates.forms.changes import RelativeForm, TutoredForm, TutoringForm
from zikao.stages.candidates.models import RELATIVE
from zikao.stages.candidates.views.own import own
from zikao.stages.candidates.views.staff import whom


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I declared."""
    person = own(actor)
    relatives = [(RELATIVE.text(each), each.relation, each.unit) for each in person.declared_relatives.all()]
    return render(request, "candidates/declared.html", {"person": person, "relatives": relatives})


def _mine(actor: Actor) -> dict[str, Any]:
    return {"candidate_id": actor.candidate_id or 0}


tutoring = action(
    commands.declare_tutoring, TutoringForm, title="登记助学机构", clause="EA-24.3", button="登记",
    what="登记考生参加哪个助学机构；该机构的场地作考点时，不成建制地安排本机构的考生。", done="已登记。",
    back="candidates:candidate", about=whom, posts=policies.REGISTRARS,
)  # fmt: skip
relative = action(
    commands.declare_relative, RelativeForm, title="登记考生的亲属", clause="EA-9", button="登记",
    what="考生申报在考试工作人员中的亲属，安排考务时回避。", done="已登记。", back="candidates:candidate", about=whom,
    posts=policies.REGISTRARS,
)  # fmt: skip
tutored = action(
    commands.list_tutored, TutoredForm, title="登记助学机构考生名单", clause="EA-24.3", button="核对并登记",
    what="按助学机构报来的名单登记；有一行不对，全部不登记。", done=lambda receipt: f"已登记 {receipt.value} 人。",
    back="candidates:list", arguments=lambda data: {
        "institution_code": data["institution_code"], "admission_numbers": data["numbers"].splitlines()},
)  # fmt: skip
my_tutoring = action(
    commands.declare_tutoring, TutoringForm, title="我的助学机构", clause="EA-24.3", button="保存", door="candidate",
    what="您参加的助学机构如果借作考点，考场不会整批安排它的考生。", done="已保存。", back="candidates:my-declared",
    given=_mine,
)  # fmt: skip
my_relative = action(
    commands.declare_relative, RelativeForm, title="申报亲属", clause="EA-9", button="申报", door="candidate",
    what="您的亲属如果是考试工作人员，请申报，他们不会被安排到您的考场。", done="已申报。", given=_mine,
    back="candidates:my-declared",
)  # fmt: skip
