"""Encrypted files, addressed by their SM3 digest."""
