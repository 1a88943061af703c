"""Who does what with student records (SR-3): charges by level, with the acts that each level's posts may do here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.pages import Fact, Pill, Step, object_page, staff_page
from zikao.foundation.pages.history import TOLD
from zikao.stages.agencies import queries
from zikao.stages.agencies.queries.roles import LEVELS


@staff_page(posts=STAFF_POSTS)
def roles(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The levels, their charges and their acts."""
    here = queries.in_charge(clock.today(), settings.ZIKAO_NODE_KIND)
    levels = [
        (level, sorted({TOLD.get(info.writes, info.writes) for info in queries.acts_of(level)})) for level in LEVELS
    ]
    return object_page(
        request,
        kicker="考籍管理",
        title="考籍管理的职责分工",
        pill=Pill(f"本节点：{here}", "info"),
        facts=[
            Fact(level.name, level.charge, clause=level.clause, note=f"{len(acts)} 项职权") for level, acts in levels
        ],
        steps=[Step(level.name, "present" if level.name == here else "off") for level, _ in levels],
        extra_template="agencies/_roles.html",
        context={"levels": levels},
    )
