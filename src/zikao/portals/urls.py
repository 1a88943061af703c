"""Every page of a node: the doors, then each stage under /staff/<stage>/, /my/<stage>/ and /<stage>/."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from zikao.foundation.pages.assets import asset
from zikao.portals.trust.views import public as paper
from zikao.portals.views import doors, home, public, steps_in
from zikao.stages.registry.views import verification

ROOMS = ("agencies", "personnel", "programmes", "candidates", "entries", "seating", "papers", "conduct")
MIDDLE = ("incidents", "violations", "collecting")
LATER = ("marking", "results", "records", "transfers", "graduation", "registry")
OWN_ROOMS = ("accounts", "work", "approvals", "retention", "exports", "secrecy", "trust", "backups")
OWN = tuple(f"zikao.portals.{name}" for name in OWN_ROOMS)
ALL = (*(f"zikao.stages.{name}" for name in (*ROOMS, *MIDDLE, *LATER)), "zikao.national", *OWN)
DOORS = (("staff_urls", "staff/"), ("candidate_urls", "my/"), ("public_urls", ""))

public_urls = [
    path("welcome/", public.home, name="home"),
    path("rules/", public.rules, name="rules"),
    path("timetable/", public.timetable, name="timetable"),
    path("verify/", verification.verify, name="verify"),
    path("verify/c/<str:token>/", verification.verify_token, name="verify-certificate"),
    path("verify/<str:token>/", verification.verify_token, name="verify-token"),
    path("R/<str:code>", paper.paper, name="paper"),
    path("clauses/", public.clause_register, name="clauses"),
    path("ledger/", public.ledger, name="ledger"),
    path("ledger/checkpoint.txt", public.checkpoint, name="checkpoint"),
]
door_urls = [
    path("", home.home, name="home"),
    path("staff/", home.staff_home, name="staff-home"),
    path("my/", home.candidate_home, name="candidate-home"),
    path("sign-in/", doors.candidate_sign_in, name="candidate-sign-in"),
    path("sign-in/staff/", doors.staff_sign_in, name="staff-sign-in"),
    path("sign-in/second/", steps_in.second_factor, name="second-factor"),
    path("sign-in/enrol/", steps_in.enrol, name="enrol"),
    path("sign-in/enrol/passkey/", steps_in.enrol_passkey, name="enrol-passkey"),
    path("sign-in/password/", steps_in.new_password, name="new-password"),
    path("sign-in/go-on/", steps_in.go_on, name="go-on"),
    path("sign-out/", doors.sign_out, name="sign-out"),
    path("posts/", doors.choose_post, name="choose-post"),
]


def stage_urls(package: str) -> list[URLResolver]:
    """A stage's pages under its three doors, in one namespace; none while the stage has no urls."""
    if find_spec(f"{package}.urls") is None:
        return []
    module = import_module(f"{package}.urls")
    label = package.rpartition(".")[2]
    mounted: list[URLPattern | URLResolver] = [
        path(f"{prefix}{label}/", include(getattr(module, name))) for name, prefix in DOORS if hasattr(module, name)
    ]
    return [path("", include((mounted, label)))] if mounted else []


urlpatterns = [
    path("assets/<str:digest>/<path:path>", asset, name="pages-asset"),
    path("", include((door_urls, "portals"))),
    path("", include((public_urls, "public"))),
    *(resolver for package in ALL for resolver in stage_urls(package)),
]
