"""The key: entered in a grid, reviewed and signed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.clock import LOCAL
from zikao.foundation.pages import Action, Fact, Link, Pill, action, object_page, staff_page, steps_of
from zikao.foundation.secrecy.classes import check_access
from zikao.stages.marking import commands, forms, policies, queries
from zikao.stages.marking.models import AnswerKey
from zikao.stages.marking.models.keys import ANSWERS
from zikao.stages.marking.secrets import KEY, matter_of
from zikao.stages.marking.states import KeyState


def _items(actor: Actor, paper_id: int) -> dict[str, Any]:
    return {"items": queries.objective_count(queries.paper_of(paper_id))}


enter_key = action(
    commands.enter_key,
    forms.KeyForm,
    title="录入正确选项",
    what="逐题录入正确选项。录入后由两名以上其他人审核签字，其中一人为省级考务负责人。",
    clause="EA-A9.2.1.3",
    button="录入完成",
    done="正确选项已录入，等待审核签字。",
    back="marking:paper",
    form_options=_items,
    extra_template="marking/_assets.html",
)


OWN_ENTRY = "录入人不能审核自己录入的内容。"


def _signing(key: AnswerKey) -> Action:
    return Action(
        "审核签字",
        "marking:sign-key",
        {"key_id": key.pk},
        "确认正确选项和分值无误；签齐之后不能再改。",
        clause="EA-A9.2.1.3",
        posts=policies.KEY_REVIEWERS,
    ).open_if(key.state in (KeyState.ENTERED, KeyState.REVIEWED), "这一版本不再接受签字。", "EA-A9.2.1.3")


@staff_page(posts=policies.KEY_REVIEWERS)
def key_page(request: HttpRequest, actor: Actor, key_id: int) -> HttpResponse:
    """A key with its letters, for those who review it."""
    key = queries.key_to_review(actor, key_id)
    check_access(matter_of(KEY, key.paper), "查看参考答案", by=actor, at=clock.now())
    signatures = list(key.signatures.all())
    points = key.paper.questions.filter(kind="objective").values_list("max_points", flat=True)
    items = list(enumerate(zip(ANSWERS.text(key), points, strict=False), start=1))
    signed = [Fact("审核签字", f"{each.name}　{each.signed_at.astimezone(LOCAL):%m-%d %H:%M}") for each in signatures]
    return object_page(
        request,
        kicker=f"正确选项 · {key.paper.course}",
        title=f"第{key.version}版",
        pill=Pill.of(key.state, KeyState, {"signed": "done", "replaced": "danger"}),
        facts=[
            Fact("录入人", key.entered_by_name),
            Fact("录入时间", key.entered_at, "datetime"),
            Fact("题数", len(items), "number"),
            Fact("摘要", key.digest[:16], "code"),
            *signed,
        ],
        steps=steps_of(KeyState, key.state, path=[KeyState.ENTERED, KeyState.REVIEWED, KeyState.SIGNED]),
        actions=[_signing(key).open_if(actor.account_id != key.entered_by, OWN_ENTRY, "EA-A9.2.1.3")],
        history=f"marking.answerkey:{key.pk}",
        back=Link("评卷", reverse("marking:paper", args=[key.paper_id])),
        extra_template="marking/_key.html",
        context={"items": items},
    )


def _seen(actor: Actor, key_id: int) -> dict[str, str]:
    return {"digest": queries.key_to_review(actor, key_id).digest}


sign_key = action(
    commands.sign_key,
    forms.SignForm,
    title="审核签字",
    what="签字表示您已逐题核对正确选项及分值。录入人不能审核；每人只签一次。",
    clause="EA-A9.2.1.3",
    button="签字",
    done="已签字。",
    back="marking:key",
    initial=_seen,
    arguments=lambda data: {"digest": data["digest"]},
)
