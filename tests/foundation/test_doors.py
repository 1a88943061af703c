"""No list shows a link that its reader may not open; groups are paged as lists are."""

from __future__ import annotations

import pytest

from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages.doors import Doors

CLERK = Actor("县区 王立", Post.COUNTY_CLERK, "320102")


@pytest.mark.parametrize(
    ("actor", "url", "is_open"),
    [
        (CLERK, "/staff/candidates/", True),
        (CLERK, "/staff/candidates/?sort=name#table", True),
        (CLERK, "/staff/marking/desk/", False),
        (None, "/staff/candidates/", False),
        (None, "/rules/", True),
        (CLERK, "", False),
        (CLERK, "/nowhere/at/all/", True),
    ],
)
def test_a_door_is_open_to_whom_its_view_admits(actor, url, is_open):
    assert Doors(actor).open(url) is is_open


def test_addresses_that_differ_in_their_numbers_only_are_asked_once(monkeypatch):
    doors = Doors(CLERK)
    assert doors.open("/staff/candidates/7/")
    monkeypatch.setattr("zikao.foundation.pages.doors.resolve", None)
    assert doors.open("/staff/candidates/8/")
