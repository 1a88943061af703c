"""A central draw: people are taken in the order of SM3(seed:person), each to a site that still lacks somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zikao.foundation.crypto.hashing import sm3


@dataclass(frozen=True)
class Demand:
    """How many people of a post a site wants from the province."""

    site_id: int
    post_kind: str
    count: int


def dealt(
    suited: Mapping[int, Sequence[Sequence[int]]], wanted: Sequence[Demand], seed: str
) -> tuple[list[tuple[int, Demand]], list[tuple[Demand, int]]]:
    """Who goes where, and which demands stay short by how many.

    `suited` are the sites to which each may go, in tiers: nobody goes to a site of a later tier while somebody else
    could come from an earlier one; of the sites of a tier, to the one that lacks most. Whoever fits fewer sites is
    placed first (a place that nobody else can fill is not wasted), then by lot.
    """
    left = {demand: demand.count for demand in wanted}
    by_site = {demand.site_id: demand for demand in wanted}
    lot = sorted(suited, key=lambda person: (sum(map(len, suited[person])), sm3(f"{seed}:{person}".encode())))
    sent: dict[int, Demand] = {}
    for tier in range(max(map(len, suited.values()), default=0)):
        for person in lot:
            open_to = [by_site[site] for site in suited[person][tier] if left[by_site[site]] > 0]
            if person not in sent and open_to:
                demand = max(open_to, key=lambda each: (left[each], -each.site_id))
                left[demand] -= 1
                sent[person] = demand
    return list(sent.items()), [(demand, short) for demand, short in left.items() if short > 0]
