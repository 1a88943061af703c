"""Pages of detailed rules, in the province and at the centre."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.commands.test_programmes_rules import a_draft, approve, delivered
from zikao.foundation.actors import Post
from zikao.national.models import RulesFiling
from zikao.stages.programmes.models import DetailedRules

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def _draft(at: datetime) -> dict[str, Any]:
    return {"rules_id": a_draft(at, late_admission_grace=10).pk}


def _filing(at: datetime) -> dict[str, Any]:
    approve(a_draft(at, late_admission_grace=10, transfer_within_province=True), at)
    delivered("programmes.detailed-rules", at)
    return {"filing_id": RulesFiling.objects.get().pk}


SEES = {"guest": 302, "candidate": 403, "marker": 403, "province-clerk": 200, "county-clerk": 200}
DRAFTERS = {"guest": 302, "province-clerk": 200, "records-head": 200, "county-clerk": 403}
CENTRE = {"guest": 302, "candidate": 403, "province-clerk": 403, "national-officer": 200}
ROUTES: dict[str, dict[str, Any]] = {
    "programmes:detailed-rules": SEES,
    "programmes:settings": SEES,
    "programmes:detailed-rule": {**SEES, "kwargs": _draft},
    "programmes:draft-detailed-rules": DRAFTERS,
    "programmes:set-detailed-value": {**DRAFTERS, "kwargs": _draft},
    "programmes:drop-detailed-value": {**DRAFTERS, "kwargs": _draft},
    "programmes:propose-detailed-rules": {**DRAFTERS, "kwargs": _draft},
    "national:rules-filings": CENTRE,
    "national:rules-filing": {**CENTRE, "kwargs": _filing},
    "national:answer-rules-filing": {"guest": 302, "national-officer": 200, "national-registrar": 403,
                                     "kwargs": _filing},
}  # fmt: skip


def test_clerk_writes_rules_item_by_item_and_reads_the_clause_that_refuses(signed_in: SignedIn, at: datetime) -> None:
    client = signed_in(Post.PROVINCE_CLERK)
    form = {"title": "实施细则", "document": "苏教考〔2026〕3号", "since": "2099-01-01"}
    assert client.post(reverse("programmes:draft-detailed-rules"), form).status_code == 302
    made = DetailedRules.objects.get()
    setting = reverse("programmes:set-detailed-value", args=[made.pk])
    assert client.post(setting, {"name": "transfer-within-province", "value": "也许"}).status_code == 422
    refused = client.post(setting, {"name": "late-admission-grace", "value": "16"})
    assert "不低于 0，不高于 15" in refused.content.decode()
    page = client.post(setting, {"name": "transfer-within-province", "value": "是"}, follow=True).content.decode()
    assert "省内跨地（市）参加考试须办理转考手续" in page
    assert "送审" in page
    listed = client.get(reverse("programmes:settings")).content.decode()
    assert "考籍 第十六条" in listed


def test_officer_files_rules_through_the_page(signed_in: SignedIn, at: datetime) -> None:
    place = _filing(at)
    client = signed_in(Post.NATIONAL_OFFICER)
    assert "待答复的实施细则备案" in client.get("/staff/").content.decode()
    page = client.get(reverse("national:rules-filing", kwargs=place)).content.decode()
    assert "迟到截止" in page
    address = reverse("national:answer-rules-filing", kwargs=place)
    assert client.post(address, {"acknowledged": "no", "reason": ""}).status_code == 422
    assert "细则备〔" in client.post(address, {"acknowledged": "yes", "reason": ""}, follow=True).content.decode()
