"""Pages of electronic registration: batches, certificates, and the public's look-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Post
from zikao.foundation.pages import token_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 30)


def batch(at: datetime) -> dict[str, Any]:
    from tests.factories.registry import a_checked_batch

    return {"batch_on": a_checked_batch(at).batch_on}


def certificate(at: datetime) -> dict[str, Any]:
    from tests.factories.registry import a_checked_batch

    return {"number": a_checked_batch(at).rows.get().certificate.number}


READ = {"guest": 302, "candidate": 403, "records-clerk": 200, "records-head": 200, "auditor": 200, "county-clerk": 403}
APPROVE = {"guest": 302, "records-head": 200, "province-head": 200, "records-clerk": 403, "auditor": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "registry:batches": READ,
    "registry:check": {"guest": 302, "records-clerk": 200, "records-head": 403},
    "registry:batch": {"kwargs": batch, **READ},
    "registry:certificate": {"kwargs": certificate, **READ, "records-clerk@33": 404},
    "registry:approve": {"kwargs": batch, **APPROVE},
    "registry:resend": {"kwargs": batch, **APPROVE},
    "registry:send": {"kwargs": batch, "guest": 302, "records-clerk": 200, "records-head": 200, "auditor": 403},
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories.registry import IN_PERIOD

    monkeypatch.setattr(clock, "now", lambda: IN_PERIOD)


def test_batch_is_checked_approved_and_reported_through_the_pages(
    signed_in: Callable[..., Client], at: datetime, december: None
) -> None:
    from tests.factories.programmes import the_peer
    from tests.factories.registry import certificates

    the_peer(at)
    certificates(at, 2)
    clerk, head = signed_in(Post.RECORDS_CLERK), signed_in(Post.RECORDS_HEAD)
    checked = text(clerk.post(reverse("registry:check"), {"batch_on": "2026-12-30"}, follow=True))
    assert "核对完毕，等待审批" in checked
    assert "✓ 合计相符" in checked
    assert "还没有审批" in checked
    assert "已审批" in text(head.post(reverse("registry:approve", args=[DAY]), follow=True))
    sent = text(clerk.post(reverse("registry:send", args=[DAY]), follow=True))
    assert "已上报，等待注册结果" in sent
    assert "待答复" in sent


def test_report_is_closed_outside_the_period_with_the_clause(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.registry import an_approved_batch

    an_approved_batch(at)
    page = text(signed_in(Post.RECORDS_CLERK).get(reverse("registry:batch", args=[DAY])))
    assert "不在本批证书的电子注册时间内" in page
    assert "2026年12月30日 至 2027年3月31日" in page


def test_rejected_certificates_say_why_and_what_now(
    signed_in: Callable[..., Client], at: datetime, december: None
) -> None:
    from tests.factories.registry import an_answered_batch
    from zikao.stages.registry.models import Registration

    an_answered_batch(at, 2, rejected=1)
    head = signed_in(Post.RECORDS_HEAD)
    page = text(head.get(reverse("registry:batch", args=[DAY])))
    assert "1 份证书被退回" in page
    assert "✓ 合计相符" in page
    number = Registration.objects.get(state="rejected").certificate.number
    one = text(head.get(reverse("registry:certificate", args=[number])))
    assert "退回：注册信息不完整" in one
    assert "不能发给毕业生" in one
    assert "已重新上报" in text(head.post(reverse("registry:resend", args=[DAY]), follow=True))


def test_work_lists_name_the_batches_that_wait(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.registry import certificates
    from zikao.stages.registry.commands import check_batch

    certificates(at)
    clerk = signed_in(Post.RECORDS_CLERK)
    assert "待整理核对的证书批次" in text(clerk.get("/staff/"))
    from tests.factories.registry import CLERK

    check_batch(batch_on=DAY, by=CLERK, at=at)
    assert "待审批的注册批次" in text(signed_in(Post.RECORDS_HEAD).get("/staff/"))


# anyone


@pytest.fixture
def known(at: datetime) -> tuple[str, str]:
    """The number and the holder's name of a registered certificate of ours."""
    from tests.factories.registry import an_answered_batch

    held = an_answered_batch(at).rows.get().certificate
    return held.number, held.application.candidate.name


def ask(client: Client, number: str, name: str) -> str:
    return text(client.get("/verify/", {"number": number, "name": name}))


def test_anybody_verifies_by_number_and_name_together(client: Client, known: tuple[str, str]) -> None:
    number, name = known
    page = ask(client, number, name)
    assert "✓ 证书真实有效，已经电子注册" in page
    assert "南京师范大学" in page
    assert "汉语言文学（本科）" in page
    for wrong in (ask(client, number, "别人"), ask(client, number[:-1] + "0", name)):
        assert "没有查到这张证书" in wrong
        assert "南京师范大学" not in wrong


def test_answer_holds_no_id_number_and_is_not_kept_by_browsers(client: Client, known: tuple[str, str]) -> None:
    from zikao.stages.candidates.models import ID_NUMBER, Candidate

    answer = client.get("/verify/", {"number": known[0], "name": known[1]})
    candidate = Candidate.objects.get()
    for hidden in (ID_NUMBER.text(candidate), candidate.admission_number + "<", candidate.portrait):
        assert hidden not in text(answer)
    assert answer["Cache-Control"] == "no-store"


def test_anybody_verifies_by_the_code_on_the_certificate(client: Client, known: tuple[str, str]) -> None:
    from zikao.stages.graduation.models import GraduationCertificate
    from zikao.stages.graduation.tokens import certificate_token, packed

    token = certificate_token(GraduationCertificate.objects.get())
    good = text(client.get(reverse("public:verify-certificate", args=[packed(token)])))
    assert "✓ 证书真实有效" in good
    forged = text(client.get(reverse("public:verify-certificate", args=[packed(token.replace("本科", "专科"))])))
    assert "二维码的内容与签名不符" in forged
    assert "被改动的是：层次" in forged
    assert "南京师范大学" not in forged
    short = text(client.get(reverse("public:verify-token", args=[token_of(known[0])])))
    assert "✓ 证书真实有效" in short
    assert "没有查到" in text(client.get(reverse("public:verify-token", args=[known[0]])))


def test_revoked_certificate_is_said_to_be_revoked(client: Client, at: datetime, known: tuple[str, str]) -> None:
    from tests.factories.registry import IN_PERIOD, INBOX
    from zikao.stages.registry.commands import take_in_revocation

    take_in_revocation(number=known[0], reason="成绩造假", by=INBOX, at=IN_PERIOD)
    page = ask(client, *known)
    assert "注册已经撤销，证书无效" in page
    assert "证书真实有效" not in page
    assert "成绩造假" not in page


def test_address_that_asks_too_often_waits_a_minute(client: Client, at: datetime) -> None:
    answers = [client.get("/verify/", {"number": "1", "name": "王"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "请过一分钟再查" in text(answers[-1])
    assert client.get("/verify/").status_code == 200
    assert client.get(reverse("public:verify-token", args=["x"])).status_code == 429


@pytest.mark.parametrize("asked", [{"number": "", "name": ""}, {"number": "1"}])
def test_incomplete_question_is_asked_again(client: Client, asked: dict[str, str]) -> None:
    page = text(client.get("/verify/", asked))
    assert "没有查到" not in page
    assert "error-links" in page or "error" in page


def test_question_with_a_character_that_no_name_has_is_refused(client: Client) -> None:
    answer = client.get("/verify/", {"number": "\0", "name": "王"})
    assert answer.status_code == 422
    assert "没有查到" not in text(answer)
