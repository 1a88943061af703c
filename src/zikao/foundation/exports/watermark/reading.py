"""Reading a mark back from a piece of a page: the lattice by its spectrum, then every cell by vote, then the code.

Text and rules are dark and are left out; the faint dots between them vote. Not needed: the page's resolution, its
direction (any quarter turn, a few degrees of slant), a whole tile in one place.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from zikao.foundation.exports.watermark.coding import (
    SYNC_CELLS,
    SYNC_SIGNS,
    TILE_CELLS,
    Floats,
    mark_of,
)
from zikao.foundation.exports.watermark.drawing import SHIFT

Grey = NDArray[np.uint8]
SIDE = 1400
"""A larger picture is read in pieces of this many pixels."""
LARGE = 600
"""Above this a piece may be so finely scanned that only its half shows the dots' lattice."""
CELL_PX = (6.0, 34.0)
_LATTICES, _SHIFTS = 4, 4


def read_mark(picture: Grey) -> int | None:
    """The mark in a grey picture of a page or of a piece of it; None where none can be read."""
    for piece in _pieces(picture):
        for scale in (1.0, 0.5) if min(piece.shape) > LARGE else (1.0,):
            found = _read_piece(_smaller(piece, scale))
            if found is not None:
                return found
    return None


def _pieces(picture: Grey) -> Iterator[Grey]:
    height, width = picture.shape
    down = range(0, max(1, height - SIDE // 2), SIDE)
    across = range(0, max(1, width - SIDE // 2), SIDE)
    for y in down:
        for x in across:
            yield picture[y : y + SIDE, x : x + SIDE]


def _smaller(picture: Grey, scale: float) -> Grey:
    if scale == 1.0:
        return np.ascontiguousarray(picture)
    made = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(made, dtype=np.uint8)


def _read_piece(picture: Grey) -> int | None:
    if min(picture.shape) < 60:
        return None
    for cell in (9.0, 14.0, 22.0):  # the dots' size is not known: a filter for each of three
        seen, valid = _dots(picture, cell * 0.24)
        for basis in _lattices(seen, cell):
            found = _read_lattice(seen, valid, basis)
            if found is not None:
                return found
    return None


def _dots(picture: Grey, width: float) -> tuple[Floats, Floats]:
    """How much darker each place is than around it, where nothing printed is near; and where that holds."""
    image = picture.astype(np.float32)
    paper = cv2.medianBlur(cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), 15)
    paper = cv2.resize(paper, picture.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    dark = (image < paper - 95).astype(np.uint8)
    reach = max(3, int(width) | 1)
    near = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    flat = np.where(near > 0, paper, np.clip(image, paper - 95, paper + 10))
    narrow = cv2.GaussianBlur(flat, (0, 0), width * 0.45)
    wide = cv2.GaussianBlur(flat, (0, 0), width * 1.3)
    seen = (wide - narrow).astype(np.float64)
    limit = 2.5 * float(np.sqrt(np.mean(seen**2))) + 1e-6
    valid = 1.0 - near.astype(np.float64)
    return np.clip(seen, -limit, limit) * valid, valid


def _lattices(seen: Floats, cell: float) -> Iterator[Floats]:
    """The likeliest bases (rows: the step of a cell right, the step of a cell down; in pixels), best first."""
    size = 1024 if max(seen.shape) <= 640 else 2048
    window = np.outer(np.hanning(seen.shape[0]), np.hanning(seen.shape[1]))
    spectrum = np.abs(np.fft.fft2(seen * window, (size, size)))
    lo, hi = 1 / min(CELL_PX[1], cell * 1.7), 1 / max(CELL_PX[0], cell / 1.7)
    radii = np.exp(np.arange(np.log(lo), np.log(hi), 0.004))
    turns = np.deg2rad(np.arange(0, 90, 0.2))
    r, t = np.meshgrid(radii, turns, indexing="ij")
    score = np.sqrt(_at(spectrum, r * np.cos(t), r * np.sin(t)) * _at(spectrum, -r * np.sin(t), r * np.cos(t)))
    score = score * np.sqrt(r)  # low frequencies are louder in every picture
    for _ in range(_LATTICES):
        i, j = np.unravel_index(int(score.argmax()), score.shape)
        radius, turn = float(radii[i]), float(turns[j])
        yield _refined(seen, radius, turn)
        score[max(0, i - 6) : i + 7, max(0, j - 8) : j + 9] = 0


def _at(spectrum: Floats, fx: Floats, fy: Floats) -> Floats:
    size = len(spectrum)
    x, y = np.rint(fx * size).astype(int) % size, np.rint(fy * size).astype(int) % size
    return np.asarray(spectrum[y, x], dtype=np.float64)


def _refined(seen: Floats, radius: float, turn: float) -> Floats:
    """Both frequencies moved to the top of their peaks; then the basis that belongs to them."""
    first = _top(seen, np.array([radius * np.cos(turn), radius * np.sin(turn)]))
    second = _top(seen, np.array([-radius * np.sin(turn), radius * np.cos(turn)]))
    return np.linalg.inv(np.stack([first, second])).T


def _top(seen: Floats, f: Floats) -> Floats:
    height, width = seen.shape
    x, y = np.arange(width), np.arange(height)
    step = 0.35 / max(height, width)

    def loud(at: Floats) -> float:
        rows = seen @ np.exp(-2j * np.pi * at[0] * x)
        return float(abs(np.exp(-2j * np.pi * at[1] * y) @ rows))

    best, height_here = f, loud(f)
    while step > 0.02 / max(height, width):
        tries = [best + step * np.array(d) for d in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        values = [loud(each) for each in tries]
        k = int(np.argmax(values))
        if values[k] > height_here:
            best, height_here = tries[k], values[k]
        else:
            step /= 2
    return best


def _read_lattice(seen: Floats, valid: Floats, basis: Floats) -> int | None:
    """Both ways the dots may be shifted; the phase of the unshifted axis is exact, that of the other is tried."""
    for axes in (basis, np.stack([basis[1], -basis[0]])):  # a quarter turn
        for start in _phases(seen, axes):
            votes = _votes(seen, valid, axes, start)
            for turned in (votes, -votes[::-1, ::-1]):  # upside down, left is right
                found = _read_votes(turned)
                if found is not None:
                    return found
    return None


def _phases(seen: Floats, axes: Floats) -> Iterator[Floats]:
    frequencies = np.linalg.inv(axes).T
    height, width = seen.shape
    x, y = np.arange(width), np.arange(height)
    middle = np.zeros(2)
    for k, f in enumerate(frequencies):
        wave = np.exp(2j * np.pi * f[1] * y) @ (seen @ np.exp(2j * np.pi * f[0] * x))
        middle[k] = (np.angle(wave) / (2 * np.pi)) % 1.0
    yield middle
    yield (middle + np.array([0.5, 0.0])) % 1.0


def _votes(seen: Floats, valid: Floats, axes: Floats, middle: Floats) -> Floats:
    """For every cell of the tile: how much more is seen on the right of its copies' middles than on the left."""
    height, width = seen.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ np.linalg.inv(axes)
    (left, top), (right, bottom) = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
    i, j = np.meshgrid(np.arange(left, right + 1), np.arange(top, bottom + 1))
    cells = np.stack([i.ravel(), j.ravel()], axis=1).astype(np.float64) + middle
    sides = [_sample(seen, valid, (cells + np.array([side, 0.0])) @ axes) for side in (SHIFT, -SHIFT)]
    known = sides[0][1] * sides[1][1]
    soft = (sides[0][0] - sides[1][0]) * known
    votes = np.zeros((TILE_CELLS, TILE_CELLS))
    np.add.at(votes, (j.ravel() % TILE_CELLS, i.ravel() % TILE_CELLS), soft)
    return votes


def _sample(seen: Floats, valid: Floats, points: Floats) -> tuple[Floats, Floats]:
    rows = -(-len(points) // 1000)  # a picture of the points: the library takes none wider than 32,767
    where = np.full((rows * 1000, 2), -9.0, np.float32)
    where[: len(points)] = points
    x, y = where[:, 0].reshape(rows, 1000), where[:, 1].reshape(rows, 1000)
    border = {"borderMode": cv2.BORDER_CONSTANT, "borderValue": 0}
    value = cv2.remap(seen.astype(np.float32), x, y, cv2.INTER_LINEAR, **border).reshape(-1)
    known = cv2.remap(valid.astype(np.float32), x, y, cv2.INTER_LINEAR, **border).reshape(-1)
    return value[: len(points)].astype(np.float64), known[: len(points)].astype(np.float64)


_SYNC = np.zeros(TILE_CELLS * TILE_CELLS)
_SYNC[SYNC_CELLS] = SYNC_SIGNS
_SYNC_SPECTRUM = np.conj(np.fft.fft2(_SYNC.reshape(TILE_CELLS, TILE_CELLS)))


def _read_votes(votes: Floats) -> int | None:
    spread = float(np.sqrt(np.mean(votes**2)))
    if spread == 0:
        return None
    soft = np.clip(votes / spread, -2, 2)
    agreement = np.fft.ifft2(np.fft.fft2(soft) * _SYNC_SPECTRUM).real
    for place in np.argsort(agreement, axis=None)[::-1][:_SHIFTS]:
        dy, dx = divmod(int(place), TILE_CELLS)
        found = mark_of(np.roll(soft, (-dy, -dx), axis=(0, 1)))
        if found is not None:
            return found
    return None
