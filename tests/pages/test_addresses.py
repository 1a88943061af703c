"""Addresses with numbers that no page has."""

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

WRONG = ["0", "-1", "1" + "0" * 40, "0" * 30, "１"]


@pytest.mark.parametrize("number", WRONG)
def test_what_is_neither_a_year_nor_a_part_is_no_address(number):
    for address in (
        f"/staff/personnel/25/conduct/{number}.pdf",
        f"/staff/personnel/courses/6/badges-{number}.pdf",
        f"/staff/graduation/rosters/6/certificates-{number}.pdf",
    ):
        with pytest.raises(Resolver404):
            resolve(address)


def test_a_year_and_a_part_have_their_addresses():
    assert reverse("personnel:conduct-statement", args=[25, 2026]) == "/staff/personnel/25/conduct/2026.pdf"
    assert reverse("personnel:course-badges-part", args=[6, 12]) == "/staff/personnel/courses/6/badges-12.pdf"
    with pytest.raises(NoReverseMatch):
        reverse("personnel:conduct-statement", args=[25, 0])
