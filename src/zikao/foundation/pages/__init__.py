"""The four-part object page, tables, action forms: what every page is made of.

A stage's views.py, whole:

    from zikao.foundation.pages import (
        Action, Column, Fact, Filter, Pill, Table, action, object_page, staff_page, steps_of, table_page, tell,
        waits_for, Waiting,
    )

    @staff_page(posts=policies.CLERKS)
    def site_list(request: HttpRequest, actor: Actor) -> HttpResponse:
        table = Table(
            queries.sites(actor),                                  # a scoped queryset
            (Column("code", "考点代码", "code", sortable=True), Column("name", "名称")),
            filters=(Filter("name", "名称", lookup="name__contains"),),
            link=lambda site: reverse("agencies:site", args=[site.code]),
            order="code",
            empty="本机构还没有考点。",
        )
        return table_page(request, title="考点", table=table, actions=[Action("提出考点", "agencies:propose")])

    @staff_page
    def site(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
        site = queries.site(actor, code)                           # NotFound becomes the 404 page
        return object_page(
            request,
            kicker="考点",
            title=site.name,
            facts=[
                Fact("代码", site.code, "code"),
                Fact("验收有效期至", site.accepted_until, "date", clause="EA-24.2"),
            ],
            steps=steps_of(SiteState, site.state),
            actions=[
                Action("验收", "agencies:accept", {"code": code}, what_it_does="登记验收结果，考点可用于编排。")
                .open_if(site.state == SiteState.INSPECTED, "尚未检查。", "EA-24.2"),
            ],
            history=f"agencies.site:{site.pk}",
        )

    accept = action(commands.accept_site, forms.AcceptForm, title="验收考点", done="考点已验收。", back="agencies:site")

Errors: NotFound -> 404 page, NotPermitted -> 403 page, Refused, WrongState, BadInput, Conflict in an action -> the form
again with why, facts, clause and what now; anywhere else -> the refusal panel as a page.
"""

from zikao.foundation.pages.acting import action
from zikao.foundation.pages.build import form_page, object_page, table_page
from zikao.foundation.pages.bulk import bulk_action
from zikao.foundation.pages.exporting import exportable
from zikao.foundation.pages.guards import actor_of, candidate_page, public_page, shell_of, staff_page
from zikao.foundation.pages.history import Line, history_of, started_by, tell
from zikao.foundation.pages.listed import ListForm, Listing, Looked, list_page, sample_file
from zikao.foundation.pages.parts import Action, Fact, Link, Pill, Step, steps_of, url_or_empty
from zikao.foundation.pages.tables import Bulk, Column, Filter, Table, page_of
from zikao.foundation.pages.tokens import number_of_token, token_of, verification_url
from zikao.foundation.pages.trust import TrustItem, state_of_trust, trust_item
from zikao.foundation.pages.worklist import (
    Asked,
    Item,
    Task,
    Waiting,
    candidate_task,
    few,
    tasks_of,
    waits_for,
    work_of,
)

__all__ = [
    "Action",
    "Asked",
    "Bulk",
    "Column",
    "Fact",
    "Filter",
    "Item",
    "Line",
    "Link",
    "ListForm",
    "Listing",
    "Looked",
    "Pill",
    "Step",
    "Table",
    "Task",
    "TrustItem",
    "Waiting",
    "action",
    "actor_of",
    "bulk_action",
    "candidate_page",
    "candidate_task",
    "exportable",
    "few",
    "form_page",
    "history_of",
    "list_page",
    "number_of_token",
    "object_page",
    "page_of",
    "public_page",
    "sample_file",
    "shell_of",
    "staff_page",
    "started_by",
    "state_of_trust",
    "steps_of",
    "table_page",
    "tasks_of",
    "tell",
    "token_of",
    "trust_item",
    "url_or_empty",
    "verification_url",
    "waits_for",
    "work_of",
]
