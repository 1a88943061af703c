"""Electronic registration by its commands, and over the wire between a province and the centre."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import registry as make
from tests.factories.actors import the_node
from tests.factories.nodes import CENTRE, HERE, Nodes
from tests.factories.programmes import the_peer
from zikao.foundation.errors import BadInput, Conflict, NotFound, NotPermitted, Refused, WrongState
from zikao.foundation.exchange.models import Outbox
from zikao.foundation.ledger.models import Line
from zikao.national import commands as national
from zikao.national.models import RegisteredCertificate
from zikao.stages.graduation.commands import hand_out_certificate
from zikao.stages.graduation.models import GraduationCertificate
from zikao.stages.registry import commands, queries
from zikao.stages.registry.models import Registration, RegistrationBatch
from zikao.stages.registry.states import Registrable, Verdict

pytestmark = pytest.mark.django_db
DAY = make.BATCH_ON
NOW = make.IN_PERIOD


def counts() -> dict[str, int]:
    return queries.counts_of(RegistrationBatch.objects.get())


# the province


def test_batch_gathers_every_certificate_of_its_day_once(at: datetime) -> None:
    batch = make.a_checked_batch(at, 2)
    assert (batch.count, batch.state, counts()) == (2, "checked", {"ready": 2})
    with pytest.raises(Conflict):
        commands.check_batch(batch_on=DAY, by=make.CLERK, at=NOW)


def test_day_without_certificates_has_no_batch(at: datetime) -> None:
    with pytest.raises(NotFound):
        commands.check_batch(batch_on=DAY, by=make.CLERK, at=NOW)


def test_batch_with_an_unverified_earlier_qualification_is_not_gathered(at: datetime) -> None:
    (certificate,) = make.certificates(at)
    type(certificate.application).objects.update(prior_verified=False)
    with pytest.raises(Refused) as refusal:
        commands.check_batch(batch_on=DAY, by=make.CLERK, at=NOW)
    assert refusal.value.code == "prior-qualification-unverified"
    assert not RegistrationBatch.objects.exists()


def test_batch_whose_scores_no_longer_carry_the_plan_is_not_gathered(at: datetime) -> None:
    (certificate,) = make.certificates(at)
    certificate.application.plan.courses.filter(assess="thesis").update(assess="written")
    plan = certificate.application.plan
    plan.min_credits += 100
    plan.save()
    with pytest.raises(Refused) as refusal:
        commands.check_batch(batch_on=DAY, by=make.CLERK, at=NOW)
    assert refusal.value.code == "scores-differ"


def test_who_checked_a_batch_does_not_approve_it(at: datetime) -> None:
    make.a_checked_batch(at)
    same = replace(make.HEAD, account_id=make.CLERK.account_id)
    with pytest.raises(Refused) as refusal:
        commands.approve_batch(batch_on=DAY, by=same, at=NOW)
    assert refusal.value.code == "registration-approver-checked"
    with pytest.raises(NotPermitted):
        commands.approve_batch(batch_on=DAY, by=make.CLERK, at=NOW)
    assert RegistrationBatch.objects.get().state == "checked"


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (91, True), (92, False)])
def test_batch_is_reported_within_its_period_only(days: int, allowed: bool, at: datetime) -> None:
    the_peer(at)
    make.an_approved_batch(at)
    day = NOW + timedelta(days=days)
    if allowed:
        assert commands.send_batch(batch_on=DAY, by=make.CLERK, at=day).value.state == "sent"
        return
    with pytest.raises(Refused) as refusal:
        commands.send_batch(batch_on=DAY, by=make.CLERK, at=day)
    assert refusal.value.code == "outside-registration-period"
    assert not Outbox.objects.exists()


def test_report_holds_what_the_regulation_lists(at: datetime) -> None:
    make.a_sent_batch(at)
    (row,) = Outbox.objects.get(kind="registry.batch").body["certificates"]
    assert {name for name, value in row.items() if not value} == set()
    assert set(row) == {
        "number", "name", "sex", "id_number", "major_code", "major", "level", "issued_on", "school", "province",
        "portrait",
    }  # fmt: skip
    assert row["id_number"].encode() not in bytes(Outbox.objects.get(kind="registry.batch").body_sealed)


def test_large_batch_goes_in_parts_that_add_up(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zikao.stages.registry.commands.reporting.CERTIFICATES_A_MESSAGE", 2)
    make.a_sent_batch(at, 3)
    parts = [row.body["count"] for row in Outbox.objects.filter(kind="registry.batch").order_by("id")]
    assert parts == [2, 1]


def test_batch_is_done_when_every_certificate_is_answered(at: datetime) -> None:
    batch = make.a_sent_batch(at, 2)
    first, second = batch.rows.order_by("id").values_list("certificate__number", flat=True)
    half = commands.take_in_answer(batch_on=DAY, registered=[first], rejected={}, by=make.INBOX, at=NOW).value
    assert half.state == "sent"
    rest = commands.take_in_answer(batch_on=DAY, registered=[], rejected={second: "不全"}, by=make.INBOX, at=NOW).value
    assert (rest.state, counts()) == ("registered", {"registered": 1, "rejected": 1})
    told = dict(GraduationCertificate.objects.values_list("number", "registered_at"))
    assert told == {first: NOW, second: None}


def test_rejected_certificate_is_not_handed_out_and_is_reported_again(at: datetime) -> None:
    make.an_answered_batch(at, 2, rejected=1)
    rejected = Registration.objects.get(state="rejected")
    with pytest.raises(Refused):
        hand_out_certificate(certificate_id=rejected.certificate_id, by=make.RECEIVER, at=NOW)
    same = replace(make.HEAD, account_id=make.CLERK.account_id)
    with pytest.raises(Refused):
        commands.resend_rejected(batch_on=DAY, by=same, at=NOW)
    again = commands.resend_rejected(batch_on=DAY, by=make.HEAD, at=NOW).value
    assert (again.state, counts()) == ("sent", {"ready": 1, "registered": 1})
    last = Outbox.objects.filter(kind="registry.batch").latest("id").body
    assert [row["number"] for row in last["certificates"]] == [rejected.certificate.number]
    number = rejected.certificate.number
    done = commands.take_in_answer(batch_on=DAY, registered=[number], rejected={}, by=make.INBOX, at=NOW).value
    assert (done.state, counts()) == ("registered", {"registered": 2})


def test_batch_without_rejections_is_not_reported_again(at: datetime) -> None:
    make.an_answered_batch(at)
    with pytest.raises(Conflict):
        commands.resend_rejected(batch_on=DAY, by=make.HEAD, at=NOW)
    with pytest.raises(WrongState):
        commands.send_batch(batch_on=DAY, by=make.CLERK, at=NOW)


ACTS: dict[str, Callable[[], Any]] = {
    "approve": lambda: commands.approve_batch(batch_on=DAY, by=make.HEAD, at=NOW),
    "send": lambda: commands.send_batch(batch_on=DAY, by=make.CLERK, at=NOW),
    "answer": lambda: commands.take_in_answer(batch_on=DAY, registered=[], rejected={}, by=make.INBOX, at=NOW),
    "resend": lambda: commands.resend_rejected(batch_on=DAY, by=make.HEAD, at=NOW),
}
MAKERS = {"checked": make.a_checked_batch, "approved": make.an_approved_batch, "sent": make.a_sent_batch}


@pytest.mark.parametrize(
    ("state", "act", "allowed"),
    [
        ("checked", "approve", True), ("checked", "send", False), ("checked", "answer", False),
        ("checked", "resend", False),
        ("approved", "approve", False), ("approved", "send", True), ("approved", "answer", False),
        ("sent", "approve", False), ("sent", "send", False), ("sent", "answer", True), ("sent", "resend", False),
    ],
)  # fmt: skip
def test_each_state_of_a_batch_allows_its_acts(state: str, act: str, allowed: bool, at: datetime) -> None:
    the_peer(at)
    MAKERS[state](at)
    lines = Line.objects.count()
    if allowed:
        ACTS[act]()
        assert Line.objects.count() == lines + 1
        return
    with pytest.raises(WrongState):
        ACTS[act]()
    assert (RegistrationBatch.objects.get().state, Line.objects.count()) == (state, lines)


# the centre


def registrable(**more: object) -> Registrable:
    facts = Registrable(
        number="65320102262000018", name="王小雨", sex="2", id_number="320102199903070027", major_code="050101",
        major="汉语言文学", level="bachelor", issued_on="2026-12-30", school="南京师范大学", province="32", portrait="",
    )  # fmt: skip
    return replace(facts, **more)  # type: ignore[arg-type]


def register(*certificates: Registrable) -> dict[str, str]:
    done = national.register_certificates(province="32", batch_on=DAY, certificates=certificates, by=the_node(), at=NOW)
    return done.value


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"province": "33"}, "省份"),
        ({"issued_on": "2026-06-30"}, "发证日期"),
        ({"name": ""}, "不完整"),
        ({"school": ""}, "不完整"),
    ],
)
def test_centre_sends_back_what_does_not_fit_and_says_why(change: dict[str, str], reason: str, at: datetime) -> None:
    the_peer(at, "province:32")
    rejected = register(registrable(**change))
    assert reason in rejected["65320102262000018"]
    assert not RegisteredCertificate.objects.exists()
    answer = Outbox.objects.get(kind="registry.answer").body
    assert (answer["registered"], answer["rejected"]) == ([], rejected)


def test_centre_registers_a_number_once(at: datetime) -> None:
    the_peer(at, "province:32")
    assert register(registrable()) == {}
    assert "已经注册" in register(registrable())["65320102262000018"]
    with pytest.raises(BadInput, match="重复"):
        register(registrable(number="1"), registrable(number="1"))
    assert RegisteredCertificate.objects.count() == 1
    assert b"320102199903070027" not in bytes(RegisteredCertificate.objects.get().id_number_sealed)


def test_centre_revokes_once_with_a_reason_and_tells_the_province(at: datetime) -> None:
    number = make.a_registered_certificate(at).number
    with pytest.raises(BadInput):
        national.revoke_certificate(number=number, reason=" ", by=make.REGISTRAR, at=NOW)
    with pytest.raises(NotPermitted):
        national.revoke_certificate(number=number, reason="造假", by=make.HEAD, at=NOW)
    national.revoke_certificate(number=number, reason="成绩造假", by=make.REGISTRAR, at=NOW)
    assert Outbox.objects.get(kind="registry.revoked").body == {"number": number, "reason": "成绩造假"}
    assert queries.look_up(number, "王小雨").verdict is Verdict.REVOKED
    with pytest.raises(WrongState):
        national.revoke_certificate(number=number, reason="再次", by=make.REGISTRAR, at=NOW)


def test_batch_goes_to_the_centre_and_its_answer_comes_back(
    tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = Nodes(tmp_path, at, monkeypatch)
    with nodes.at(HERE):
        make.a_sent_batch(at, 2)
    assert nodes.deliver(HERE, NOW) == 1
    assert RegisteredCertificate.objects.count() == 2
    assert nodes.deliver(CENTRE, NOW) == 1
    assert (RegistrationBatch.objects.get().state, counts()) == ("registered", {"registered": 2})
    held = GraduationCertificate.objects.order_by("number")[0]
    with nodes.at(CENTRE):
        national.revoke_certificate(number=held.number, reason="成绩造假", by=make.REGISTRAR, at=NOW)
    assert nodes.deliver(CENTRE, NOW) == 1
    assert counts() == {"registered": 1, "revoked": 1}
    with nodes.at(HERE), pytest.raises(Refused):
        hand_out_certificate(certificate_id=held.pk, by=make.RECEIVER, at=NOW)


def test_report_too_late_comes_back_with_what_the_centre_said(
    tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = Nodes(tmp_path, at, monkeypatch)
    with nodes.at(HERE):
        make.a_sent_batch(at)
    nodes.deliver(HERE, datetime(2027, 4, 1, 9, 0, tzinfo=NOW.tzinfo))
    row = Registration.objects.get()
    assert row.state == "rejected"
    assert "不在本批证书的电子注册时间内" in row.reason
