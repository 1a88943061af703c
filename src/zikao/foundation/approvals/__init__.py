"""Sign-off chains: who signs, in which order, how many, all distinct.

A stage proposes inside its own command (`propose`), registers what follows (`when_approved`, `when_refused`) and asks
before it acts (`require_approved`). People sign through the commands of this room.
"""

from typing import TYPE_CHECKING, Any

from zikao.foundation.approvals.effects import subject_page, url_of, when_approved, when_refused
from zikao.foundation.approvals.proposing import approved, propose, require_approved

if TYPE_CHECKING:
    from zikao.foundation.approvals.models import Approval

__all__ = [
    "Approval",
    "approved",
    "propose",
    "require_approved",
    "subject_page",
    "url_of",
    "when_approved",
    "when_refused",
]


def __getattr__(name: str) -> Any:
    """Give the model when asked for it: models load after the package."""
    if name == "Approval":
        from zikao.foundation.approvals.models import Approval

        return Approval
    raise AttributeError(name)
