"""Encrypted files addressed by their SM3 digest."""

from zikao.foundation.storage.files import (
    ADD_ONE,
    FileDamaged,
    FileErased,
    damaged,
    erase,
    get,
    put,
    put_many,
    put_with,
    sweep,
)
from zikao.foundation.storage.resealing import reseal

__all__ = [
    "ADD_ONE",
    "FileDamaged",
    "FileErased",
    "damaged",
    "erase",
    "get",
    "put",
    "put_many",
    "put_with",
    "reseal",
    "sweep",
]
