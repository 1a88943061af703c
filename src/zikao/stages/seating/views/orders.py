"""What a draw offers on paper: rooms, the public record, a county's notices prepared as long work."""

from __future__ import annotations

from django.urls import reverse

from zikao.foundation.pages import Action, action
from zikao.stages.seating import commands, forms, policies, queries

order_notices = action(
    commands.order_notices,
    forms.PrintingForm,
    title="打印一县的考试通知单",
    what="由系统在后台排版一个县区全部考生的通知单，每五十人一个 PDF，打包成一个文件。可以离开页面，稍后再来下载。",
    clause="EA-16",
    button="开始准备",
    done="已开始准备，进度见下。",
    form_options=lambda actor, sitting_code: {"counties": queries.counties_with_notices(actor, sitting_code)},
    back=lambda receipt, sitting_code: reverse("work:one", args=[receipt.value.pk]),
)


def paper_actions(place: dict[str, str], *, is_drawn: bool, is_issued: bool) -> list[Action]:
    """The acts of a draw's page that end on paper or in a file."""
    undrawn = "座位还没有编排。"
    return [
        Action("打印一县的通知单", "seating:order-notices", place, "在后台排版，完成后下载。").open_if(
            is_issued, "通知单还没有发放。", "EA-16"
        ),
        Action("考场与座位", "seating:rooms", place, "逐个考场查看座位。").open_if(is_drawn, undrawn),
        Action("下载公开记录", "seating:record", place, "任何人可用它离线重算核验。", posts=policies.DRAWERS).open_if(
            is_drawn, undrawn
        ),
    ]
