"""Pages of keeping and destroying: who opens what, what they say, and a list on its way to the certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import retention as make
from zikao.foundation.actors import Actor, Post
from zikao.foundation.approvals.models import Approval
from zikao.foundation.retention import commands
from zikao.foundation.retention.models import Destruction, Hold
from zikao.portals.retention.views import holds

OFFICER = Actor("邓刚", Post.PAPERS_OFFICER, "32")
READERS = {"guest": 302, "candidate": 403, "county-clerk": 403, "papers-officer": 200, "auditor@32": 200}
STRANGER = {"papers-officer@33": 404}


def _holding(at: datetime) -> dict[str, Any]:
    return {"holding_id": make.a_holding(at).pk}


def _hold(at: datetime) -> dict[str, Any]:
    head = Actor("罗宁", Post.RECORDS_HEAD, "32")
    held = commands.place_hold(
        title="诉讼", reason="调卷", cases=["violations.case:7"], holding_ids=[make.a_holding(at).pk], by=head, at=at
    )
    return {"hold_id": held.value.pk}


def _destruction(at: datetime) -> dict[str, Any]:
    row = Destruction.objects.create(
        number="销2026-0001", state="proposed", method="pulped", place="造纸厂", reason="期满", digest="0" * 64,
        proposed_at=at, agency_code="32",
    )  # fmt: skip
    row.items.create(holding=make.a_holding(at))
    return {"destruction_id": row.pk}


ROUTES: dict[str, dict[str, Any]] = {
    "retention:list": READERS,
    "retention:schedule": READERS,
    "retention:due": READERS,
    "retention:holds": READERS,
    "retention:destructions": READERS,
    "retention:register": {"guest": 302, "candidate": 403, "papers-officer": 200, "auditor@32": 403},
    "retention:publication": {"guest": 302, "candidate": 403, "papers-officer": 200, "auditor@32": 403},
    "retention:place-hold": {"guest": 302, "candidate": 403, "papers-officer": 403, "records-head": 200},
    "retention:propose": {"guest": 302, "candidate": 403, "papers-officer": 200, "auditor@32": 403},
    "retention:holding": {"kwargs": _holding, **READERS, **STRANGER},
    "retention:move": {"kwargs": _holding, "guest": 302, "candidate": 403, "papers-officer": 200, **STRANGER},
    "retention:contents": {"kwargs": _holding, "guest": 302, "candidate": 403, "papers-officer": 404, **STRANGER},
    "retention:hold": {"kwargs": _hold, **READERS, **STRANGER},
    "retention:release-hold": {"kwargs": _hold, "guest": 302, "candidate": 403, "auditor@32": 200},
    "retention:destruction": {"kwargs": _destruction, **READERS, **STRANGER},
    "retention:carry-out": {"kwargs": _destruction, "guest": 302, "candidate": 403, "papers-officer": 200},
    "retention:witness": {"kwargs": _destruction, "guest": 302, "candidate": 403, "auditor@32": 200},
    "retention:certificate": {
        "kwargs": _destruction,
        "guest": 302,
        "candidate": 403,
        "papers-officer": 409,
        **STRANGER,
    },
}


def test_the_schedule_says_how_long_and_by_which_clause(signed_in: Callable[..., Client]) -> None:
    page = signed_in(Post.AUDITOR, "32").get(reverse("retention:schedule")).content.decode()
    for text in ("答卷扫描图像", "30年", "6个月", "永久", "EA-44"):
        assert text in page


def test_a_papers_officer_registers_scripts_with_their_list(signed_in: Callable[..., Client], at: datetime) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.factories.agencies import the_province

    the_province(at)
    client = signed_in(Post.PAPERS_OFFICER, "32")
    answer = client.post(
        reverse("retention:register"),
        {
            "kind": "scripts", "matter": "2026-10", "title": "答卷 南京", "place": "三号库", "keeper": "邓刚",
            "quantity": "12", "unit": "袋", "agency_code": "32",
            "contents": SimpleUploadedFile("list.csv", "袋号\nA1\n".encode()),
        },
        follow=True,
    )  # fmt: skip
    assert "答卷 南京" in answer.content.decode()
    url = answer.request["PATH_INFO"] + "contents/"
    assert client.get(url).content.decode() == "袋号\nA1\n"


def test_head_holds_what_the_list_is_too_short_for_by_its_matter(
    signed_in: Callable[..., Client], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = make.a_holding(at), make.a_holding(at, matter="2027-04")
    monkeypatch.setattr(holds, "SHOWN", 1)
    client, url = signed_in(Post.RECORDS_HEAD, "32"), reverse("retention:place-hold")
    page = client.get(url).content.decode()
    assert "另有 1 项未列出" in page
    boxes = [f'name="holding_ids" value="{each.pk}"' in page for each in (newer, older)]
    assert boxes == [True, False]
    given = {"title": "诉讼", "reason": "调卷", "cases": "", "holding_ids": [str(newer.pk)]}
    for matters, said in (("没有的", "没有保管着“没有的”的内容"), (older.matter, "")):
        answer = client.post(url, {**given, "matters": matters})
        assert said in answer.content.decode()
    assert answer.status_code == 302
    assert set(Hold.objects.get().things.values_list("holding_id", flat=True)) == {older.pk, newer.pk}
    assert "请至少选择一项" in client.post(url, {**given, "holding_ids": []}).content.decode()


def test_a_hold_says_who_may_release_it(signed_in: Callable[..., Client], at: datetime) -> None:
    kwargs = _hold(at)
    page = signed_in(Post.AUDITOR, "32").get(reverse("retention:hold", kwargs=kwargs)).content.decode()
    assert "violations.case:7" in page
    assert "解除暂缓" in page
    assert Hold.objects.get(pk=kwargs["hold_id"]).released_at is None


def test_the_certificate_of_a_destruction_is_printed(
    transactional_db: None, signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.approvals import sign_all

    make.started_long_ago(make.owner_url())
    row = make.a_proposal(at, make.a_holding(at), by=make.somebody(at, Post.SCORE_OFFICER))
    sign_all(Approval.objects.get(pk=row.approval_id), at)
    executor = make.somebody(at, Post.RECORDS_CLERK)
    commands.carry_out_destruction(destruction_id=row.pk, by=executor, at=at)
    commands.witness_destruction(destruction_id=row.pk, by=make.somebody(at, Post.AUDITOR), at=at)
    client = signed_in(Post.PAPERS_OFFICER, "32")
    pdf = client.get(reverse("retention:certificate", args=[row.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
