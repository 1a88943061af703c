"""The journal of sign-ins, for those who watch."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from zikao.foundation.access import policies
from zikao.foundation.access.models import Account
from zikao.foundation.access.states import SignInEvent
from zikao.foundation.actors import Actor
from zikao.foundation.clock import LOCAL
from zikao.foundation.pages import Column, Filter, Table, staff_page, table_page
from zikao.portals.accounts import queries


def _by_name(rows: Any, username: str) -> Any:
    return rows.filter(account_id__in=Account.objects.filter(username__startswith=username).values("pk"))


def _of_day(rows: Any, day: str) -> Any:
    try:
        begin = datetime.combine(date.fromisoformat(day), time(), LOCAL)
        end = begin + timedelta(days=1)
    except (ValueError, OverflowError):
        return rows.none()
    return rows.filter(at__gte=begin, at__lt=end)


FILTERS = (
    Filter("username", "用户名", lookup=_by_name),
    Filter("event", "事项", kind="choice", choices=SignInEvent.choices),
    Filter("address", "地址", lookup="address__startswith"),
    Filter("day", "日期", kind="date", lookup=_of_day),
    Filter("agency_code", "机构代码", lookup="agency_code__startswith"),
)


class _People:
    """The names of accounts, asked once for all lines of a page."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def __call__(self, row: Any) -> str:
        if row.account_id is None:
            return "没有这个用户名"
        if row.account_id not in self._names:
            self._names |= queries.named([row])
        return self._names.get(row.account_id, str(row.account_id))


@staff_page(posts=policies.JOURNAL_READERS)
def sign_ins(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who came in, who failed, who went, from where."""
    at, *others = queries.SIGN_IN_COLUMNS
    table = Table(
        queries.sign_ins(actor),
        (at, Column("account", "账号", value=_People()), *others),
        filters=FILTERS,
        order="-at",
        empty="没有符合条件的记录。",
    )
    intro = "只增不改。一个地址输错许多用户名，或一个账号“密码正确、第二重验证不对”，请立即查问。"
    return table_page(request, title="登录日志", intro=intro, table=table)
