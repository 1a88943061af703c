"""Sign-off chains as data: read strictly, dated, with the steps that a case needs at the levels that an agency has."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from zikao.foundation.actors import Post
from zikao.foundation.regulation import LawError, NotInForce, UnknownClause
from zikao.foundation.regulation.chains import Chain, chain, chains, load_chains

IN_FORCE, DAY = date(2020, 9, 27), date(2026, 8, 20)
STEP = {"name": "审核", "posts": {"records-head": "province"}}
VERSION = {"since": IN_FORCE, "proposers": ["records-clerk"], "expires_days": 30, "kept_years": 30, "steps": [STEP]}
CHAIN: dict[str, Any] = {"title": "事项", "clause": "SR-A1.8", "note": "依据", "effect": "生效", "versions": [VERSION]}


def loaded(folder: Path, content: dict[str, Any]) -> Chain:
    (folder / "one.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_chains(folder)["one"]


def with_step(**changes: Any) -> dict[str, Any]:
    return {**CHAIN, "versions": [{**VERSION, "steps": [{**STEP, **changes}]}]}


@pytest.mark.parametrize("one", chains(), ids=lambda one: one.name)
def test_every_chain_is_in_force_since_the_law_is_and_kept_thirty_years(one):
    with pytest.raises(NotInForce):
        one.on(date(2020, 9, 26))
    version = one.on(IN_FORCE)
    assert version.kept_years >= 30
    assert version.expires_days > 0
    assert version.proposers
    assert one.note.endswith("。")
    assert one.effect.endswith("。")


@pytest.mark.parametrize("one", chains(), ids=lambda one: one.name)
def test_no_chain_can_be_signed_by_one_person_alone_with_the_proposer(one):
    version = one.on(DAY)
    case = dict.fromkeys(version.asked, False)
    assert sum(step.how_many for step in version.steps_for(case)) >= 1
    assert Post.CANDIDATE not in version.proposers


def test_the_correction_of_a_score_ends_with_the_provincial_head_or_the_seal():
    version = chain("score-correction").on(DAY)
    plain = [step.name for step in version.steps_for({"crosses_pass": False})]
    crossing = version.steps_for({"crosses_pass": True})
    assert plain == ["考籍管理负责人审核", "省级主要负责人审批"]
    assert [step.clause for step in crossing] == ["EA-41.5", "EA-41.5", "SR-A1.8", "SR-A1.8", "EA-41.5"]
    assert crossing[-1].seal == "分数复核变更章"
    assert not any(step.delegable for step in version.steps)


def test_a_deciding_fact_that_is_not_given_is_no_false():
    with pytest.raises(LawError, match="crosses_pass"):
        chain("score-correction").on(DAY).steps_for({})


@pytest.mark.parametrize(
    ("level", "agency", "signers"),
    [
        ("province", "320102", ("records-head@32",)),
        ("prefecture", "320102", ("records-head@3201",)),
        ("prefecture", "32", ()),
        ("same", "320102", ("records-head@320102",)),
        ("any", "320102", ("records-head@320102", "records-head@3201", "records-head@32", "records-head@")),
        ("nation", "", ("records-head@",)),
    ],
)
def test_a_level_is_an_agency_of_the_matter(tmp_path, level, agency, signers):
    version = loaded(tmp_path, with_step(posts={"records-head": level})).on(DAY)
    assert version.steps[0].signers(agency) == signers


def test_steps_with_the_previous_one_share_its_place(tmp_path):
    steps = [STEP, {**STEP, "name": "会签", "with_previous": True}, {**STEP, "name": "批准"}]
    made = loaded(tmp_path, {**CHAIN, "versions": [{**VERSION, "steps": steps}]}).on(DAY)
    assert [step.order for step in made.steps] == [1, 1, 2]


def test_the_version_of_the_day_counts(tmp_path):
    later = {**VERSION, "since": date(2027, 1, 1), "expires_days": 10}
    made = loaded(tmp_path, {**CHAIN, "versions": [VERSION, later]})
    assert made.on(date(2026, 12, 31)).expires_days == 30
    assert made.on(date(2027, 1, 1)).expires_days == 10


@pytest.mark.parametrize(
    "bad",
    [
        {**CHAIN, "more": 1},
        {**CHAIN, "versions": []},
        {**CHAIN, "versions": [{**VERSION, "steps": []}]},
        {**CHAIN, "versions": [VERSION, VERSION]},
        {**CHAIN, "versions": [{**VERSION, "proposers": ["nobody"]}]},
        with_step(posts={"candidate": "any"}),
        with_step(posts={"records-head": "moon"}),
        with_step(posts={"records-head": "province"}, how_many=2, another_post=True),
        with_step(how_many=0),
        with_step(when={"x": True}),
        with_step(colour="red"),
    ],
)
def test_a_malformed_chain_is_not_read(tmp_path, bad):
    with pytest.raises(LawError):
        loaded(tmp_path, bad)


def test_an_unknown_clause_is_not_read(tmp_path):
    with pytest.raises(UnknownClause):
        loaded(tmp_path, {**CHAIN, "clause": "EA-999"})


def test_an_unknown_chain_is_said_by_name():
    with pytest.raises(LawError, match="no-such-chain"):
        chain("no-such-chain")
