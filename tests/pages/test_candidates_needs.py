"""The pages of accommodations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
READ = {"guest": 302, "candidate": 403, "county-clerk": 200, "area-director@3201": 200, "marker": 403}


def granted(at: datetime) -> dict[str, Any]:
    from tests.factories.needs import a_grant

    return {"accommodation_id": a_grant(at).pk}


def somebody(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate

    return {"candidate_id": a_candidate(at).pk}


def corrected(at: datetime) -> dict[str, Any]:
    from tests.commands.test_candidates_corrections import proposed
    from tests.factories.candidates import a_candidate

    return {"correction_id": proposed(at, a_candidate(at)).pk}


def suspended(at: datetime) -> dict[str, Any]:
    from datetime import date

    from tests.factories.candidates import a_suspended_candidate
    from zikao.stages.candidates.models import Suspension

    a_suspended_candidate(at, date(2027, 8, 20))
    return {"suspension_id": Suspension.objects.get().pk}


ONE = {"kwargs": granted, **READ, "county-clerk@320104": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "candidates:apply-accommodation": {"kwargs": somebody, "guest": 302, "county-clerk": 200, "area-director": 403},
    "candidates:accommodations": READ,
    "candidates:accommodation": ONE,
    "candidates:accommodation-evidence": ONE,
    "candidates:accommodation-paper": ONE,
    "candidates:decide-accommodation": {
        "kwargs": granted,
        "guest": 302,
        "area-director@3201": 200,
        "county-clerk": 403,
    },
    "candidates:withdraw-accommodation": {"kwargs": granted, "guest": 302, "county-clerk": 200, "marker": 403},
    "candidates:integrity": {"kwargs": somebody, **READ, "area-director@3201": 403, "county-clerk@320104": 404},
    "candidates:propose-correction": {"kwargs": somebody, "guest": 302, "county-clerk": 200, "area-director": 403},
    "candidates:tutoring": {"kwargs": somebody, "guest": 302, "county-clerk": 200, "area-director": 403},
    "candidates:relative": {"kwargs": somebody, "guest": 302, "county-clerk": 200, "area-director": 403},
    "candidates:tutored-sample": {"kwargs": {"ending": "csv"}, "guest": 302, "county-clerk": 200, "marker": 403},
    "candidates:tutored": {"guest": 302, "county-clerk": 200, "marker": 403},
    "candidates:corrections": READ,
    "candidates:correction": {"kwargs": corrected, **READ, "county-clerk@320104": 404},
    "candidates:suspensions": {"guest": 302, "exam-affairs-head": 200, "county-clerk": 403},
    "candidates:suspension": {"kwargs": suspended, "guest": 302, "exam-affairs-head": 200, "county-clerk": 403},
    "candidates:lift": {"kwargs": suspended, "guest": 302, "exam-affairs-head": 200, "province-clerk": 403},
    "candidates:my-integrity": {"guest": 302, "candidate": 404, "county-clerk": 403},
    "candidates:my-declared": {"guest": 302, "candidate": 404, "county-clerk": 403},
    "candidates:my-tutoring": {"guest": 302, "candidate": 200, "county-clerk": 403},
    "candidates:my-relative": {"guest": 302, "candidate": 200, "county-clerk": 403},
    "candidates:my-needs": {"guest": 302, "candidate": 200, "county-clerk": 403},
    "candidates:apply-need": {"guest": 302, "candidate": 200, "county-clerk": 403},
    "candidates:my-need-paper": {"kwargs": granted, "guest": 302, "candidate@other": 404, "county-clerk": 403},
    "candidates:withdraw-my-need": {"kwargs": granted, "guest": 302, "candidate": 200, "county-clerk": 403},
}


def test_candidate_asks_and_reads_the_decision(client: Client, signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from zikao.foundation.access.models import Account
    from zikao.stages.candidates.models import Accommodation

    person = a_candidate(at)
    sign_in(client, Account.objects.get(candidate_id=person.pk))
    form = {"kinds": ["separate-room"], "need": "肢体残疾", "from_on": "2026-08-20", "until_on": "2027-08-20"}
    wrong = client.post(reverse("candidates:apply-need"), {**form, "evidence": SimpleUploadedFile("a.pdf", b"MZ prog")})
    assert wrong.status_code == 409
    assert "不是可以接受的文件" in wrong.content.decode()
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")
    page = client.post(reverse("candidates:apply-need"), {**form, "evidence": paper}, follow=True).content.decode()
    assert "请等待决定" in page
    asked = Accommodation.objects.get()
    decider = signed_in(Post.AREA_DIRECTOR, "3201")
    assert "待决定的残疾考生便利申请" in decider.get("/staff/").content.decode()
    answer = {"granted": "yes", "kinds": ["separate-room"], "extra_percent": 0, "until_on": "2027-08-20",
              "number": "宁招考〔2026〕9号", "reason": "证明属实。"}  # fmt: skip
    decider.post(reverse("candidates:decide-accommodation", args=[asked.pk]), answer)
    page = client.get(reverse("candidates:my-needs")).content.decode()
    assert "宁招考〔2026〕9号" in page
    assert client.get(reverse("candidates:my-need-paper", args=[asked.pk])).content.startswith(b"%PDF")


def test_candidate_reads_account_integrity_file_and_declarations(client: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from zikao.foundation.access.models import Account

    person = a_candidate(at)
    sign_in(client, Account.objects.get(candidate_id=person.pk))
    assert "正在报送全国考试中心" in client.get(reverse("candidates:mine")).content.decode()
    assert client.get(reverse("candidates:my-integrity")).content.startswith(b"%PDF")
    client.post(reverse("candidates:my-relative"), {"name": "王刚", "relation": "父亲"})
    assert "王刚（父亲" in client.get(reverse("candidates:my-declared")).content.decode()


def test_grant_is_carried_to_the_draw_the_box_and_the_room(signed_in: Callable[..., Client], at: datetime) -> None:
    from tests.factories.needs import a_grant
    from tests.factories.papers import a_box
    from zikao.stages.seating.models import Seat

    box = a_box(at)
    seat = (
        Seat.objects.filter(unit=box.unit, room__in=box.packs.values("room")).select_related("entry__candidate").first()
    )
    assert seat is not None
    asked = {"kinds": ["large-print", "extra-time", "separate-room"], "extra_percent": 30}
    a_grant(at, seat.entry.candidate, asked=asked["kinds"], **asked)
    officer = signed_in(Post.PAPERS_OFFICER, "32")
    page = officer.get(reverse("papers:box", args=[box.pk])).content.decode()
    assert "大字号试卷" in page
    assert "1 份" in page
    head = signed_in(Post.EXAM_AFFAIRS_HEAD, "32")
    page = head.get(reverse("conduct:room", args=[seat.room_id, seat.unit_id])).content.decode()
    assert f"{seat.number} 号座" in page
    assert "延长 45 分钟" in page
    page = head.get(reverse("seating:draw", args=[box.unit.sitting.code])).content.decode()
    assert "须单独考场的残疾考生" in page
