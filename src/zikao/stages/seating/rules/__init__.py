"""Pure law and pure arithmetic of the draw."""

from zikao.stages.seating.rules.drawing import (
    assign,
    digest_of_secret,
    draw_digest,
    group_digest,
    is_digest,
    is_secret,
    order_value,
    seed_of,
)
from zikao.stages.seating.rules.law import COMMITMENT, ENOUGH_SEATS, OWN_ROOMS, PREMISES, REVEAL, ROOMS_FIT, SEED
from zikao.stages.seating.rules.planning import lacks, plan, shortfalls
from zikao.stages.seating.rules.room import Desk, desks

__all__ = [
    "COMMITMENT",
    "ENOUGH_SEATS",
    "OWN_ROOMS",
    "PREMISES",
    "REVEAL",
    "ROOMS_FIT",
    "SEED",
    "Desk",
    "assign",
    "desks",
    "digest_of_secret",
    "draw_digest",
    "group_digest",
    "is_digest",
    "is_secret",
    "lacks",
    "order_value",
    "plan",
    "seed_of",
    "shortfalls",
]
