"""Detailed rules of the province: within the regulations, signed, filed, in force from their day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.factories import approvals
from tests.factories import programmes as make
from tests.factories.actors import clerk, the_node
from zikao.foundation.actors import Post
from zikao.foundation.approvals.models import Approval
from zikao.foundation.errors import BadInput, Refused, WrongState
from zikao.foundation.exchange.handlers import handler_of
from zikao.foundation.exchange.models import Outbox
from zikao.foundation.regulation import parameter
from zikao.foundation.regulation.own_values import forget, freshen
from zikao.national import commands as national
from zikao.national.models import RulesFiling
from zikao.stages.programmes import commands, queries
from zikao.stages.programmes.models import DetailedRules

pytestmark = pytest.mark.django_db
SINCE = date(2026, 9, 1)


def a_draft(at: datetime, **values: int | bool | str) -> DetailedRules:
    by = approvals.someone(Post.PROVINCE_CLERK, "32", at)
    made = commands.draft_detailed_rules(
        title="江苏省考务考籍实施细则", document=f"苏教考〔2026〕{DetailedRules.objects.count() + 1}号", since=SINCE,
        by=by, at=at,
    ).value  # fmt: skip
    for name, value in values.items():
        commands.set_detailed_value(rules_id=made.pk, name=name.replace("_", "-"), value=value, by=by, at=at)
    return made


def approve(made: DetailedRules, at: datetime) -> DetailedRules:
    make.the_peer(at)
    make.the_peer(at, "province:32")
    by = approvals.someone(Post.PROVINCE_CLERK, "32", at)
    commands.propose_detailed_rules(rules_id=made.pk, by=by, at=at)
    approvals.sign_all(Approval.objects.latest("id"), at)
    made.refresh_from_db()
    return made


def value(name: str, day: date) -> object:
    forget()
    freshen()
    return parameter(name).on(day, province="32")


def delivered(kind: str, at: datetime) -> object:
    message = Outbox.objects.filter(kind=kind).latest("id")
    handler = handler_of(kind)
    assert handler is not None
    return handler(message.body, "national" if "answered" in kind else "province:32", by=the_node(), at=at)


def test_value_outside_the_regulation_is_refused_by_its_own_clause(at: datetime) -> None:
    made = a_draft(at)
    by = approvals.someone(Post.PROVINCE_CLERK, "32", at)
    for name, wrong, clause in (
        ("late-admission-grace", 16, "EA-A1.2"),
        ("invigilators-per-room", 1, "EA-25.3"),
        ("transfer-within-province", 1, "SR-16"),
        ("transfer-out-wait", 6, "SR-23"),
    ):
        with pytest.raises(Refused) as refusal:
            commands.set_detailed_value(rules_id=made.pk, name=name, value=wrong, by=by, at=at)
        assert refusal.value.clause == clause
    with pytest.raises(Refused):
        commands.draft_detailed_rules(title="旧", document="旧", since=at.date(), by=by, at=at)
    with pytest.raises(BadInput):
        commands.propose_detailed_rules(rules_id=made.pk, by=by, at=at)


def test_own_values_bind_from_their_day_and_not_before_all_have_signed(at: datetime) -> None:
    made = a_draft(at, late_admission_grace=10, transfer_within_province=True)
    assert value("late-admission-grace", SINCE) == 15
    approve(made, at)
    assert (made.state, value("late-admission-grace", SINCE - timedelta(days=1))) == ("approved", 15)
    assert value("late-admission-grace", SINCE) == 10
    assert value("transfer-within-province", SINCE) is True
    assert parameter("late-admission-grace").on(SINCE, province="33") == 15
    rows = {row.parameter.name: row for row in queries.settings_on(SINCE)}
    assert (rows["late-admission-grace"].own, rows["late-admission-grace"].document) == (10, made)
    assert rows["room-spacing"].own is None


def test_rules_are_filed_with_the_centre_and_its_number_comes_back(at: datetime) -> None:
    made = approve(a_draft(at, late_admission_grace=10), at)
    delivered("programmes.detailed-rules", at)
    filed = RulesFiling.objects.get()
    assert (filed.state, filed.values) == ("received", [{"name": "late-admission-grace", "value": 10}])
    officer = clerk(Post.NATIONAL_OFFICER, "")
    national.answer_rules_filing(filing_id=filed.pk, acknowledged=True, reason="", by=officer, at=at)
    delivered("programmes.detailed-rules-answered", at)
    made.refresh_from_db()
    assert (made.state, made.number) == ("acknowledged", RulesFiling.objects.get().number)
    with pytest.raises(WrongState):
        national.answer_rules_filing(filing_id=filed.pk, acknowledged=False, reason="晚了", by=officer, at=at)


def test_rules_that_the_centre_sends_back_no_longer_bind(at: datetime) -> None:
    made = approve(a_draft(at, late_admission_grace=10), at)
    delivered("programmes.detailed-rules", at)
    officer = clerk(Post.NATIONAL_OFFICER, "")
    with pytest.raises(BadInput):
        national.answer_rules_filing(filing_id=RulesFiling.objects.get().pk, acknowledged=False, reason=" ",
                                     by=officer, at=at)  # fmt: skip
    national.answer_rules_filing(
        filing_id=RulesFiling.objects.get().pk, acknowledged=False, reason="缺少依据", by=officer, at=at
    )
    delivered("programmes.detailed-rules-answered", at)
    made.refresh_from_db()
    assert (made.state, made.answer, value("late-admission-grace", SINCE)) == ("returned", "缺少依据", 15)


def test_centre_sends_back_at_once_what_lies_outside_the_regulations(at: datetime) -> None:
    make.the_peer(at, "province:32")
    body = {"reference": 7, "title": "细则", "document": "1号", "since": "2026-09-01",
            "values": [{"name": "late-admission-grace", "value": 30}]}  # fmt: skip
    filed = national.record_rules_filing(province="32", body=body, by=the_node(), at=at).value
    assert filed.state == "returned"
    assert "迟到截止" in filed.reason
    with pytest.raises(BadInput):
        national.record_rules_filing(province="32", body={**body, "reference": "x"}, by=the_node(), at=at)


def test_refused_rules_are_a_draft_again_and_changed_ones_are_not_approved(at: datetime) -> None:
    made = a_draft(at, late_admission_grace=10)
    by = approvals.someone(Post.PROVINCE_CLERK, "32", at)
    commands.propose_detailed_rules(rules_id=made.pk, by=by, at=at)
    with pytest.raises(WrongState):
        commands.set_detailed_value(rules_id=made.pk, name="room-spacing", value=90, by=by, at=at)
    from zikao.foundation.approvals.commands import withdraw_approval

    withdraw_approval(approval_id=Approval.objects.get().pk, reason="再改", by=by, at=at)
    made.refresh_from_db()
    assert made.state == "drafted"
    commands.drop_detailed_value(rules_id=made.pk, name="late-admission-grace", by=by, at=at)
    assert not made.settings.exists()
