"""The parts of an object's page: facts, steps, actions, history; plain frozen data that templates draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db.models import TextChoices
from django.urls import NoReverseMatch, resolve, reverse

from zikao.foundation.actors import Actor, Post

if TYPE_CHECKING:
    from zikao.foundation.regulation import Decision

Kind = Literal["text", "number", "date", "datetime", "money", "code", "node", "image", "link", "pill", "masked"]
Tone = Literal["plain", "info", "done", "due", "danger"]


@dataclass(frozen=True)
class Pill:
    """A state as a word with a colour: the word is always there. `Pill.of(Entry.State.PAID, tones)`."""

    label: str
    tone: Tone = "plain"

    @classmethod
    def of(cls, state: str, states: type[TextChoices], tones: Mapping[str, Tone] | None = None) -> Pill:
        """The pill of a state; `tones` maps a state to its colour, others are plain."""
        member = states(state)
        return cls(str(member.label), (tones or {}).get(str(member.value), "plain"))


@dataclass(frozen=True)
class Fact:
    """One line of a fact list.

    kind   text | number | date | datetime | money (int, in fen) | code (tabular figures) |
           image (value is a URL or a data: URL) | link (value is the text, href the address) |
           pill (value is a Pill) | masked (shown 3201****1234)
    """

    label: str
    value: Any
    kind: Kind = "text"
    href: str = ""
    clause: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One state in the row of steps: past, present or to come."""

    label: str
    phase: Literal["past", "present", "future", "off"]
    reached_at: datetime | None = None


def steps_of(
    states: type[TextChoices],
    present: str,
    *,
    reached: Mapping[str, datetime] | None = None,
    path: Sequence[str] | None = None,
) -> tuple[Step, ...]:
    """The row of steps of a state machine, in the order of the enum (or of `path`), with the present one marked.

    A present state that is not on `path` (withdrawn, voided) is shown at the end and the others are not past.
    """
    order = [str(s) for s in (path if path is not None else states.values)]
    when = reached or {}
    if present not in order:
        tail = Step(str(states(present).label), "present", when.get(present))
        return (*(Step(str(states(s).label), "off", when.get(s)) for s in order), tail)
    here = order.index(present)

    def phase(i: int) -> Literal["past", "present", "future"]:
        return "past" if i < here else "present" if i == here else "future"

    return tuple(Step(str(states(s).label), phase(i), when.get(s)) for i, s in enumerate(order))


@dataclass(frozen=True)
class Action:
    """A command offered on a page; open ones say what they will do, closed ones why not and by which clause.

    url_name  of a view made by `action(...)`; while the name does not exist the action is not drawn
    posts     who is offered it; None: who may open its page, that is, the posts of its command
    """

    label: str
    url_name: str
    kwargs: Mapping[str, object] = field(default_factory=dict)
    what_it_does: str = ""
    form_class: Any = None
    clause: str | None = None
    open: bool = True
    why_closed: str = ""
    closed_clause: str | None = None
    danger: bool = False
    posts: frozenset[Post] | None = None

    def open_if(self, condition: bool, why: str, clause: str | None = None) -> Action:
        """This action, closed with the reason (and clause) unless the condition holds. The first reason stays."""
        if condition or not self.open:
            return self
        return replace(self, open=False, why_closed=why, closed_clause=clause)

    def given(self, decision: Decision) -> Action:
        """This action, closed with the first refusing finding of a rule's decision."""
        if decision.granted or not self.open:
            return self
        finding = decision.refusals[0]
        return replace(self, open=False, why_closed=finding.message, closed_clause=finding.clause)

    def offered_to(self, actor: Actor | None) -> bool:
        """Whether this actor is shown the action at all."""
        url = self.url
        if not url:
            return False
        allowed = self.posts if self.posts is not None else posts_behind(self.url_name, url)
        return allowed is None or (actor is not None and actor.post in allowed)

    @property
    def url(self) -> str:
        """The address of the action's page, or an empty string while it does not exist."""
        return url_or_empty(self.url_name, self.kwargs)


@dataclass(frozen=True)
class Link:
    """A place to go: `Link("考生名册", "/staff/candidates/")`."""

    label: str
    url: str


def url_or_empty(url_name: str, kwargs: Mapping[str, object] | None = None) -> str:
    """The address of a view, or an empty string when no such view is there yet."""
    try:
        return reverse(url_name, kwargs=dict(kwargs or {}))
    except NoReverseMatch:
        return ""


_POSTS: dict[tuple[str, str], frozenset[Post] | None] = {}


def posts_behind(url_name: str, url: str) -> frozenset[Post] | None:
    """Who may open the view of this name, of which `url` is an address; None where it does not say. Asked once."""
    key = (settings.ROOT_URLCONF, url_name)
    if key not in _POSTS:
        _POSTS[key] = getattr(resolve(url).func, "zikao_posts", None)
    return _POSTS[key]


RowLink = Callable[[Any], str]
