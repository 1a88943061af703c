"""Pages of keys, secret matters, and who saw personal data in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.actors import clerk, county_clerk, the_node
from tests.factories.candidates import a_candidate
from zikao.foundation import crypto
from zikao.foundation.actors import Post
from zikao.foundation.custody.commands import record_keys
from zikao.foundation.secrecy.commands import reveal

pytestmark = pytest.mark.django_db
KEEPING = {"guest": 302, "security-admin": 200, "system-admin": 200, "auditor": 200, "marker": 403}
TURNING = {"guest": 302, "security-admin": 200, "auditor": 403, "system-admin": 403, "province-head": 403}
WATCHING = {"guest": 302, "auditor": 200, "security-admin": 403, "county-clerk": 403}
CLASSES = {"guest": 302, "auditor": 200, "security-admin": 200, "exam-affairs-head": 200, "marker": 403}


def a_key(at: datetime) -> dict[str, Any]:
    record_keys(by=the_node(), at=at)
    return {"key_id": crypto.data_key_id()}


ROUTES: dict[str, dict[str, Any]] = {
    "secrecy:secrets": CLASSES,
    "secrecy:fields": CLASSES,
    "secrecy:accesses": WATCHING,
    "secrecy:reveals": WATCHING,
    "secrecy:viewers": WATCHING,
    "secrecy:keys": KEEPING,
    "secrecy:key": {"kwargs": a_key, **KEEPING},
    "secrecy:peers": KEEPING,
    "secrecy:add-peer": {"guest": 302, "system-admin": 200, "security-admin": 403, "auditor": 403},
    "secrecy:change-peer": {"guest": 302, "system-admin": 200, "security-admin": 403, "auditor": 403},
    "secrecy:rotate": TURNING,
    "secrecy:reseal": TURNING,
    "secrecy:reindex": TURNING,
    "secrecy:retire": {"kwargs": a_key, **TURNING},
    "secrecy:destroy": {"kwargs": a_key, **TURNING},
}


@pytest.fixture
def own_keys(tmp_path: Any, settings: Any) -> None:
    crypto.create_keys(tmp_path / "keys")
    settings.ZIKAO_KEYS, settings.ZIKAO_FILES = tmp_path / "keys", tmp_path / "files"


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.usefixtures("own_keys")
def test_security_administrator_changes_a_key_and_orders_the_rest(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    a_candidate(at)
    client, old = signed_in(Post.SECURITY_ADMIN, "32"), crypto.data_key_id()
    client.post(reverse("secrecy:rotate"), {"kind": "data"})
    assert crypto.data_key_id() != old
    page = text(client.get(reverse("secrecy:keys")))
    assert "用旧数据密钥加密，请运行重新加密" in page
    one = text(client.get(reverse("secrecy:key", args=[old])))
    assert "考生身份证件号码" in one
    refused = client.post(reverse("secrecy:retire", args=[old]))
    assert refused.status_code == 409 or refused.status_code == 422 or "不能停用" in text(refused)
    answer = client.post(reverse("secrecy:reseal"))
    assert answer.status_code == 302
    assert "用新数据密钥重新加密" in text(client.get(answer["Location"]))


def test_auditor_sees_who_looks_unusually_often(signed_in: Callable[..., Client], at: datetime) -> None:
    person, by = a_candidate(at), county_clerk()
    why = {"reason_code": "identity", "reason": "核对身份证原件 329999199003070018 10012345678"}
    for minute in range(30):
        moment = at + timedelta(minutes=minute)
        reveal(field="candidates.phone", row_id=person.pk, **why, by=by, at=moment)
    client = signed_in(Post.AUDITOR, "32")
    page = text(client.get(reverse("secrecy:viewers")))
    assert "异常" in page
    record = text(client.get(reverse("secrecy:reveals")))
    assert "核对本人身份" in record
    assert "329999199003070018" not in record


def test_field_list_says_what_each_value_is_bound_to(signed_in: Callable[..., Client]) -> None:
    page = text(signed_in(Post.AUDITOR, "32").get(reverse("secrecy:fields")))
    for expected in ("candidates.candidate.phone_sealed", "paper_id、version", "转考电子档案"):
        assert expected in page


def test_keys_page_shows_no_secret(signed_in: Callable[..., Client], at: datetime) -> None:
    a_key(at)
    page = text(signed_in(Post.SECURITY_ADMIN, "32").get(reverse("secrecy:keys")))
    for path in settings.ZIKAO_KEYS.glob("data-*.key"):
        assert path.read_text().strip() not in page


def test_posts_of_the_keys_are_the_administrators_alone() -> None:
    from zikao.foundation.custody import policies

    assert clerk(Post.PROVINCE_HEAD).post not in policies.READERS


def test_system_administrator_registers_a_peer_with_both_keys(signed_in: Callable[..., Client]) -> None:
    from zikao.foundation.exchange.models import Peer

    client = signed_in(Post.SYSTEM_ADMIN, "32")
    data = {
        "code": "province:44",
        "url": "https://x.test",
        "public_key_pem": crypto.public_key_pem().replace("\n", "\r\n"),
        "envelope_key_pem": crypto.envelope_key_pem(),
    }
    refused = client.post(reverse("secrecy:add-peer"), {**data, "envelope_key_pem": "no key"})
    assert "不是加密公钥" in text(refused)
    assert client.post(reverse("secrecy:add-peer"), data).status_code == 302
    assert Peer.objects.get(code="province:44").public_key_pem == crypto.public_key_pem()
    assert "province:44" in text(client.get(reverse("secrecy:peers")))
