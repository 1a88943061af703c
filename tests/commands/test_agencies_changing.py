"""Agencies renamed, recoded, merged, split, closed: history, successors, and people who follow."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories import agencies as make
from tests.factories import approvals
from tests.factories.actors import area_clerk, clerk, county_clerk, head, the_node
from tests.factories.candidates import a_candidate
from zikao.foundation.access.models import Appointment
from zikao.foundation.actors import Post
from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.stages.agencies import commands, queries, registers
from zikao.stages.agencies.models import Agency, AgencyPeriod, Site, Succession
from zikao.stages.agencies.states import AgencyKind, NewAgency, SiteState
from zikao.stages.candidates.models import Candidate

pytestmark = pytest.mark.django_db
MERGE = {"document_number": "苏编〔2026〕8号"}


def test_what_an_agency_was_called_is_found_by_day(at: datetime) -> None:
    county = make.a_county(at)
    later = at + timedelta(days=30)
    commands.rename_agency(code=county.code, name="玄武区教育考试中心", by=head(), at=later, **MERGE)
    before, after = queries.agency_on("320102", local_day(at)), queries.agency_on("320102", local_day(later))
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("320102区招生办", "玄武区教育考试中心")
    assert queries.agency_on("320102", local_day(at) - timedelta(days=1)) is None
    with pytest.raises(BadInput):
        commands.rename_agency(code=county.code, name="玄武区教育考试中心", by=head(), at=later, **MERGE)


def test_people_and_candidates_follow_into_the_agency_that_takes_over(at: datetime) -> None:
    candidate = a_candidate(at, "320102")
    make.a_county(at, "320106")
    staff = approvals.someone(Post.COUNTY_CLERK, "320102", at)
    site = make.a_site(at, rooms=1)
    later = at + timedelta(days=1)
    receipt = commands.merge_agency(code="320102", into_code="320106", by=head(), at=later, **MERGE)

    candidate.refresh_from_db()
    assert candidate.agency_code == "320106"
    assert candidate.admission_number.startswith("0102")  # the number says where it was given, for ever
    posts = Appointment.objects.filter(account_id=staff.account_id).order_by("since_on")
    assert [(row.agency_code, row.until_on) for row in posts] == [("320102", local_day(later)), ("320106", None)]
    assert Site.objects.get(pk=site.pk).county.code == "320106"
    assert not Agency.objects.get(code="320102").is_open
    assert queries.county("320102") is None
    assert receipt.value.closed_on == local_day(later)
    found = queries.find_by_code(head(), "320102")
    assert found is not None
    assert found.code == "320106"
    assert [queries.persons_on_record(code) for code in ("320102", "320106", "3201")] == [0, 1, 1]
    assert queries.what_hangs_on(found, local_day(later))["people"] == 2


def test_codes_are_followed_through_several_changes(at: datetime) -> None:
    for code in ("320102", "320106"):
        make.a_county(at, code)
    commands.merge_agency(code="320102", into_code="320106", by=head(), at=at, **MERGE)
    later = at + timedelta(days=9)
    commands.recode_agency(code="320106", new_code="320117", parent_code="3201", by=head(), at=later, **MERGE)
    assert queries.successor_of("320102") == "320117"
    period = queries.agency_on("320106", local_day(at))
    assert period is not None
    assert period.agency.code == "320117"
    assert queries.agency_on("320106", local_day(later)) is None
    with pytest.raises(Conflict):
        commands.open_agency(
            code="320106", name="旧代码", kind=AgencyKind.COUNTY, parent_code="3201", by=head(), at=later
        )


def test_sites_get_codes_of_the_area_that_takes_over(at: datetime) -> None:
    site = make.a_site(at, rooms=1)
    make.a_site(at, rooms=1, county_code="320506")
    with pytest.raises(Refused) as refusal:
        commands.merge_agency(code="3201", into_code="3205", by=head(), at=at, **MERGE)
    assert refusal.value.code == "agency-has-children"
    commands.recode_agency(code="320102", new_code="320508", parent_code="3205", by=head(), at=at, **MERGE)
    commands.merge_agency(code="3201", into_code="3205", by=head(), at=at, **MERGE)
    site.refresh_from_db()
    assert (site.code, site.agency_code, site.area.code, site.county.code) == ("3205-02", "3205-02", "3205", "320508")
    assert queries.successor_of("3201-01") == "3205-02"
    assert queries.area_seats("3205", local_day(at)) == 60


def test_split_agency_closes_only_when_a_part_takes_over(at: datetime) -> None:
    candidate = a_candidate(at, "320102")
    parts = [NewAgency("320115", "江宁区自考办"), NewAgency("320116", "六合区自考办")]
    with pytest.raises(BadInput):
        commands.split_agency(code="320102", parts=parts, heir_code="320199", by=head(), at=at, **MERGE)
    commands.split_agency(code="320102", parts=parts, heir_code="320115", by=head(), at=at, **MERGE)
    assert Candidate.objects.get(pk=candidate.pk).agency_code == "320115"
    assert queries.successor_of("320102") == "320115"
    assert set(Succession.objects.values_list("new_code", "takes_over")) == {("320115", True), ("320116", False)}

    make.a_county(at, "320106")
    commands.split_agency(code="320106", parts=[NewAgency("320120", "新区自考办")], by=head(), at=at, **MERGE)
    assert Agency.objects.get(code="320106").is_open
    assert queries.successor_of("320106") == "320106"


@pytest.mark.parametrize(
    ("code", "refused"),
    [("3201", "agency-has-children"), ("320102", "agency-has-people"), ("320106", "agency-has-rounds")],
)
def test_agency_that_something_hangs_on_does_not_close(
    at: datetime, code: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_candidate(at, "320102")
    make.a_county(at, "320106")
    monkeypatch.setattr(registers, "_rounds", [lambda agency, on: ["2026年10月报考"] if agency == "320106" else []])
    with pytest.raises(Refused) as refusal:
        commands.close_agency(code=code, by=head(), at=at, **MERGE)
    assert refused in {finding.code for finding in refusal.value.findings}
    assert Agency.objects.get(code=code).is_open


def test_county_with_a_site_does_not_close_and_an_empty_one_does(at: datetime) -> None:
    site = make.a_proposed_site(at)
    with pytest.raises(Refused) as refusal:
        commands.close_agency(code="320102", by=head(), at=at, **MERGE)
    assert refusal.value.code == "agency-has-sites"
    commands.close_site(site_id=site.pk, reason="不再设点", by=head(), at=at)
    assert Site.objects.get(pk=site.pk).state == SiteState.CLOSED
    commands.close_agency(code="320102", by=head(), at=at, **MERGE)
    with pytest.raises(WrongState):
        commands.rename_agency(code="320102", name="再改名", by=head(), at=at, **MERGE)
    with pytest.raises(NotFound):
        make.a_proposed_site(at)


@pytest.mark.parametrize(
    ("into", "refused"), [("320102", "successor-is-itself"), ("3205", "successor-of-another-kind")]
)
def test_only_an_open_agency_of_the_same_kind_takes_over(at: datetime, into: str, refused: str) -> None:
    make.a_county(at)
    make.an_area(at, "3205")
    with pytest.raises(Refused) as refusal:
        commands.merge_agency(code="320102", into_code=into, by=head(), at=at, **MERGE)
    assert refusal.value.code == refused


def test_nobody_but_the_heads_changes_the_tree_and_only_their_own(at: datetime) -> None:
    make.a_county(at)
    for by in (clerk(Post.PROVINCE_CLERK), area_clerk(), county_clerk()):
        with pytest.raises(NotPermitted):
            commands.rename_agency(code="320102", name="改", by=by, at=at, **MERGE)
    with pytest.raises(NotFound):
        commands.rename_agency(code="320102", name="改", by=head("33"), at=at, **MERGE)


def test_database_refuses_a_code_that_stands_for_two_and_a_succession_changed(at: datetime) -> None:
    make.a_county(at)
    other = make.a_county(at, "320106")
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyPeriod.objects.create(agency=other, code="320102", name="两个", since_on=local_day(at))
    commands.merge_agency(code="320102", into_code="320106", by=head(), at=at, **MERGE)
    with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
        Succession.objects.update(new_code="320199")


@pytest.mark.usefixtures("rows_of_any_node")
def test_military_office_is_the_root_of_its_own_node_only(at: datetime, settings: object) -> None:
    def root(code: str, kind: AgencyKind) -> Agency:
        return commands.open_agency(code=code, name="最高机构", kind=kind, by=the_node(), at=at).value

    with pytest.raises(Refused) as refusal:
        root("91", AgencyKind.MILITARY)
    assert refusal.value.code == "military-root-elsewhere"
    settings.ZIKAO_NODE, settings.ZIKAO_NODE_KIND, settings.ZIKAO_NODE_CODE = "military", "military", "91"  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refusal:
        root("92", AgencyKind.PROVINCE)
    assert refusal.value.code == "province-root-on-military-node"

    office, by = root("91", AgencyKind.MILITARY), head("91")
    corps = commands.open_agency(
        code="9101", name="战区考委办", kind=AgencyKind.PREFECTURE, parent_code=office.code, by=by, at=at
    ).value
    commands.open_agency(code="910101", name="某部报名点", kind=AgencyKind.COUNTY, parent_code="9101", by=by, at=at)
    assert [each.code for each in queries.agency_tree(by)] == ["91", "9101", "910101"]
    assert corps.parent == office
    assert not queries.agency_tree(head("32")).exists()
    soldier = a_candidate(at, "910101", is_military=True)
    assert soldier.agency_code == "910101"
    with pytest.raises(Refused) as refusal:
        a_candidate(at, "910101")
    assert refusal.value.code == "not-military"


def test_settings_of_a_military_node_give_its_root_a_code() -> None:
    said = "import zikao.node.settings as s; print(s.ZIKAO_NODE_KIND, s.ZIKAO_NODE_CODE)"
    environment = {**os.environ, "ZIKAO_NODE": "military"}
    done = subprocess.run([sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["military", "91"]
