"""The life cycle in its order, as links: only pages that exist, and only those the actor's post may open.

    life_cycle, house    what staff find, stage by stage    -> staff (the side, with what waits)
    candidates, public   the tabs of the two other portals  -> links.tabs

A new page gets one line in one of the tables. Who may open it is said once, on its view (`staff_page(posts=...)`); the
tables do not say it again.
"""

from zikao.portals.navigation.candidates import CANDIDATE
from zikao.portals.navigation.links import Entry, Links, tabs
from zikao.portals.navigation.public import FOR_CANDIDATES, PUBLIC
from zikao.portals.navigation.staff import STAGES, Stage, for_staff
from zikao.portals.navigation.waiting import forget_counts, remember_counts

__all__ = [
    "CANDIDATE",
    "FOR_CANDIDATES",
    "PUBLIC",
    "STAGES",
    "Entry",
    "Links",
    "Stage",
    "for_staff",
    "forget_counts",
    "remember_counts",
    "tabs",
]
