"""A mark in a page that survives a crop: faint dots that repeat, read back from any piece of about 5 x 5 cm."""

from zikao.foundation.exports.watermark.coding import TILE_CELLS, tile_of
from zikao.foundation.exports.watermark.drawing import dot_field
from zikao.foundation.exports.watermark.reading import read_mark

__all__ = ["TILE_CELLS", "dot_field", "read_mark", "tile_of"]
