"""Plans and passes as the audit sees them; applications, rosters and certificates."""

from zikao.stages.graduation.queries.applications import (
    application,
    applications,
    applications_by_state,
    audited,
    batches,
    batches_ahead,
    certificate,
    certificate_of,
    certificates,
    confirmed_without_certificate,
    in_state,
    lines_about_application,
    own_application,
    passing_scores,
    roster,
    roster_made,
    rosters,
)
from zikao.stages.graduation.queries.checklist import Check, Checklist, checklist_of
from zikao.stages.graduation.queries.shares import Share, share, shares_of

__all__ = [
    "Check",
    "Checklist",
    "Share",
    "application",
    "applications",
    "applications_by_state",
    "audited",
    "batches",
    "batches_ahead",
    "certificate",
    "certificate_of",
    "certificates",
    "checklist_of",
    "confirmed_without_certificate",
    "in_state",
    "lines_about_application",
    "own_application",
    "passing_scores",
    "roster",
    "roster_made",
    "rosters",
    "share",
    "shares_of",
]
