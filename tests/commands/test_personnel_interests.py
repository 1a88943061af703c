"""Family declared from both sides, signs in the data, decisions, and the doors that recusal closes."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import agencies, personnel
from tests.factories.actors import area_clerk
from zikao.foundation.actors import Actor, Post
from zikao.foundation.crypto import index_of
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.secrecy.registers import has_interest
from zikao.stages.personnel import commands, queries
from zikao.stages.personnel.models import KIN_NUMBER, InterestFlag, Person
from zikao.stages.personnel.queries import registers
from zikao.stages.personnel.states import FlagKind, FlagState, InterestKind, PersonKind, PostKind, Relation, Sitter

pytestmark = pytest.mark.django_db
CANDIDATE = Actor("考生", Post.CANDIDATE, "320502", candidate_id=501)


def sitting_in(monkeypatch: pytest.MonkeyPatch, *sitters: Sitter) -> None:
    monkeypatch.setattr(registers, "_sitters", [lambda code: sitters if code == "2026-10" else ()])


def declared_child(at: datetime, person: Person, number: str, relation: Relation = Relation.CHILD) -> None:
    commands.declare_kin(person_id=person.pk, relation=relation, name="小王", id_number=number, by=area_clerk(), at=at)


def test_comparison_finds_each_kind_of_sign_once(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    number, own = personnel.an_id_number(), personnel.an_id_number()
    parent = personnel.a_person(at)
    declared_child(at, parent, number)
    declared_child(at, parent, personnel.an_id_number())
    named = personnel.a_person(at, id_number=own, phone="+86 139 1234 5678", address="中山路 1 号")
    commands.declare_staff_kin(relation=Relation.PARENT, name="王", id_number=own, by=CANDIDATE, at=at)
    teacher = personnel.a_person(at)
    declared_child(at, teacher, number, Relation.PUPIL)
    sitting_in(
        monkeypatch,
        Sitter(500, "320102", index_of(number)),
        Sitter(501, "320502", b"x", index_of("13912345678"), index_of("中山路1号")),
        Sitter(502, "320102", bytes(named.id_number_index)),
        Sitter(503, "320102", b"y", b"", b""),
    )
    found = {(each.person_id, each.candidate_id, each.kind) for each in queries.detected("3201", "2026-10")}
    assert found == {
        (parent.pk, 500, FlagKind.BY_STAFF),
        (named.pk, 501, FlagKind.BY_CANDIDATE),
        (named.pk, 501, FlagKind.SAME_PHONE),
        (named.pk, 501, FlagKind.SAME_ADDRESS),
        (named.pk, 502, FlagKind.SAME_PERSON),
    }
    assert not list(queries.detected("3202", "2026-10"))
    for new in (5, 0):
        rows = list(queries.detected("3201", "2026-10"))
        assert commands.record_findings(sitting_code="2026-10", found=rows, by=area_clerk(), at=at).value == new


def test_undecided_sign_closes_duty_and_the_decision_opens_or_bars(at: datetime) -> None:
    site, on = agencies.a_site(at), personnel.EXAM_DAY
    person = personnel.a_person(at)
    personnel.a_certificate(at, person)
    flag = personnel.a_flag(at, person)

    def codes() -> list[str]:
        found = queries.fitness(person, PostKind.INVIGILATOR, "2026-10", on, site)
        return [finding.code for finding in found.refusals]

    assert codes() == ["interest-undecided"]
    with pytest.raises(BadInput):
        commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason=" ", by=area_clerk(), at=at)
    with pytest.raises(NotFound):
        commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason="无", by=area_clerk("3202"), at=at)
    commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason="同名同址", by=area_clerk(), at=at)
    assert codes() == []
    second = personnel.a_flag(at, person, FlagKind.SAME_ADDRESS)
    commands.decide_flag(flag_id=second.pk, state=FlagState.RECUSED, reason="同住的妹妹", by=area_clerk(), at=at)
    assert codes() == ["part-time-recused"]
    with pytest.raises(WrongState):
        commands.decide_flag(flag_id=second.pk, state=FlagState.DISMISSED, reason="反悔", by=area_clerk(), at=at)


def test_declared_direct_relative_cannot_be_dismissed_until_the_declaration_is_withdrawn(at: datetime) -> None:
    person = personnel.a_person(at)
    declared_child(at, person, personnel.an_id_number())
    flag = personnel.a_flag(at, person, FlagKind.BY_STAFF, Relation.CHILD)
    with pytest.raises(Conflict):
        commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason="无", by=area_clerk(), at=at)
    commands.withdraw_kin(kin_id=person.kin.get().pk, by=area_clerk(), at=at)
    commands.decide_flag(flag_id=flag.pk, state=FlagState.DISMISSED, reason="身份证号录错", by=area_clerk(), at=at)
    assert InterestFlag.objects.get().state == FlagState.DISMISSED


def test_full_time_relative_closes_secrets_but_not_affairs_until_withdrawn_by_another(at: datetime) -> None:
    person, site, on = (
        personnel.a_person(at, kind=PersonKind.FULL, account_id=91),
        agencies.a_site(at),
        personnel.EXAM_DAY,
    )
    for kind in (PostKind.AFFAIRS, PostKind.PAPERS):
        personnel.a_certificate(at, person, kind)
    declaration = commands.declare_interest(
        person_id=person.pk, sitting_code="2026-10", kind=InterestKind.RELATIVE, by=area_clerk(), at=at
    ).value
    keeper = Actor("保管员", Post.PAPERS_OFFICER, "3201", account_id=91)
    assert has_interest(keeper, "2026-10", on)
    assert not queries.fitness(person, PostKind.PAPERS, "2026-10", on, site).granted
    assert queries.fitness(person, PostKind.AFFAIRS, "2026-10", on, site).granted
    own = Actor("本人", Post.PREFECTURE_CLERK, "3201", account_id=91)
    with pytest.raises(NotPermitted):
        commands.withdraw_interest(declaration_id=declaration.pk, reason="没有报考", by=own, at=at)
    commands.withdraw_interest(declaration_id=declaration.pk, reason="没有报考", by=area_clerk(), at=at)
    assert not has_interest(keeper, "2026-10", on)
    assert queries.fitness(person, PostKind.PAPERS, "2026-10", on, site).granted


def test_number_of_a_relative_is_kept_sealed_and_checked(at: datetime) -> None:
    number = personnel.an_id_number()
    kin = commands.declare_staff_kin(
        relation=Relation.PARENT, name="王", id_number=number.lower(), by=CANDIDATE, at=at
    ).value
    assert number.encode() not in bytes(kin.id_number_sealed)
    assert KIN_NUMBER.text(kin) == number
    with pytest.raises(Conflict):
        commands.declare_staff_kin(relation=Relation.OTHER, name="王", id_number=number, by=CANDIDATE, at=at)
    with pytest.raises(BadInput):
        commands.declare_staff_kin(relation=Relation.OTHER, name="王", id_number="123", by=CANDIDATE, at=at)
    with pytest.raises(NotFound):
        commands.withdraw_kin(kin_id=kin.pk, by=area_clerk(), at=at)
    other = Actor("别人", Post.CANDIDATE, "320502", candidate_id=502)
    with pytest.raises(NotFound):
        commands.withdraw_kin(kin_id=kin.pk, by=other, at=at)
    assert commands.withdraw_kin(kin_id=kin.pk, by=CANDIDATE, at=at).value.withdrawn_at == at


def test_papers_post_is_refused_without_its_certificate(at: datetime) -> None:
    person, site = personnel.a_person(at), agencies.a_site(at)
    facts = {"site_id": site.pk, "person_id": person.pk, "sitting_code": "2026-10", "on": personnel.EXAM_DAY}
    with pytest.raises(Refused) as refusal:
        commands.assign_duty(**facts, post_kind=PostKind.PAPERS, by=area_clerk(), at=at)
    assert refusal.value.code == "no-valid-certificate"
    personnel.a_certificate(at, person, PostKind.PAPERS)
    assert commands.assign_duty(**facts, post_kind=PostKind.PAPERS, by=area_clerk(), at=at).value.site == site
