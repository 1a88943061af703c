"""From a mark (32 bits) to the cells of a tile and back: CRC-16, a convolutional code, an order that spreads it.

A tile is 12 x 12 cells; each cell holds one bit: a dot on its left or on its right. 36 cells are the same in every
tile and tell where it begins; 108 carry the 48 bits of mark and checksum twice over (rate 1/2, constraint length 7).
"""

from __future__ import annotations

import binascii

import numpy as np
from numpy.typing import NDArray

TILE_CELLS = 12
MARK_BITS = 32
_DATA_BITS = MARK_BITS + 16
_MEMORY = 6
_POLYNOMIALS = (0o171, 0o133)
_CELLS = TILE_CELLS * TILE_CELLS
_CODED = 2 * (_DATA_BITS + _MEMORY)
_ORDER = np.random.RandomState(20200927).permutation(_CELLS)
_DATA_CELLS, SYNC_CELLS = _ORDER[:_CODED], _ORDER[_CODED:]
SYNC_SIGNS = np.where(np.random.RandomState(19810101).randint(0, 2, len(SYNC_CELLS)) == 1, 1.0, -1.0)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def tile_of(mark: int) -> Ints:
    """The 12 x 12 bits of a mark (0 to 2**32 - 1). Raises ValueError outside that range."""
    if not 0 <= mark < 1 << MARK_BITS:
        raise ValueError("a mark has 32 bits")
    data = (mark << 16) | _checksum(mark)
    bits = [(data >> shift) & 1 for shift in range(_DATA_BITS - 1, -1, -1)] + [0] * _MEMORY
    cells = np.zeros(_CELLS, np.int64)
    cells[_DATA_CELLS] = _encoded(bits)
    cells[SYNC_CELLS] = SYNC_SIGNS > 0
    return cells.reshape(TILE_CELLS, TILE_CELLS)


def mark_of(soft: Floats) -> int | None:
    """The mark that a tile of soft bits (positive: 1) holds; None where the checksum does not agree."""
    data = _decoded(soft.reshape(-1)[_DATA_CELLS])
    mark = data >> 16
    return mark if _checksum(mark) == data & 0xFFFF else None


def _checksum(mark: int) -> int:
    return binascii.crc_hqx(b"zikao" + mark.to_bytes(4, "big"), 0xFFFF)


def _outputs() -> Floats:
    signs = np.empty((128, 2))
    for register in range(128):
        for k, polynomial in enumerate(_POLYNOMIALS):
            signs[register, k] = 1.0 if (register & polynomial).bit_count() & 1 else -1.0
    return signs


_SIGNS = _outputs()


def _encoded(bits: list[int]) -> list[int]:
    register, coded = 0, []
    for bit in bits:
        register = (register >> 1) | (bit << _MEMORY)
        coded += [int(_SIGNS[register, k] > 0) for k in range(2)]
    return coded


def _decoded(soft: Floats) -> int:
    """Viterbi over soft bits; the path begins and ends in state 0."""
    pairs = soft.reshape(-1, 2)
    state = np.arange(64)
    cost = np.full(64, -np.inf)
    cost[0] = 0.0
    back = np.zeros((len(pairs), 64), np.int64)
    bit, low = state >> 5, (state & 31) << 1
    for step, pair in enumerate(pairs):
        ways = np.stack([cost[low | k] + _SIGNS[(bit << _MEMORY) | low | k] @ pair for k in range(2)])
        best = ways.argmax(axis=0)
        back[step] = low | best
        cost = ways.max(axis=0)
    here, data = 0, 0
    for step in range(len(pairs) - 1, -1, -1):
        if step < _DATA_BITS:
            data |= (here >> 5) << (_DATA_BITS - 1 - step)
        here = int(back[step, here])
    return data
