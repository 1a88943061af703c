"""What is done with the candidate at the counter: apply, confirm, withdraw, complete; and the form to sign."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.errors import WrongState
from zikao.foundation.pages import Link, action, form_page, staff_page
from zikao.stages.transfers import commands, forms, policies, queries

apply = action(
    commands.apply_to_leave,
    forms.ApplyForm,
    title="受理转出申请",
    what="转考由考生本人申请。受理时核对能否转出，不能的当场说明依据和出路。",
    clause="SR-15",
    button="受理",
    done="已受理。请打印转出登记表，由考生核对签字。",
    back=lambda receipt, **kwargs: (
        reverse("transfers:transfer", args=[receipt.value.pk]) if receipt.value else reverse("transfers:list")
    ),
    form_options=lambda actor: {"actor": actor},
)
confirm = action(
    commands.confirm_leaving,
    forms.ConfirmForm,
    title="转出现场确认",
    what="考生本人到场核对要转出的成绩，在转出登记表上签字。",
    clause="SR-A2.3.1",
    button="登记确认",
    done="已登记。电子档案在集中交换的月份上传。",
    back="transfers:transfer",
)
withdraw = action(
    commands.withdraw_application,
    forms.WithdrawForm,
    title="撤回转出申请",
    what="考生继续在本省考试，以后可以重新申请。",
    clause="SR-15",
    button="撤回",
    danger=True,
    done="已撤回。",
    back="transfers:transfer",
)
complete = action(
    commands.complete_transfer,
    forms.ArriveForm,
    title="转入现场确认",
    what="考生核对转入的课程并签字。确认后成绩经审核签字写入成绩档案，结果随即上传转考平台，转出地变更在籍状态。",
    clause="SR-A2.4.4",
    button="登记确认",
    done="已登记。有成绩转入的，审核签字并写入成绩档案之后，转考完成，结果发往转考平台。",
    back="transfers:transfer",
)


@staff_page(posts=policies.CLERKS)
def print_form(request: HttpRequest, actor: Actor, transfer_id: int) -> HttpResponse:
    """Say what printing shows; a post answers with the form as PDF, and leaves a line."""
    found = queries.transfer(actor, transfer_id)
    error = None
    if request.method == "POST":
        try:
            commands.issue_form(transfer_id=transfer_id, by=actor, at=clock.now())
            pdf = render_document("transfers/form.typ", *queries.form_of(found))
            headers = {"Content-Disposition": f'inline; filename="{found.number}.pdf"'}
            return HttpResponse(pdf, content_type=pdf_type, headers=headers)
        except WrongState as refusal:
            error = refusal
    return form_page(
        request,
        title=f"打印转考（{found.get_direction_display()}）登记表",
        form=None,
        what="登记表载明完整的身份证号和联系电话，供考生本人核对签字；打印人和时间记入账本。",
        clause="SR-A2.3.1" if found.direction == "out" else "SR-A2.4.4",
        button="生成登记表",
        error=error,
        back=Link("返回", reverse("transfers:transfer", args=[found.pk])),
        status=error.http_status if error else 200,
    )
