"""Pages of the register of technical changes, and the work log of cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


def a_paper_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.marking import a_sat_paper

    return {"paper_id": a_sat_paper(at).pk}


def a_correction_kwargs(at: datetime) -> dict[str, Any]:
    from tests.commands.test_marking_data import a_correction

    return {"correction_id": a_correction(at)[0].pk}


ONE = {"kwargs": a_correction_kwargs, "guest": 302, "candidate": 403, "province-clerk": 200, "province-clerk@33": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "marking:log": {"guest": 302, "candidate": 403, "reader-operator": 200, "auditor": 200, "marker": 403},
    "marking:data-corrections": {"guest": 302, "candidate": 403, "reader-operator": 200, "marker": 403},
    "marking:data-correction": {**ONE, "marker": 403},
    "marking:confirm-data-correction": {**ONE, "province-head": 403, "province-clerk@33": 200},
    "marking:refuse-data-correction": {**ONE, "province-head": 403, "province-clerk@33": 200},
    "marking:propose-data-correction": {
        "kwargs": a_paper_kwargs,
        "guest": 302,
        "reader-operator": 200,
        "marker": 403,
    },
}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_register_shows_before_and_after_and_who_waits(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.commands.test_marking_data import a_correction

    held, _, _ = a_correction(at)
    page = text(signed_in(Post.PROVINCE_CLERK).get(reverse("marking:data-correction", args=[held.pk])))
    assert held.before in page
    assert held.after in page
    assert "末位污损" in page
    assert "待专职人员确认" in page
    assert "待确认的非作答数据修改" in text(signed_in(Post.EXAM_AFFAIRS_HEAD).get(reverse("portals:staff-home")))


def test_a_person_proposes_from_the_papers_page(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.commands.test_marking_data import a_misread_card
    from tests.factories.collecting import brought
    from zikao.stages.collecting.states import Work
    from zikao.stages.marking.models import DataCorrection

    card, right = a_misread_card(at)
    client = brought(signed_in(Post.READER_OPERATOR, "32"), at, Work.MARKING, card.paper.sitting)
    url = reverse("marking:propose-data-correction", args=[card.paper_id])
    number = right.entry.candidate.admission_number
    data = {"batch_number": 1, "card_number": 1, "admission_number": number, "reason": "末位污损"}
    assert "已登记，等待两名专职人员确认" in text(client.post(url, data, follow=True))
    assert DataCorrection.objects.get().after.endswith(number)


def test_the_work_log_holds_every_step_of_the_cards(signed_in: Callable[..., Client], at: datetime) -> None:
    from datetime import timedelta

    from tests.factories import marking as make
    from zikao.stages.marking import commands

    paper = make.a_sat_paper(at, people=2, absent=0)
    later = paper.unit.starts_at + timedelta(days=3)
    make.the_questions(later, paper)
    commands.receive_scans(paper_id=paper.pk, images=[b"one", b"two"], by=make.OPERATOR, at=later)
    page = text(signed_in(Post.AUDITOR, "32").get(reverse("marking:log")))
    assert "接收答题卡扫描图像" in page
    assert "数量 2" in page
    assert "登记试题" not in page.partition("<tbody>")[2]
    assert (
        "接收答题卡扫描图像"
        not in text(signed_in(Post.READER_OPERATOR, "33").get(reverse("marking:log"))).partition("<tbody>")[2]
    )
