"""Those who collect: vetted, trained, filed; the pledge that each signs, and its document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.pages import (
    Action,
    Fact,
    Item,
    Link,
    Pill,
    Waiting,
    action,
    object_page,
    staff_page,
    steps_of,
    waits_for,
)
from zikao.stages.results import commands, forms, policies, queries
from zikao.stages.results.models import CollectionWorker
from zikao.stages.results.states import WorkerState
from zikao.stages.results.views.rounds import WORKER_TONES

PATH = (WorkerState.VETTED, WorkerState.TRAINED, WorkerState.FILED, WorkerState.PLEDGED)


def worker_url(receipt: Any, **kwargs: Any) -> str:
    """The page of the worker that a receipt is about."""
    return reverse("results:worker", args=[receipt.value.pk])


@staff_page(posts=policies.ROUND_READERS)
def worker(request: HttpRequest, actor: Actor, worker_id: int) -> HttpResponse:
    """One worker of a round."""
    found = queries.worker_by_id(actor, worker_id)
    return object_page(
        request,
        kicker=f"{found.round.sitting}成绩采集人员",
        title=found.name,
        pill=Pill.of(found.state, WorkerState, WORKER_TONES),
        back=Link("采集安排", reverse("results:round", args=[found.round_id])),
        facts={"资格": _facts(found)},
        steps=steps_of(WorkerState, found.state, path=PATH),
        actions=_actions(found, actor),
        history=f"results.collectionworker:{found.pk}",
    )


def _facts(found: CollectionWorker) -> list[Fact]:
    return [
        Fact("资格审查", found.vetting, note=f"{found.vetted_on:%Y-%m-%d}", clause="SR-A1.4"),
        Fact("培训合格的内容", "、".join(found.topics) or "—"),
        Fact("培训日期", found.trained_on, "date"),
        Fact("备案日期", found.filed_on, "date"),
        Fact("责任书签订时间", found.pledge_signed_at, "datetime", clause="SR-A1.4"),
        Fact("责任书文本摘要", found.pledge or "—", "code"),
    ]


def _actions(found: CollectionWorker, actor: Actor) -> list[Action]:
    here, state = {"worker_id": found.pk}, found.state
    own = found.account_id == actor.account_id
    only = "只能由本人登录办理。"
    return [
        Action("登记培训", "results:record-training", here, "法规、保密、纪律、操作各方面合格。", clause="SR-A1.4")
        .open_if(state == WorkerState.VETTED, "培训已经登记。", "SR-A1.4"),
        Action("备案", "results:file-worker", here, "列入采集人员备案名册。", clause="SR-A1.4")
        .open_if(state != WorkerState.VETTED, "培训还没有合格。", "SR-A1.4")
        .open_if(state == WorkerState.TRAINED, "已经备案。", "SR-A1.4"),
        Action("签订安全工作责任书", "results:sign-pledge", here, "本人阅读并签订，签订后方可上岗。", clause="SR-A1.4")
        .open_if(own, only, "SR-A1.4")
        .open_if(state in (WorkerState.FILED, WorkerState.PLEDGED), "还没有备案，或者已经回避。", "SR-A1.4")
        .open_if(state == WorkerState.FILED, "已经签订。", "SR-A1.4"),
        Action("申报回避", "results:recuse-worker", here, "本人或者亲属参加本次考试。", clause="SR-A1.2", danger=True)
        .open_if(own, only, "SR-A1.2")
        .open_if(state in (WorkerState.FILED, WorkerState.PLEDGED), "尚未备案或者已经回避，不需要申报。", "SR-A1.2"),
        Action("打印安全工作责任书", "results:pledge-document", here, "载明责任、培训和签订时间。", clause="SR-A1.4",
               posts=policies.ROUND_READERS),
    ]  # fmt: skip


@staff_page(posts=policies.ROUND_READERS)
def pledge_document(request: HttpRequest, actor: Actor, worker_id: int) -> HttpResponse:
    """The safety pledge, signed or to be signed, as PDF."""
    pdf = render_document("results/pledge.typ", queries.pledge_document(actor, worker_id, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="safety-pledge-{worker_id}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


def _pledge_text(actor: Actor, worker_id: int) -> Mapping[str, object]:
    return {"pledge_text": queries.pledge_document(actor, worker_id, clock.today())["text"]}


vet = action(
    commands.vet_worker, forms.VettingForm, title="选聘采集人员", clause="SR-A1.4", button="选聘",
    what="经资格审查后由省级教育考试机构统一选聘。不能选聘自己。", done="已选聘，请登记培训。", back=worker_url,
    form_options=lambda actor, **url: {"people": queries.possible_people(actor, clock.today(), policies.WORKERS)},
)  # fmt: skip
train = action(
    commands.record_training, forms.TrainingForm, title="登记培训", clause="SR-A1.4", button="登记",
    what="法规、保密、纪律和操作各方面都合格才能登记。", done="已登记，请备案。", back="results:worker",
)  # fmt: skip
file_worker = action(
    commands.file_worker, title="备案", clause="SR-A1.4", button="备案",
    what="列入采集人员备案名册；本人签订安全工作责任书后方可上岗。", done="已备案，等待本人签订责任书。",
    back="results:worker",
)  # fmt: skip
sign_pledge = action(
    commands.sign_pledge, title="签订安全工作责任书", clause="SR-A1.4", button="本人已阅读，签订",
    what="签订即表示您承担责任书载明的责任，签订的文本和时间记入账本。", done="已签订，可以上岗。",
    back="results:worker", extra_template="results/_pledge.html", context=_pledge_text,
)  # fmt: skip
recuse = action(
    commands.recuse_worker, title="申报回避", clause="SR-A1.2", button="申报回避", danger=True,
    what="本人或者亲属参加本次考试的，应当回避。申报后您不再参加这次采集，正在签到的场次随即离开。",
    done="已回避。", back="results:worker",
)  # fmt: skip


@waits_for(policies.WORKERS, "待您签订的安全工作责任书", "SR-A1.4", stage="results")
def to_pledge(actor: Actor) -> Waiting:
    """The actor's own unsigned pledges."""
    return _waiting(list(queries.unsigned_pledges(actor)))


@waits_for(policies.ROUND_ORGANISERS, "待培训、备案的采集人员", "SR-A1.4", stage="results")
def to_prepare(actor: Actor) -> Waiting:
    """Workers who wait for training or filing."""
    return _waiting(list(queries.unready_workers(actor)))


def _waiting(rows: list[CollectionWorker]) -> Waiting:
    items = tuple(Item(f"{row.round} {row.name}", reverse("results:worker", args=[row.pk])) for row in rows[:5])
    first = reverse("results:round", args=[rows[0].round_id]) if rows else reverse("results:rounds")
    return Waiting(len(rows), first, items=items)
