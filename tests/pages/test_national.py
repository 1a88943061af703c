"""Pages of the centre: the register of certificates and the transfer platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


def certificate(at: datetime) -> dict[str, Any]:
    from tests.factories.registry import a_registered_certificate

    return {"number": a_registered_certificate(at).number}


def file(at: datetime) -> dict[str, Any]:
    from tests.factories import transfers
    from tests.factories.candidates import a_candidate
    from tests.factories.programmes import the_peer
    from zikao.foundation.actors import node_actor
    from zikao.national.commands import receive_transfer_file

    the_peer(at, "province:32")
    the_peer(at, "province:33")
    made = transfers.a_file(a_candidate(at), "00037", "15040")
    receive_transfer_file(file=made, digest=transfers.digest_of(made), origin="33", by=node_actor(), at=at)
    return {"number": made.number}


READ = {
    "guest": 302, "candidate": 403, "national-officer": 200, "national-registrar": 200, "auditor": 200,
    "records-head": 403,
}  # fmt: skip


def account(at: datetime) -> dict[str, Any]:
    from tests.factories.learning import an_account

    return {"number": an_account(at).number}


def linked(at: datetime) -> dict[str, Any]:
    from tests.factories.learning import an_account

    made = an_account(at)
    return {"number": made.number, "link_id": made.numbers.get().pk}


def account_review(at: datetime) -> dict[str, Any]:
    from tests.factories.learning import a_review

    return {"review_id": a_review(at).pk}


ROUTES: dict[str, dict[str, Any]] = {
    "national:accounts": {"guest": 302, "candidate": 403, "national-registrar": 200, "county-clerk": 403},
    "national:find-account": {"guest": 302, "candidate": 403, "national-registrar": 200, "county-clerk": 403},
    "national:gathered": {"guest": 302, "candidate": 403, "national-officer": 200, "province-head": 403},
    "national:suspensions": {"guest": 302, "candidate": 403, "national-officer": 200, "province-head": 403},
    "national:account": {"kwargs": account, "guest": 302, "national-registrar": 200, "province-head": 403},
    "national:merge": {"kwargs": account, "guest": 302, "national-registrar": 200, "national-officer": 403},
    "national:unlink": {"kwargs": linked, "guest": 302, "national-registrar": 200, "national-officer": 403},
    "national:review": {"kwargs": account_review, "guest": 302, "national-officer": 200, "province-head": 403},
    "national:certificates": READ,
    "national:certificate": {"kwargs": certificate, **READ},
    "national:revoke": {"kwargs": certificate, "guest": 302, "national-registrar": 200, "national-officer": 403},
    "national:transfers": READ,
    "national:transfer": {"kwargs": file, **READ},
}


@pytest.fixture
def registrar(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Post.NATIONAL_REGISTRAR)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_registrar_finds_a_certificate_with_its_id_number_masked(registrar: Client, at: datetime) -> None:
    place = certificate(at)
    page = text(registrar.get(reverse("national:certificates"), {"name": "王"}))
    assert place["number"] in page
    assert "江苏" in page
    one = text(registrar.get(reverse("national:certificate", kwargs=place)))
    assert "320102********0027" in one
    assert "320102199903070027" not in one
    assert "审核并注册一批证书" in one


def test_registrar_revokes_a_registration_and_the_public_reads_it(registrar: Client, at: datetime) -> None:
    place = certificate(at)
    address = reverse("national:revoke", kwargs=place)
    assert registrar.post(address, {"reason": ""}).status_code == 422
    page = text(registrar.post(address, {"reason": "成绩造假，教考处〔2027〕1号"}, follow=True))
    assert "已撤销，并已通知发证的省" in page
    assert "这份证书的注册已经撤销" in page
    assert registrar.post(address, {"reason": "再次"}).status_code == 409
    public = text(Client().get("/verify/", {"number": place["number"], "name": "王小雨"}))
    assert "注册已经撤销，证书无效" in public
    shown = text(registrar.get(reverse("national:certificates"), {"revoked": "1"}))
    assert place["number"] in shown
    assert place["number"] not in text(registrar.get(reverse("national:certificates"), {"revoked": "0"}))


def test_registrar_sees_a_files_journey_and_nothing_of_what_is_sealed(registrar: Client, at: datetime) -> None:
    place = file(at)
    page = text(registrar.get(reverse("national:transfer", kwargs=place)))
    assert "浙江上传" in page
    assert "江苏审核、现场确认" in page
    assert "转入地还没有上传结果" in page
    from zikao.stages.candidates.models import Candidate

    assert Candidate.objects.get().name not in page
    home = text(registrar.get("/staff/"))
    assert "等待转入地结果的转考档案" in home
    assert "浙江→江苏" in home


def test_refused_file_shows_the_rule(registrar: Client, at: datetime) -> None:
    from zikao.foundation.actors import node_actor
    from zikao.national.commands import receive_outcome

    place = file(at)
    receive_outcome(
        **place, destination="32", completed=False, code="SR-A2.3.2", reason="在转入地没有合格课程",
        by=node_actor(), at=at,
    )  # fmt: skip
    page = text(registrar.get(reverse("national:transfer", kwargs=place)))
    assert "在转入地没有合格课程" in page
    assert "转入地退回" in page
    assert "考籍 附件2第三条（二）" in page


def test_registrar_finds_an_account_with_its_numbers_and_counts(registrar: Client, at: datetime) -> None:
    from tests.factories.learning import ID_NUMBER, an_account

    made = an_account(at)
    page = text(registrar.post(reverse("national:find-account"), {"id_number": ID_NUMBER}, follow=True))
    assert made.number in page
    assert ID_NUMBER not in page
    assert "010226200001" in page
    page = text(registrar.get(reverse("national:gathered")))
    assert "相符" in page
    assert "江苏" in page
