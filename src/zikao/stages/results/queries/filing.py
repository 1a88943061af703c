"""Change lists, their windows, who has presented, how long is left; read by the pages of the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.stages.results.archive import holders, presences
from zikao.stages.results.archive.windows import database_now
from zikao.stages.results.models import ArchiveBackup, ChangeList, FilingWindow, StagedScore
from zikao.stages.results.states import ListState

THREE = (Post.PROVINCE_HEAD, Post.RECORDS_HEAD, Post.SCORE_OFFICER)


@dataclass(frozen=True)
class Custodian:
    """One of the three at a window: whether a segment is taken, and when it was presented."""

    post: Post
    account_id: int | None
    presented_at: datetime | None


@dataclass(frozen=True)
class WindowView:
    """A window with what its page tells; `left` is by the database's clock, None where it is not open."""

    window: FilingWindow
    custodians: tuple[Custodian, ...]
    left: timedelta | None
    is_over: bool

    @property
    def present(self) -> int:
        """How many have presented."""
        return sum(each.presented_at is not None for each in self.custodians)

    @property
    def is_waiting(self) -> bool:
        """Whether segments can still be presented."""
        return self.window.opened_at is None and self.window.closed_at is None and not self.is_over

    @property
    def is_open(self) -> bool:
        """Whether the list can be written now."""
        return self.left is not None

    def has_presented(self, post: Post) -> bool:
        """Whether this post's segment was presented."""
        return any(each.post == post and each.presented_at is not None for each in self.custodians)


def change_lists(actor: Actor) -> QuerySet[ChangeList]:
    """The lists of the actor's subtree, the newest first."""
    return scoped(ChangeList.objects.all(), actor).order_by("-id")


def change_list(actor: Actor, list_id: int) -> ChangeList:
    """One list of the actor's subtree. Raises NotFound."""
    return access(ChangeList.objects.all(), actor, pk=list_id)


def rows_of_list(held: ChangeList) -> QuerySet[StagedScore]:
    """The rows of a list with what a reader needs."""
    return StagedScore.objects.filter(list=held).select_related("candidate", "course").order_by("line")


def window_view(kind: str, list_id: int) -> WindowView | None:
    """The newest window of a list, or None where none was asked for."""
    window = FilingWindow.objects.filter(kind=kind, list_id=list_id).order_by("-id").first()
    return told(window) if window is not None else None


def told(window: FilingWindow) -> WindowView:
    """A window as its page shows it."""
    held, came = holders(), {post: at for post, _, at in presences(window.pk)}
    posts = THREE if window.kind == "scores" else tuple(p for p in (*THREE, Post.AUDITOR) if p != window.post)
    custodians = tuple(
        Custodian(post, held[post].account_id if post in held else None, came.get(post.value)) for post in posts
    )
    now = database_now()
    ends = window.closes_at or window.expires_at
    is_open = window.opened_at is not None and window.closed_at is None and now < ends
    return WindowView(window, custodians, ends - now if is_open else None, now >= ends)


def waiting_lists(actor: Actor, state: ListState) -> QuerySet[ChangeList]:
    """The lists in a state, the longest waiting first."""
    return change_lists(actor).filter(state=state).order_by("staged_at")


def live_windows() -> list[WindowView]:
    """Every window that is not closed."""
    return [told(window) for window in FilingWindow.objects.filter(closed_at__isnull=True).order_by("id")]


def backups_of(window_id: int) -> list[ArchiveBackup]:
    """The backups right before and after a window."""
    return list(ArchiveBackup.objects.filter(window_id=window_id).order_by("id"))


def windows_without_backup() -> int:
    """How many filed windows lack a backup before or after: there should be none."""
    filed = set(FilingWindow.objects.filter(number__isnull=False).values_list("id", flat=True))
    both = ArchiveBackup.objects.filter(window_id__in=filed).values_list("window_id", "moment")
    known = set(both)
    return sum((number, moment) not in known for number in filed for moment in ("before", "after"))


def window_by_id(window_id: int) -> WindowView:
    """One window. Raises NotFound."""
    window = FilingWindow.objects.filter(pk=window_id).first()
    if window is None:
        raise NotFound("window-not-found", facts={"window": window_id}, message="没有这个归档窗口。")
    return told(window)


def purpose_of(window: FilingWindow) -> str:
    """What a window is for, in words."""
    if window.kind == "segment":
        return f"补发{Post(window.post).label}的密码段"
    return str(ChangeList.objects.filter(pk=window.list_id).first() or f"清单 {window.list_id}")


def holder_of(post: Post) -> int | None:
    """The account that holds a post's segment, or None where it is not taken."""
    held = holders().get(post.value)
    return held.account_id if held is not None else None
