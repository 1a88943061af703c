"""One certificate on its way to the register; rejected: why, and what now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Fact, Link, history_of, object_page, staff_page, steps_of
from zikao.foundation.pages.formats import day_text
from zikao.stages.registry import policies, queries
from zikao.stages.registry.models import Registration
from zikao.stages.registry.states import RowState
from zikao.stages.registry.views.batches import row_pill

PATH = (RowState.READY, RowState.REGISTERED)


@staff_page(posts=policies.READERS)
def certificate(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One row of a batch: what is registered of it, and the answer."""
    row = queries.row(actor, number)
    back = reverse("registry:batch", args=[row.batch.batch_on])
    batch_page = Action(
        "到批次页办理", "registry:batch", {"batch_on": row.batch.batch_on}, "审批、上报和重新上报按批办理。"
    )
    return object_page(
        request,
        kicker="毕业证书电子注册",
        title=f"{row.certificate.application.candidate.name}　{number}",
        pill=row_pill(row),
        back=Link(f"{day_text(row.batch.batch_on)}证书", back),
        facts={"注册内容": _content(row), "结果": _answer(row)},
        steps=steps_of(RowState, row.state, path=PATH),
        actions=[batch_page],
        history=[
            *history_of(f"registry.registration:{row.pk}"),
            *history_of(f"registry.registrationbatch:{row.batch_id}"),
        ],
        extra_template="registry/_what_now.html",
        context={"row": row},
    )


def _content(row: Registration) -> list[Fact]:
    application = row.certificate.application
    candidate, plan = application.candidate, application.plan
    return [
        Fact("证书编号", row.certificate.number, "code", clause="SR-A3.1"),
        Fact("姓名", candidate.name),
        Fact("性别", candidate.get_sex_display()),
        Fact("专业", str(plan.major)),
        Fact("主考学校", application.school.name),
        Fact("发证日期", row.certificate.issued_on, "date"),
        Fact("照片", "已采集" if candidate.portrait else "没有照片"),
    ]


def _answer(row: Registration) -> list[Fact]:
    facts = [Fact("答复时间", row.answered_at, "datetime", clause="SR-20")]
    if row.reason:
        facts.append(Fact("理由", row.reason))
    if row.revoked_at is not None:
        facts.append(Fact("撤销时间", row.revoked_at, "datetime", clause="SR-A3.7"))
    facts.append(Fact("发证时间", row.certificate.handed_out_at, "datetime", clause="SR-A3.2"))
    return facts
