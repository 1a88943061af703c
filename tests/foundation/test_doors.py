"""No list shows a link that its reader may not open; groups are paged as lists are."""

from __future__ import annotations

import pytest

from zikao.foundation.actors import Actor, Post
from zikao.foundation.pages.acting import _came_from
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


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://testserver/staff/agencies/?sort=code", "/staff/agencies/?sort=code"),
        ("http://elsewhere.example/staff/agencies/", ""),
        ("http://testserver//elsewhere.example/", ""),
        ("http://testserver/staff/here/", ""),
        ("http://testserver/sign-in/staff/", ""),
        ("", ""),
    ],
)
def test_who_does_not_act_goes_back_to_a_page_of_this_node_only(rf, referer, leads_to):
    assert _came_from(rf.get("/staff/here/", headers={"referer": referer})) == leads_to


@pytest.mark.parametrize(
    ("kept", "leads_to"),
    [
        ("/staff/there/?page=2", "/staff/there/?page=2"), ("", ""), ("//evil.example/", ""), ("/\\evil.example", ""),
        ("https://evil.example/", ""), ("/staff/here/", ""), ("/\x00", ""), ("/" + "[" * 9, ""),
    ],
)  # fmt: skip
def test_form_that_is_shown_again_still_leads_back(rf, kept, leads_to):
    again = rf.post("/staff/here/", {"came_from": kept}, headers={"referer": "http://testserver/staff/here/"})
    assert _came_from(again) == leads_to
