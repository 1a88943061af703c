"""Those who work with scores: vetted, trained, filed, many at once; the pledge that each signs, and its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.actors import Actor, Post
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.ledger.models import Line as LedgerLine
from zikao.foundation.pages import (
    Action,
    Asked,
    Bulk,
    Column,
    Fact,
    Filter,
    Item,
    Line,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    bulk_action,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.foundation.pages.history import lines_of
from zikao.stages.collecting import commands, forms, policies, queries
from zikao.stages.collecting.models import Worker
from zikao.stages.collecting.states import WorkerState

TONES: Mapping[str, Any] = {"filed": "due", "pledged": "done", "recused": "danger"}
PATH = (WorkerState.VETTED, WorkerState.TRAINED, WorkerState.FILED, WorkerState.PLEDGED)
PAGE = 200
"""A marking has hundreds: as many on a page as one act takes."""
UNREADY = (WorkerState.VETTED, WorkerState.TRAINED)
tell(
    **{
        "collecting.workers-vetted": "选聘工作人员",
        "collecting.workers-trained": "登记培训",
        "collecting.workers-filed": "备案",
    }
)


def _posts(account: Account) -> str:
    held = {each.post for each in account.appointments.all() if Post(each.post) in policies.WORKERS}
    return "、".join(Post(post).label for post in sorted(held))


@staff_page(posts=policies.VETTERS)
def people(request: HttpRequest, actor: Actor, round_id: int) -> HttpResponse:
    """The people in post who are not yet chosen for a round."""
    found = queries.round_by_id(actor, round_id)
    table = Table(
        queries.people_to_choose(actor, found, clock.today()),
        (
            Column("name", "姓名", sortable=True),
            Column("username", "用户名", "code"),
            Column("posts", "岗位", value=_posts),
        ),
        filters=(
            Filter("name", "姓名", lookup="name__contains"),
            Filter("post", "岗位", "choice", choices=[(p.value, p.label) for p in sorted(policies.WORKERS)],
                   lookup=lambda rows, post: rows.filter(pk__in=_holders(post))),
        ),
        size=PAGE,
        order="name",
        bulk=[Bulk("选聘", "collecting:vet-workers", {"round_id": round_id})],
        empty="在岗人员都已选聘。",
    )  # fmt: skip
    return table_page(
        request, title=f"选聘工作人员：{found}", table=table, back=_register_link(round_id),
        intro="由省级教育考试机构进行资格审查后统一选聘。本人不在名单中：不能自己审查自己。",
    )  # fmt: skip


def _holders(post: str) -> Any:
    from zikao.foundation.access.models import Appointment

    return Appointment.objects.filter(post=post).values("account_id")


REGISTER = (
    Column("name", "姓名", sortable=True),
    Column("vetted_on", "资格审查", "date", sortable=True),
    Column("trained_on", "培训", "date"),
    Column("filed_on", "备案", "date"),
    Column("pledge_signed_at", "签订责任书", "datetime"),
    Column("here", "现在", value=lambda row: "在场" if row.here else "—"),
    Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, WorkerState, TONES)),
)
REGISTER_FILTERS = (
    Filter("name", "姓名", lookup="name__contains"),
    Filter("state", "状态", "choice", choices=WorkerState.choices),
)


@staff_page(posts=policies.REGISTER_READERS)
def register(request: HttpRequest, actor: Actor, round_id: int) -> HttpResponse:
    """The register of a round's workers."""
    found, here = queries.round_by_id(actor, round_id), {"round_id": round_id}
    choose = Action("选聘工作人员", "collecting:people", here, clause="SR-A1.4")
    table = Table(
        queries.workers(actor, round_id),
        REGISTER,
        filters=REGISTER_FILTERS,
        size=PAGE,
        link=lambda row: reverse("collecting:worker", args=[row.pk]),
        order="name",
        bulk=[Bulk("登记培训", "collecting:record-training", here), Bulk("备案", "collecting:file-workers", here)],
        pickable=lambda row: row.state in UNREADY and row.account_id != actor.account_id,
        empty="还没有选聘工作人员。",
        empty_action=choose,
    )
    intro = "培训合格、备案由负责人成批登记；安全工作责任书由每个人本人登录签订，签订后方可上岗。"
    back = Link(str(found), reverse("collecting:round", args=[round_id]))
    return table_page(request, title=f"工作人员名册：{found}", table=table, back=back, intro=intro, actions=[choose])


@staff_page(posts=policies.READERS)
def worker(request: HttpRequest, actor: Actor, worker_id: int) -> HttpResponse:
    """One worker of a round."""
    found = queries.worker_by_id(actor, worker_id)
    return object_page(
        request,
        kicker=f"工作人员 · {found.round}",
        title=found.name,
        pill=Pill.of(found.state, WorkerState, TONES),
        back=Link(str(found.round), reverse("collecting:round", args=[found.round_id])),
        facts={"资格": _facts(found)},
        steps=steps_of(WorkerState, found.state, path=PATH),
        actions=_actions(found, actor),
        history=_history(found),
    )


def _history(found: Worker) -> list[Line]:
    """What is about the worker, and about several of the round of whom the worker was one."""
    own = LedgerLine.objects.filter(subject=f"collecting.worker:{found.pk}")
    shared = LedgerLine.objects.filter(
        subject=f"collecting.round:{found.round_id}", facts__workers__contains=[found.pk]
    )  # fmt: skip
    return lines_of(sorted([*own, *shared], key=lambda line: -line.id)[:50])


def _facts(found: Worker) -> list[Fact]:
    return [
        Fact("资格审查", found.vetting, note=f"{found.vetted_on:%Y-%m-%d}", clause="SR-A1.4"),
        Fact("培训合格的内容", "、".join(found.topics) or "—"),
        Fact("培训日期", found.trained_on, "date"),
        Fact("备案日期", found.filed_on, "date"),
        Fact("责任书签订时间", found.pledge_signed_at, "datetime", clause="SR-A1.4"),
        Fact("责任书文本摘要", found.pledge or "—", "code"),
    ]


def _actions(found: Worker, actor: Actor) -> list[Action]:
    here, state = {"worker_id": found.pk}, found.state
    there = {"round_id": found.round_id, "pick": found.pk}
    own = found.account_id == actor.account_id
    only, another = "只能由本人登录办理。", "本人的审查、培训和备案不能由自己登记。"
    return [
        Action("登记培训", "collecting:record-training-of", there, "各方面都合格才能登记。", clause="SR-A1.4")
        .open_if(not own, another, "SR-A1.4").open_if(state == WorkerState.VETTED, "培训已经登记。", "SR-A1.4"),
        Action("备案", "collecting:file-worker", there, "列入备案名册。", clause="SR-A1.4")
        .open_if(not own, another, "SR-A1.4").open_if(state != WorkerState.VETTED, "培训还没有合格。", "SR-A1.4")
        .open_if(state == WorkerState.TRAINED, "已经备案。", "SR-A1.4"),
        Action("签订安全工作责任书", "collecting:sign-pledge", here, "本人签订后方可上岗。", clause="SR-A1.4")
        .open_if(own, only, "SR-A1.4")
        .open_if(state in (WorkerState.FILED, WorkerState.PLEDGED), "还没有备案，或者已经回避。", "SR-A1.4")
        .open_if(state == WorkerState.FILED, "已经签订。", "SR-A1.4"),
        Action("申报回避", "collecting:recuse-worker", here, "本人或亲属参加本次考试。", clause="SR-A1.2", danger=True)
        .open_if(own, only, "SR-A1.2")
        .open_if(state in (WorkerState.FILED, WorkerState.PLEDGED), "尚未备案或者已经回避，不需要申报。", "SR-A1.2"),
        Action("打印安全工作责任书", "collecting:pledge-document", here, "载明责任和签订时间。", clause="SR-A1.4"),
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def pledge_document(request: HttpRequest, actor: Actor, worker_id: int) -> HttpResponse:
    """The safety pledge, signed or to be signed, as PDF."""
    pdf = render_document("collecting/pledge.typ", queries.pledge_document(actor, worker_id, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="safety-pledge-{worker_id}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


def _pledge_text(actor: Actor, worker_id: int) -> Mapping[str, object]:
    return {"pledge_text": queries.pledge_document(actor, worker_id, clock.today())["text"]}


def _register_link(round_id: int) -> Link:
    return Link("工作人员名册", reverse("collecting:workers", args=[round_id]))


def _names(actor: Actor, keys: Sequence[int]) -> list[str]:
    rows = Worker.objects.filter(pk__in=keys, agency_code__startswith=actor.agency_code)
    found = {row.pk: f"{row.name}（{row.get_state_display()}）" for row in rows}
    return [found[key] for key in keys if key in found]


def _accounts(actor: Actor, keys: Sequence[int]) -> list[str]:
    rows = Account.objects.filter(pk__in=keys, candidate_id=None, agency_code__startswith=actor.agency_code)
    found = {row.pk: f"{row.name}（{_posts(row)}）" for row in rows.prefetch_related("appointments")}
    return [found[key] for key in keys if key in found]


vet = bulk_action(
    commands.vet_workers, title="选聘工作人员", argument="account_ids", shown=_accounts, back="collecting:workers",
    form_class=forms.VettingForm, clause="SR-A1.4", button="选聘",
    what="经资格审查后由省级教育考试机构统一选聘。不能选聘自己。",
    done=lambda receipt, count: f"已选聘 {count:,} 人，请登记培训。",
)  # fmt: skip
train = bulk_action(
    commands.record_training, title="登记培训", argument="worker_ids", shown=_names, back="collecting:workers",
    form_class=forms.TrainingForm, clause="SR-A1.4", button="登记",
    what="法规、保密、纪律和操作各方面都合格才能登记。",
    done=lambda receipt, count: f"已登记 {count:,} 人的培训，请备案。",
)  # fmt: skip
file_workers = bulk_action(
    commands.file_workers, title="备案", argument="worker_ids", shown=_names, back="collecting:workers",
    clause="SR-A1.4", button="备案", what="列入备案名册；每个人本人签订安全工作责任书后方可上岗。",
    done=lambda receipt, count: f"已备案 {count:,} 人，等待各人签订责任书。",
)  # fmt: skip
sign_pledge = action(
    commands.sign_pledge, title="签订安全工作责任书", clause="SR-A1.4", button="本人已阅读，签订",
    what="签订即表示您承担责任书载明的责任，签订的文本和时间记入账本。", done="已签订，可以上岗。",
    back="collecting:worker", extra_template="collecting/_pledge.html", context=_pledge_text,
)  # fmt: skip
recuse = action(
    commands.recuse_worker, title="申报回避", clause="SR-A1.2", button="申报回避", danger=True,
    what="本人或者亲属参加本次考试的，应当回避。申报后您不再参加这次采集和处理，正在签到的场所随即离开。",
    done="已回避。", back="collecting:worker",
)  # fmt: skip


@waits_for(policies.WORKERS, "待您签订的安全工作责任书", "SR-A1.4", stage="collecting")
def to_pledge(actor: Actor) -> Asked:
    """The actor's own unsigned pledges."""
    asked = queries.unsigned_pledges(actor)
    yield asked
    rows = list(asked)
    items = tuple(Item(str(row.round), reverse("collecting:worker", args=[row.pk])) for row in rows[:5])
    first = reverse("collecting:sign-pledge", args=[rows[0].pk]) if rows else reverse("collecting:rounds")
    return Waiting(len(rows), first, items=items)


@waits_for(policies.VETTERS, "待培训、备案的工作人员", "SR-A1.4", stage="collecting")
def to_prepare(actor: Actor) -> Waiting:
    """Workers who wait for training or filing, by round."""
    rows = queries.unready_rounds(actor)
    items = tuple(
        Item(f"{row}（{count:,} 人）", reverse("collecting:workers", args=[row.pk])) for row, count in rows[:5]
    )
    first = items[0].url if items else reverse("collecting:rounds")
    return Waiting(sum(count for _, count in rows), first, items=items)
