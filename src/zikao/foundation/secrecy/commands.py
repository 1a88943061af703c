"""Personal data shown in full, and secret matters opened: both leave a line that nobody can take back."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import STAFF_POSTS, Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput, NotFound, NotPermitted
from zikao.foundation.secrecy import rules
from zikao.foundation.secrecy.masking import mask_personal
from zikao.foundation.secrecy.models import Reveal, Secret, SecretAccess
from zikao.foundation.secrecy.registers import Revealable, revealables
from zikao.foundation.secrecy.states import CLAUSE_OF, Matter, RevealReason, Shown


@command(writes="secrecy.revealed", clauses=("EA-47",), posts=STAFF_POSTS)
def reveal(*, field: str, row_id: int, reason_code: str, reason: str, by: Actor, at: datetime) -> Outcome[Shown]:
    """Show a piece of personal data in full: who, whose, what and why stand in the ledger.

    Source:  EA-47
    Writes:  secrecy.revealed
    Raises:  NotPermitted, NotFound, BadInput
    """
    found = _field(field, by)
    row = found.row(by, row_id)
    text = mask_personal(reason.strip())
    decision = rules.REASON(on=local_day(at), reason_known=reason_code in RevealReason.values, letters=len(text))
    if not decision.granted:
        finding = decision.refusals[0]
        name = "reason_code" if finding.code == "reveal-reason-unknown" else "reason"
        raise BadInput(
            finding.code,
            field_errors={name: finding.message + finding.remedy},
            message=finding.message,
            remedy=finding.remedy,
            clause=finding.clause,
        )
    shown = Shown(
        found.title,
        text=found.text(row) if found.text is not None else "",
        picture=found.picture(row) if found.picture is not None else None,
    )
    Reveal.objects.create(
        field=field,
        title=found.title,
        subject=f"{row._meta.label_lower}:{row.pk}",
        reason_code=reason_code,
        reason=text,
        account_id=by.account_id,
        name=by.name,
        post=by.post,
        agency_code=by.agency_code,
        at=at,
    )
    subject = f"{row._meta.label_lower}:{row.pk}"
    return Outcome(shown, on=subject, facts={"field": field, "reason": reason_code, "why": text})


@command(writes="secrecy.opened", clauses=("EA-4.1", "EA-4.2", "EA-11.1"), posts=STAFF_POSTS)
def record_access(*, matter: Matter, what: str, code: str, by: Actor, at: datetime) -> Outcome[SecretAccess]:
    """Write down that somebody opened a secret matter, or was refused (`code`).

    Source:  EA-4.1, EA-4.2, EA-11.1
    Writes:  secrecy.opened
    Raises:  NotPermitted
    """
    secret = Secret.objects.filter(kind=matter.kind, subject=matter.subject).first()
    access = SecretAccess.objects.create(
        secret=secret,
        kind=matter.kind,
        subject=matter.subject,
        what=what,
        granted=not code,
        code=code,
        account_id=by.account_id,
        name=by.name,
        post=by.post,
        agency_code=by.agency_code,
        at=at,
    )
    facts = {"kind": matter.kind, "what": what, "granted": not code, "code": code, "clause": CLAUSE_OF[matter.kind]}
    return Outcome(access, on=matter.subject, facts=facts)


def _field(name: str, by: Actor) -> Revealable:
    found = revealables().get(name)
    if found is None:
        raise NotFound("field-unknown", facts={"field": name[:60]}, message="没有这一项信息。")
    if by.post not in found.posts:
        who = "、".join(sorted(post.label for post in found.posts))
        raise NotPermitted(
            "post-may-not-see",
            message=f"“{by.post.label}”不能查看完整的{found.title}。",
            remedy=f"请由以下岗位查看：{who}。",
            clause="EA-47",
        )
    return found
