"""Every write of the draw: commit, reveal, draw, issue, have printed."""

from zikao.stages.seating.commands.commitments import commit_secret, reveal_secret
from zikao.stages.seating.commands.drawing import draw_seats
from zikao.stages.seating.commands.issuing import issue_notices
from zikao.stages.seating.commands.printing import order_notices

__all__ = ["commit_secret", "draw_seats", "issue_notices", "order_notices", "reveal_secret"]
