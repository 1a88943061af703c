"""`./zikao demo`: a nation in small, lived through one cycle of the examinations."""

from zikao.world.demo.main import main

__all__ = ["main"]
