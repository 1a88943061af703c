"""What of a province's secret incident is shown at the centre: once, with a reason, and written down."""

from __future__ import annotations

from zikao.foundation.secrecy.registers import revealable
from zikao.national import policies
from zikao.national.models.incidents import CONTENT
from zikao.national.queries import incidents as queries

revealable(
    "national.incident-content",
    title="报告内容",
    posts=policies.OFFICERS,
    row=queries.report_by_id,
    text=CONTENT.text,
)
