"""What of a secret incident is shown, to whom: once, with a reason, and written down."""

from __future__ import annotations

from zikao.foundation.secrecy.registers import revealable
from zikao.stages.incidents import policies, queries

revealable(
    "incidents.content",
    title="报告内容",
    posts=policies.REPORTERS,
    row=queries.readable_report,
    text=queries.content_of,
)
