"""Encrypted files addressed by their SM3 digest."""

from zikao.foundation.storage.files import FileDamaged, damaged, get, put, put_many

__all__ = ["FileDamaged", "damaged", "get", "put", "put_many"]
