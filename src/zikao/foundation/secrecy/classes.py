"""Secret matters: put under a class, opened by those appointed, lowered by publication.

classify(Matter(SecretKind.KEY, f"programmes.paper:{paper.pk}", sitting), title=str(paper), national=True, at=at)
check_access(matter, "查看参考答案", by=actor, at=at)        # in a view: logged, granted or refused
require_access(matter, by=actor, at=at)                  # in a command: its own ledger line is the log
lower_by_publication(sitting_code, act=f"results.publication:{pk}", by=actor, at=at)
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.regulation import Decision, parameter
from zikao.foundation.secrecy import rules
from zikao.foundation.secrecy.commands import record_access
from zikao.foundation.secrecy.models import Secret
from zikao.foundation.secrecy.registers import has_interest, is_appointed
from zikao.foundation.secrecy.states import CLAUSE_OF, Matter

__all__ = ["check_access", "classify", "distance", "lower_by_publication", "may_open", "require_access"]


def classify(matter: Matter, *, title: str, national: bool, at: datetime) -> Secret:
    """Put a matter under its class, inside the command that makes it; once."""
    level = parameter("secrecy-level").on(local_day(at))[matter.kind.value]["national" if national else "provincial"]
    secret, _ = Secret.objects.get_or_create(
        kind=matter.kind,
        subject=matter.subject,
        defaults={
            "title": title,
            "sitting_code": matter.sitting_code,
            "level": level,
            "clause": CLAUSE_OF[matter.kind],
            "since_at": at,
        },
    )
    return secret


def may_open(matter: Matter, *, by: Actor, at: datetime) -> Decision:
    """Whether this person may open the matter now. What was never classified counts as secret."""
    secret = Secret.objects.filter(kind=matter.kind, subject=matter.subject).first()
    return rules.ACCESS(
        on=local_day(at),
        clause=CLAUSE_OF[matter.kind],
        matter=matter.kind.label,
        secret=secret is None or secret.is_secret,
        appointed=is_appointed(matter.kind, by, matter.subject, at),
        interest=has_interest(by, matter.sitting_code, local_day(at)),
    )


def require_access(matter: Matter, *, by: Actor, at: datetime) -> None:
    """Raise Refused unless the person may open it; for commands, whose ledger line is the log."""
    may_open(matter, by=by, at=at).require()


def distance(sitting_code: str, matter: str, *, by: Actor, at: datetime) -> Decision:
    """Whether nothing keeps the person away from the sitting's sensitive material (`matter` in Chinese), appointed
    or not: scores before they are published, stacks of scans."""
    on = local_day(at)
    return rules.DISTANCE(on=on, matter=matter, interest=has_interest(by, sitting_code, on))


def check_access(matter: Matter, what: str, *, by: Actor, at: datetime) -> None:
    """Write down that the person opened the matter, or tried to, and raise Refused where they may not."""
    decision = may_open(matter, by=by, at=at)
    code = decision.refusals[0].code if not decision.granted else ""
    record_access(matter=matter, what=what, code=code, by=by, at=at)
    decision.require()


def lower_by_publication(sitting_code: str, *, act: str, by: Actor, at: datetime) -> int:
    """Lower every class of a sitting whose results are published, inside the publishing command; returns how many.

    Raises:  Refused where the results are not published: the database would refuse it, too
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrecy_is_published(%s)", [sitting_code])
        published = bool(cursor.fetchone()[0])
    rules.LOWERING(on=local_day(at), matter=sitting_code, published=published).require()
    return Secret.objects.filter(sitting_code=sitting_code, lowered_at=None).update(
        lowered_at=at, lowered_by=act, lowered_by_account=by.account_id
    )
