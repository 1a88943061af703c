"""Numbers in addresses that count parts and years: what is neither is no address."""

from __future__ import annotations

from django.urls import register_converter


class Part:
    """Which part of something that is printed in parts, from 1."""

    regex = "[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        """As a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """As digits."""
        return str(value)


class Year(Part):
    """A year of four digits."""

    regex = "[12][0-9]{3}"


register_converter(Part, "part")
register_converter(Year, "year")
