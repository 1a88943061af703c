"""What the doors read: the node's name, the sitting, published timetables, the last checkpoint, posts to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest

from zikao.foundation import clock
from zikao.foundation.access.models import Account
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.actors import Post
from zikao.foundation.ledger.models import Checkpoint
from zikao.foundation.pages import actor_of
from zikao.foundation.provinces import CENTRE_NAME
from zikao.stages.agencies.models import Agency
from zikao.stages.programmes.models import Paper, Sitting, Timetable
from zikao.stages.programmes.states import TimetableState

NAME_KEPT_SECONDS = 60


def node_name() -> str:
    """The name of this node's agency."""
    kept: str | None = cache.get("node-name")
    if kept is None:
        found = Agency.objects.filter(code=settings.ZIKAO_NODE_CODE).values_list("name", flat=True).first()
        kept = found or (CENTRE_NAME if settings.ZIKAO_NODE_KIND == "national" else "省级教育考试机构")
        cache.set("node-name", kept, NAME_KEPT_SECONDS)
    return kept


def present_sitting() -> str:
    """The code of the newest sitting, or an empty string."""
    return Sitting.objects.order_by("-code").values_list("code", flat=True).first() or ""


@dataclass(frozen=True)
class PostChoice:
    """An appointment that the signed-in person may act in."""

    pk: int
    label: str
    present: bool


def posts_to_choose(request: HttpRequest) -> list[PostChoice]:
    """The appointments in effect of who is signed in."""
    if not isinstance(request.user, Account):
        return []
    actor = actor_of(request)
    present = actor.appointment_id if actor else None
    known = getattr(request, "appointments", None)
    found = known if known is not None else list(appointments_in_effect(request.user, clock.now()).order_by("id"))
    codes = {each.agency_code for each in found}
    names = dict(Agency.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        PostChoice(
            each.pk,
            " ".join(filter(None, (names.get(each.agency_code, each.agency_code), Post(each.post).label))),
            each.pk == present,
        )
        for each in found
    ]


@dataclass(frozen=True)
class Session:
    """What is sat at one time."""

    number: int
    starts: str
    ends: str
    papers: list[Paper]


@dataclass(frozen=True)
class ExamDay:
    """One day of a sitting."""

    day: date
    sessions: list[Session]


def published_sittings() -> list[Sitting]:
    """The sittings whose timetable is published, the newest first."""
    codes = Timetable.objects.filter(state=TimetableState.PUBLISHED).values("sitting")
    return list(Sitting.objects.filter(pk__in=codes).order_by("-code"))


def timetable_of(sitting: Sitting, words: str = "") -> list[ExamDay]:
    """A sitting's papers by day and unit; `words` narrows by course code, course name, major code or major name."""
    papers = Paper.objects.filter(sitting=sitting).select_related("course", "unit")
    if words:
        course = Q(course__code__startswith=words) | Q(course__name__contains=words)
        major = Q(majors__major__name__contains=words) | Q(majors__major__code__startswith=words)
        papers = papers.filter(course | major).distinct()
    found = sorted(papers, key=lambda p: (p.unit.starts_at, p.unit.number, p.course.code))
    days = groupby(found, key=lambda p: clock.local_day(p.unit.starts_at))
    return [ExamDay(day, _sessions(list(of_day))) for day, of_day in days]


def _sessions(papers: list[Paper]) -> list[Session]:
    return [
        Session(unit.number, _hour(unit.starts_at), _hour(unit.ends_at), list(some))
        for unit, some in groupby(papers, key=lambda p: p.unit)
    ]


def _hour(moment: object) -> str:
    return f"{moment.astimezone(clock.LOCAL):%H:%M}"  # type: ignore[attr-defined]


def last_checkpoint() -> Checkpoint | None:
    """The newest signed head of the ledger."""
    return Checkpoint.objects.order_by("-tree_size").first()
