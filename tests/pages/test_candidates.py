"""The clerk's and the candidate's pages of candidates."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in
from tests.factories.actors import COUNTY
from tests.factories.candidates import PORTRAIT
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
STAFF = {"guest": 302, "candidate": 403, "county-clerk": 200, "marker": 403}


def somebody(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate

    return {"candidate_id": a_candidate(at).pk}


def the_sitting(at: datetime) -> dict[str, Any]:
    from tests.factories.programmes import a_sitting

    return {"sitting_code": a_sitting(at).code}


def the_place(at: datetime) -> dict[str, Any]:
    from tests.commands.test_candidates_places import a_place

    return {"place_id": a_place(at).pk}


def the_period(at: datetime) -> dict[str, Any]:
    from tests.commands.test_candidates_places import a_period

    return {"period_id": a_period(at).pk}


ONE = {
    "kwargs": somebody,
    "guest": 302,
    "county-clerk": 200,
    "county-clerk@320104": 404,
    "prefecture-clerk@3201": 200,
    "prefecture-clerk@3202": 404,
    "marker": 403,
}
OWN = {"guest": 302, "candidate": 404, "county-clerk": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "candidates:list": {**STAFF, "exam-affairs-head": 200},
    "candidates:register": {**STAFF, "exam-affairs-head": 403},
    "candidates:import": {**STAFF, "exam-affairs-head": 403},
    "candidates:import-sample": STAFF,
    "candidates:candidate": ONE,
    "candidates:portrait": ONE,
    "candidates:check-portrait": {"guest": 302, "county-clerk": 405, "marker": 403, "exam-affairs-head": 403},
    "candidates:card": ONE,
    "candidates:issue-card": {"kwargs": somebody, "guest": 302, "county-clerk": 200, "marker": 403},
    "candidates:places": STAFF,
    "candidates:place": {**ONE, "kwargs": the_place},
    "candidates:open-place": {**STAFF, "exam-affairs-head": 403},
    "candidates:close-place": {"kwargs": the_place, "guest": 302, "county-clerk": 200, "county-clerk@320104": 404},
    "candidates:take-on-place": {"kwargs": the_place, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
    "candidates:periods": STAFF,
    "candidates:period": {"kwargs": the_period, "guest": 302, "county-clerk": 200, "marker": 403},
    "candidates:set-period": {"guest": 302, "county-clerk": 403, "exam-affairs-head": 200, "province-clerk": 200},
    "candidates:where": {"guest": 200},
    "candidates:find": {**STAFF, "exam-affairs-head": 200},
    "candidates:reveal": {**ONE, "province-head": 403},
    "candidates:set-password": {"kwargs": somebody, "guest": 302, "county-clerk": 200, "exam-affairs-head": 403},
    "candidates:suspend": {"kwargs": somebody, "guest": 302, "county-clerk": 403, "exam-affairs-head": 200},
    "candidates:mine": OWN,
    "candidates:my-card": OWN,
    "candidates:my-portrait": OWN,
    "candidates:my-pledge": {"kwargs": the_sitting, "guest": 302, "candidate": 200, "county-clerk": 403},
}


@pytest.fixture
def clerk(signed_in: Callable[..., Client], at: datetime) -> Client:
    from tests.factories.agencies import a_county
    from tests.factories.programmes import a_major, a_sitting

    a_county(at)
    a_major(at)
    a_sitting(at)
    return signed_in(Post.COUNTY_CLERK, COUNTY)


def form_of(at: datetime, **more: Any) -> dict[str, Any]:
    from tests.factories.candidates import an_applicant

    person = an_applicant(at)
    assert person.portrait
    data = {
        "id_number": person.id_number,
        "name": person.name,
        "sex": person.sex,
        "born_on": person.born_on.isoformat(),
        "ethnic": "01",
        "portrait": SimpleUploadedFile("p.jpg", person.portrait, "image/jpeg"),
        "major_code": "050101",
        "county_code": COUNTY,
        "sitting_code": "2026-10",
        "fee_yuan": f"{person.fee_fen / 100:.2f}",
        "rules_accepted": "on",
        "same_person": "on",
        "idempotency_key": f"key-{person.id_number[-6:]}",
    }
    return {**data, **more}


def test_clerk_registers_and_sees_the_number(clerk: Client, at: datetime) -> None:
    answer = clerk.post(reverse("candidates:register"), form_of(at), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "010226200001" in page
    assert "报名注册，编排准考证号" in page
    assert form_of(at)["id_number"] not in page


def test_clerk_reads_at_once_what_is_wrong_with_a_picture(clerk: Client) -> None:
    def told(**sent: SimpleUploadedFile) -> tuple[int, str]:
        answer = clerk.post(reverse("candidates:check-portrait"), sent)
        return answer.status_code, answer.content.decode()

    assert told(portrait=SimpleUploadedFile("p.jpg", PORTRAIT)) == (
        200,
        '\n  <p class="checked good">照片合格。</p>\n\n',
    )
    status, page = told(portrait=SimpleUploadedFile("p.jpg", b"no picture"))
    assert (status, "合格" in page, "JPEG" in page) == (200, False, True)
    assert told()[0] == 422


def test_clerk_keeps_the_form_and_reads_why_when_a_digit_is_wrong(clerk: Client, at: datetime) -> None:
    answer = clerk.post(reverse("candidates:register"), form_of(at, id_number="329999199003070019", name="李梅"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "末位校验码不符" in page
    assert 'value="李梅"' in page


def test_clerk_reads_every_reason_when_the_law_refuses(clerk: Client, at: datetime) -> None:
    answer = clerk.post(reverse("candidates:register"), {**form_of(at, fee_yuan="1.00"), "rules_accepted": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "还没有阅读并接受《考场规则》" in page
    assert "已交报名费 1.00 元" in page
    assert "考务 附件1第一条" in page


def test_clerk_finds_a_candidate_by_the_whole_id_number(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate, an_applicant

    wanted = an_applicant(at)
    a_candidate(at, applicant=wanted)
    a_candidate(at)
    found = clerk.post(reverse("candidates:find"), {"id_number": wanted.id_number.lower()})
    assert "010226200001" in clerk.get(found["Location"]).content.decode()
    assert wanted.id_number not in found["Location"]
    assert clerk.post(reverse("candidates:find"), {"id_number": "1"}).status_code == 422
    assert "id_number" not in clerk.get(reverse("candidates:list")).content.decode()


def test_clerk_prints_the_card_with_number_and_portrait(clerk: Client, at: datetime) -> None:
    import pymupdf

    answer = clerk.get(reverse("candidates:card", kwargs=somebody(at)))
    assert answer["Content-Type"] == "application/pdf"
    page = pymupdf.open(stream=answer.content)[0]
    assert "010226200001" in page.get_text()
    assert "准考证" in page.get_text()
    assert len(page.get_images()) >= 3


def test_clerk_sees_the_id_number_once_after_giving_a_reason(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate, an_applicant

    person = an_applicant(at)
    url = reverse("candidates:reveal", args=[a_candidate(at, applicant=person).pk])
    refused = clerk.post(url, {"field": "candidates.id_number", "reason_code": "identity", "reason": "看"})
    assert refused.status_code == 422
    assert person.id_number not in refused.content.decode()
    why = {"field": "candidates.id_number", "reason_code": "identity", "reason": "核对身份证原件"}
    shown = clerk.post(url, why)
    assert shown["Refresh"].startswith("60;")
    assert person.id_number in shown.content.decode()
    assert person.id_number not in clerk.get(url).content.decode()


def test_card_is_issued_from_the_candidates_page(clerk: Client, at: datetime) -> None:
    here = somebody(at)
    page = clerk.get(reverse("candidates:candidate", kwargs=here)).content.decode()
    assert reverse("candidates:issue-card", kwargs=here) in page
    clerk.post(reverse("candidates:issue-card", kwargs=here))
    page = clerk.get(reverse("candidates:candidate", kwargs=here)).content.decode()
    assert reverse("candidates:issue-card", kwargs=here) not in page
    assert "考生的状态是“已领准考证”" in page


def a_zip(**files: bytes) -> SimpleUploadedFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"photos/{name}.jpg", content)
    return SimpleUploadedFile("photos.zip", packed.getvalue())


def csv_of(at: datetime, *changes: dict[str, str]) -> tuple[SimpleUploadedFile, SimpleUploadedFile]:
    from tests.factories.candidates import PORTRAIT, an_applicant
    from zikao.stages.candidates.forms.rows import HEADS

    lines = [",".join(HEADS)]
    for change in changes:
        person = an_applicant(at)
        cells = {
            "姓名": person.name,
            "性别": "女",
            "出生日期": person.born_on.isoformat(),
            "身份证件号码": person.id_number,
            "专业代码": "050101",
            "县区代码": COUNTY,
            "已交报名费": f"{person.fee_fen / 100:.2f}",
            "照片文件": "a.jpg",
            **change,
        }
        lines.append(",".join(cells.get(head, "") for head in HEADS))
    return SimpleUploadedFile("rows.csv", "\r\n".join(lines).encode("gb18030")), a_zip(a=PORTRAIT)


def test_clerk_imports_a_file_whole(clerk: Client, at: datetime) -> None:
    rows, portraits = csv_of(at, {}, {}, {})
    data = {"rows": rows, "portraits": portraits, "sitting_code": "2026-10"}
    page = clerk.post(reverse("candidates:import"), data, follow=True).content.decode()
    assert "已注册 3 名考生" in page
    assert "010226200003" in page


BAD_CELLS = [
    ("出生日期", "1990-02-30", "存在的日期"),
    ("性别", "女性", "请填"),
    ("身份证件号码", "329999199003070019", "校验码"),
    ("县区代码", "320199", "320199"),
    ("已交报名费", "十元", "金额"),
    ("照片文件", "b.jpg", "b.jpg"),
    ("姓名", "", "没有填写"),
    ("民族代码", "汉族", "01 至 56"),
    ("联系电话", "138-0000", "7 至 12 位数字"),
]


def test_clerk_reads_line_column_and_reason_and_nothing_is_imported(clerk: Client, at: datetime) -> None:
    from zikao.stages.candidates.models import Candidate

    for column, cell, reason in BAD_CELLS:
        rows, portraits = csv_of(at, {}, {column: cell})
        data = {"rows": rows, "portraits": portraits, "sitting_code": "2026-10"}
        answer = clerk.post(reverse("candidates:import"), data)
        page = answer.content.decode()
        assert answer.status_code == 422, column
        assert '<td class="number">3</td>' in page, column
        assert f"<td>{column}</td>" in page
        assert reason in page, column
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00\x01\x80", "姓名,性别\r\n王芳,女".encode(), b'"unclosed\r\n' * 3]
)
def test_file_that_is_no_list_is_refused_in_words(clerk: Client, content: bytes) -> None:
    data = {"rows": SimpleUploadedFile("rows.csv", content), "sitting_code": "2026-10"}
    answer = clerk.post(reverse("candidates:import"), data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    clerk: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zikao.stages.candidates.forms import rows as room
    from zikao.stages.candidates.models import Candidate

    def posted(files: int) -> str:
        rows, _ = csv_of(at, {"照片文件": "p0.jpg"})
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(files):
                archive.writestr(f"p{number}.jpg", bytes(room.MEBIBYTE))
        data = {"rows": rows, "portraits": SimpleUploadedFile("p.zip", packed.getvalue()), "sitting_code": "2026-10"}
        return clerk.post(reverse("candidates:import"), data).content.decode()

    monkeypatch.setattr(room, "LARGEST_ARCHIVE", 2 * room.MEBIBYTE)
    assert "照片包解开后有 3 兆字节，一次最多 2 兆字节" in posted(3)
    assert "照片包解开后有" not in posted(2)
    monkeypatch.setattr(room, "MOST_ROWS", 1)
    assert "照片包里有 2 个文件，一次最多 1 个" in posted(2)
    assert not Candidate.objects.exists()


def as_own(at: datetime) -> tuple[Client, Any]:
    from tests.factories.candidates import a_candidate
    from zikao.foundation.access.models import Account

    person = a_candidate(at)
    client = Client()
    account = Account.objects.get(candidate_id=person.pk)
    sign_in(client, account)
    return client, person


def test_candidate_sees_their_card_and_downloads_it(at: datetime) -> None:
    client, person = as_own(at)
    page = client.get(reverse("candidates:mine")).content.decode()
    assert person.admission_number in page
    assert "********" in page
    assert client.get(reverse("candidates:my-card"))["Content-Type"] == "application/pdf"
    assert client.get(reverse("candidates:my-portrait"))["Content-Type"] == "image/jpeg"


def test_candidate_signs_the_pledge_after_ticking_it(at: datetime) -> None:
    from tests.factories.programmes import a_published_timetable

    a_published_timetable(at)
    client, person = as_own(at)
    url = reverse("candidates:my-pledge", args=["2026-10"])
    assert url in client.get(reverse("portals:candidate-home")).content.decode()
    assert client.post(url, {}).status_code == 422
    assert not person.pledges.exists()
    client.post(url, {"agreed": "on"})
    assert person.pledges.get().sitting.code == "2026-10"
    assert url not in client.get(reverse("portals:candidate-home")).content.decode()


def test_suspended_candidate_reads_until_when(at: datetime) -> None:
    from tests.factories.candidates import a_suspended_candidate
    from zikao.foundation.access.models import Account

    person = a_suspended_candidate(at, date(2027, 8, 20))
    client = Client()
    sign_in(client, Account.objects.get(candidate_id=person.pk))
    assert "停考期至 2027年8月20日" in client.get(reverse("candidates:mine")).content.decode()


def test_clerk_sets_a_password_that_lets_the_candidate_in(clerk: Client, at: datetime) -> None:
    here = somebody(at)
    url = reverse("candidates:set-password", kwargs=here)
    assert clerk.post(url, {"candidate_password": "123"}).status_code == 422
    assert clerk.post(url, {"candidate_password": "qiu-shi-zi-kao-7"}).status_code == 302
    from zikao.foundation.access.models import Account

    assert Account.objects.get(**here).check_password("qiu-shi-zi-kao-7")


def test_card_prints_rare_characters_and_says_so_where_no_font_has_one(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate

    printed = a_candidate(at, name="买买提·艾力𠅤")
    assert clerk.get(reverse("candidates:card", args=[printed.pk])).content.startswith(b"%PDF")
    unprinted = a_candidate(at, name="王𠀀")
    answer = clerk.get(reverse("candidates:card", args=[unprinted.pk]))
    assert answer.status_code == 409
    assert "“𠀀”，本节点的字体里没有" in answer.content.decode()
