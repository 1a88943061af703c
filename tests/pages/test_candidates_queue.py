"""The pages of pre-registration and of the counter's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.actors import COUNTY
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
CLERKS = {"guest": 302, "candidate": 403, "county-clerk": 200, "marker": 403}
OPEN = {"guest": 200, "county-clerk": 200}
LATER = {"guest": 302}


def queued(at: datetime) -> dict[str, Any]:
    from tests.factories.queue import in_queue

    return {"queued_id": in_queue(at).pk}


def called(at: datetime) -> dict[str, Any]:
    from tests.factories.queue import a_window
    from zikao.stages.candidates import commands

    here = queued(at)
    commands.call_queued(**here, by=a_window(), at=at)
    return here


ONE = {"kwargs": queued, **CLERKS, "county-clerk@320104": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "candidates:online": OPEN,
    "candidates:online-begin": OPEN,
    "candidates:online-resume": OPEN,
    "candidates:online-check": LATER,
    "candidates:online-withdraw": LATER,
    "candidates:online-portrait": {"guest": 404},
    "candidates:online-section": {"kwargs": {"section": "person"}, "guest": 302},
    "candidates:queue": {**CLERKS, "exam-affairs-head": 200},
    "candidates:desk": {**CLERKS, "exam-affairs-head": 403},
    "candidates:desk-one": {"kwargs": called, "guest": 302, "county-clerk": 404, "marker": 403},
    "candidates:desk-portrait": {"kwargs": called, "guest": 302, "county-clerk": 404, "marker": 403},
    "candidates:queued": ONE,
    "candidates:call": {"kwargs": queued, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
    "candidates:return-queued": {"kwargs": queued, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
    "candidates:put-back": {"kwargs": queued, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
}


def page(name: str, *args: str) -> str:
    return reverse(f"candidates:{name}", args=args)


def answer_everything(client: Client, at: datetime) -> Any:
    from tests.factories.agencies import a_county
    from tests.factories.candidates import PORTRAIT, an_applicant
    from tests.factories.programmes import SITTING, a_major, a_sitting

    a_county(at)
    a_major(at)
    a_sitting(at)
    person = an_applicant(at)
    begun = {"document_kind": "resident", "id_number": person.id_number, "phone": "13800000000"}
    assert client.post(page("online-begin"), begun)["Location"] == page("online-section", "person")
    told = {
        "person": {"name": person.name, "sex": person.sex, "born_on": person.born_on, "ethnic": "56"},
        "place": {"county_code": COUNTY, "sitting_code": SITTING},
        "major": {"major_code": person.major_code},
        "contact": {"phone": "13800000000", "address": ""},
        "portrait": {"portrait": SimpleUploadedFile("me.jpg", PORTRAIT, "image/jpeg")},
        "rules": {"accepted": "on"},
        "pledge": {"name": person.name},
    }
    names = [*told, ""]
    for number, (section, answers) in enumerate(told.items(), 1):
        assert client.get(page("online-section", section)).status_code == 200
        answer = client.post(page("online-section", section), answers)
        following = page("online-section", names[number]) if names[number] else page("online-check")
        assert (answer.status_code, answer.get("Location")) == (302, following), answer.content.decode()
    return person


def test_person_registers_on_a_phone_and_clerk_gives_the_number(
    client: Client, signed_in: Callable[..., Client], at: datetime
) -> None:
    from zikao.stages.candidates.models import Candidate, PreRegistration

    person = answer_everything(client, at)
    check = client.get(page("online-check"))
    assert person.id_number not in check.content.decode()
    assert check["Cache-Control"] == "private, no-store"
    assert client.get(page("online-portrait"))["Content-Type"] == "image/jpeg"
    code = PreRegistration.objects.get().code
    assert f"{code}" in client.post(page("online-check"), follow=True).content.decode()
    clerk = signed_in(Post.COUNTY_CLERK, COUNTY)
    desk = clerk.post(page("desk"), follow=True)
    assert person.name in desk.content.decode()
    here = desk.redirect_chain[-1][0]
    assert clerk.get(f"{here}portrait").status_code == 200
    wrong = clerk.post(here, {"number_tail": "123456", "fee_yuan": "10.00"})
    assert wrong.status_code == 422
    right = {"number_tail": person.id_number[-6:], "same_person": "on", "fee_yuan": "10.00"}
    done = clerk.post(here, right, follow=True).content.decode()
    assert Candidate.objects.get().admission_number in done
    assert "没有人在等" in done
    assert "已注册" in client.get(page("online-check")).content.decode()


def test_draft_is_kept_when_the_session_ends(client: Client, at: datetime) -> None:
    from tests.factories.candidates import an_applicant
    from tests.factories.queue import a_draft

    person = an_applicant(at)
    draft = a_draft(at, person)
    assert client.get(page("online-section", "person"))["Location"] == f"{page('online-resume')}?to=person"
    wrong = client.post(page("online-resume"), {"code": draft.code, "id_number": "329999199003070018"})
    assert "没有找到" in wrong.content.decode()
    back = client.post(page("online-resume"), {"code": draft.code, "id_number": person.id_number}, follow=True)
    assert "还要填" in back.content.decode()


def test_portrait_is_refused_with_reasons_at_once(client: Client, at: datetime) -> None:
    import cv2
    import numpy as np

    from tests.factories.candidates import an_applicant

    person = an_applicant(at)
    begun = {"document_kind": "resident", "id_number": person.id_number, "phone": "13800000000"}
    client.post(page("online-begin"), begun)
    noise = np.random.default_rng(1).integers(120, 255, (240, 180, 3), dtype=np.uint8)
    picture = cv2.imencode(".png", noise)[1].tobytes()
    answer = client.post(page("online-section", "portrait"), {"portrait": SimpleUploadedFile("me.png", picture)})
    assert answer.status_code == 422
    assert "没有找到人脸" in answer.content.decode()


@pytest.mark.parametrize(
    "number", ["", "329999199003070019", "3" * 5000, "<script>alert(1)</script>", "𠀀" * 18, "\x00" * 18]
)
def test_begin_survives_what_people_type(client: Client, number: str) -> None:
    answer = client.post(page("online-begin"), {"document_kind": "resident", "id_number": number, "phone": "1" * 40})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
