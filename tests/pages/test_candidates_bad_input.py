"""Every field of the counter's form and of the pre-registration, given what people and attackers type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import sign_in
from tests.factories.actors import COUNTY
from tests.pages.test_candidates import form_of, somebody
from tests.pages.test_candidates_queue import answer_everything, page
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db
CLERKS = {"guest": 302, "county-clerk": 200, "marker": 403}
ONE = {"kwargs": somebody, **CLERKS, "county-clerk@320104": 404}
ROUTES: dict[str, dict[str, Any]] = {
    "candidates:reissue-card": ONE,
    "candidates:change-contact": ONE,
    "candidates:change-major": ONE,
    "candidates:paper-pledge": ONE,
    "candidates:record-integrity": {"kwargs": somebody, "guest": 302, "county-clerk": 403, "exam-affairs-head": 200},
    "candidates:pledge-chosen": {**CLERKS, "county-clerk": 422},
    "candidates:suspend-number": {"guest": 302, "county-clerk": 403, "exam-affairs-head": 200},
    "candidates:my-contact": {"guest": 302, "candidate": 200, "county-clerk": 403},
}
HUGE = "长" * 100_000
COUNTER = [
    ("id_number", "", "请填写身份证件号码"),
    ("id_number", HUGE, "最多"),
    ("id_number", "３２９９９９１９９００３０７００１８", "应为18位"),
    ("id_number", "' OR 1=1 --", "应为18位"),
    ("id_number", "329999199003070018\u202c", "U+202C"),
    ("document_kind", "library-card", "请从列表中选择"),
    ("name", "", "请填写姓名"),
    ("name", "<script>alert(1)</script>", "姓名中有“&lt;”"),
    ("name", "王\u200b芳", "U+200B"),
    ("name", "王\u202e芳", "U+202E"),
    ("name", "王\x00芳", "空字符"),
    ("name", "王\ue000", "自造字"),
    ("name", "王 芳", "空格的位置不当"),
    ("name", "王" * 55, "应为2至 50 个字"),
    ("sex", "9", "请从列表中选择"),
    ("born_on", "1990-02-30", "存在的日期"),
    ("born_on", "", "请填写出生日期"),
    ("born_on", "9999-12-31", "晚于办理日期"),
    ("ethnic", "99", "请从列表中选择"),
    ("phone", "138 0000 0000", "7 至 12 位数字"),
    ("phone", "1" * 500, "7 至 12 位数字"),
    ("address", HUGE, "最多"),
    ("address", "路\u202e", "看不见的字符"),
    ("portrait", None, "请上传照片"),
    ("portrait", b"", "文件是空的"),
    ("portrait", b"<svg onload=alert(1)>", "不是能读取的照片"),
    ("portrait", b"\xff\xd8\xff\xe0" + b"\x00" * 40, "不是能读取的照片"),
    ("major_code", "999999", "请从列表中选择"),
    ("county_code", "320104", "请从列表中选择"),
    ("sitting_code", "2099-10", "请从列表中选择"),
    ("fee_yuan", "-1", "不能小于 0"),
    ("fee_yuan", "NaN", "数字"),
    ("fee_yuan", "1e30", "数字太"),
    ("fee_yuan", "10.001", "小数点后最多 2 位"),
    ("candidate_password", "123", "密码"),
    ("same_person", "", "请核对证件原件"),
]


@pytest.fixture
def clerk(signed_in: Callable[..., Client], at: datetime) -> Client:
    from tests.factories.agencies import a_county
    from tests.factories.programmes import a_major, a_sitting

    a_county(at)
    a_major(at)
    a_sitting(at)
    return signed_in(Post.COUNTY_CLERK, COUNTY)


def test_clerk_is_told_beside_the_field_what_is_wrong_and_keeps_the_rest(clerk: Client, at: datetime) -> None:
    from zikao.stages.candidates.models import Candidate

    wrong = []
    for field, value, told in COUNTER:
        sent: Any = SimpleUploadedFile("p.jpg", value) if isinstance(value, bytes) else value
        form = form_of(at, **{"phone": "13800000000", "address": "中山路㐀𠀀号", field: sent})
        answer = clerk.post(
            reverse("candidates:register"), {name: each for name, each in form.items() if each is not None}
        )
        html = answer.content.decode()
        kept = field == "address" or 'value="中山路㐀𠀀号"' in html
        if answer.status_code != 422 or told not in html or not kept or "<script>alert" in html:
            wrong.append((field, str(value)[:20], told, answer.status_code, kept))
    assert wrong == []
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("name", ["王𠮷", "李㛃", "李〇一", "王\U0002ebf0", "王\U00031350", "买买提·艾力"])
def test_rare_characters_are_registered_and_shown_as_they_are(clerk: Client, at: datetime, name: str) -> None:
    answer = clerk.post(reverse("candidates:register"), form_of(at, name=f" {name} "), follow=True)
    assert answer.status_code == 200
    assert f"{name}　010226200001" in answer.content.decode()


ONLINE = [
    ("person", "name", "王\u200b芳", "看不见的字符"),
    ("person", "name", "王\ue000芳", "自造字"),
    ("person", "name", HUGE, "最多"),
    ("person", "sex", "3", "请从列表中选择"),
    ("person", "born_on", "昨天", "存在的日期"),
    ("person", "ethnic", "00", "请从列表中选择"),
    ("place", "county_code", "", "请选择"),
    ("place", "county_code", "1=1", "请从列表中选择"),
    ("place", "sitting_code", "1999-10", "请从列表中选择"),
    ("major", "major_code", "\x00", "请从列表中选择"),
    ("contact", "phone", "１３８００００００００", "11 位手机号码"),
    ("contact", "phone", "13800000000'", "11 位手机号码"),
    ("contact", "address", "路" * 201, "最多"),
    ("contact", "candidate_password", "12345", "密码"),
    ("portrait", "portrait", b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, "不是能读取的照片"),
    ("rules", "accepted", "", "请先阅读"),
    ("pledge", "name", "别人", "与前面填写的一致"),
]


def test_person_is_told_beside_the_field_what_is_wrong_and_the_draft_stands(client: Client, at: datetime) -> None:
    from zikao.stages.candidates.models import PreRegistration
    from zikao.stages.candidates.queries.queue import answers_of

    person = answer_everything(client, at)
    told_before = answers_of(PreRegistration.objects.get())
    right = {"name": person.name, "sex": "2", "born_on": person.born_on.isoformat(), "ethnic": "01",
             "county_code": COUNTY, "sitting_code": "2026-10", "phone": "13800000000"}  # fmt: skip
    wrong = []
    for section, field, value, told in ONLINE:
        sent: Any = SimpleUploadedFile("p.jpg", value) if isinstance(value, bytes) else value
        answer = client.post(page("online-section", section), {**right, field: sent})
        if answer.status_code != 422 or told not in answer.content.decode():
            wrong.append((section, field, told, answer.status_code))
    assert wrong == []
    assert answers_of(PreRegistration.objects.get()) == told_before


def test_two_tabs_with_two_people_never_mix_their_answers(client: Client, at: datetime) -> None:
    """A family fills in on one phone: what the first tab sends does not go into the second tab's draft."""
    from tests.factories.candidates import an_applicant
    from zikao.stages.candidates.models import PreRegistration
    from zikao.stages.candidates.queries.queue import answers_of

    answer_everything(client, at)
    first = PreRegistration.objects.get()
    assert f'value="{first.code}"' in client.get(page("online-section", "contact")).content.decode()
    begun = {"document_kind": "resident", "id_number": an_applicant(at).id_number, "phone": "13811111111"}
    client.post(page("online-begin"), begun)
    second = PreRegistration.objects.exclude(pk=first.pk).get()
    contact = {"code": first.code, "phone": "13899999999", "address": "甲"}
    answer = client.post(page("online-section", "contact"), contact)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert first.code in html
    assert "13899999999" in html  # what was typed still stands in the form
    assert answers_of(PreRegistration.objects.get(pk=second.pk))["phone"] == "13811111111"
    assert client.post(page("online-check"), {"code": first.code}).status_code == 409
    assert client.post(page("online-withdraw"), {"code": first.code}).status_code == 409
    assert client.post(page("online-section", "contact"), {**contact, "code": second.code}).status_code == 302
    assert {each.state for each in PreRegistration.objects.all()} == {"draft"}


def test_session_that_ends_in_the_middle_leads_back_to_the_same_page(client: Client, at: datetime) -> None:
    from tests.factories.candidates import an_applicant
    from tests.factories.queue import a_draft

    person = an_applicant(at)
    draft = a_draft(at, person)
    asked = client.post(page("online-section", "person"), {"name": person.name, "code": draft.code})["Location"]
    assert asked == f"{page('online-resume')}?to=person"
    assert "刚填的还在" in client.get(asked).content.decode()
    back = client.post(asked, {"code": draft.code, "id_number": person.id_number})
    assert back["Location"] == page("online-section", "person")
    html = client.get(back["Location"]).content.decode()
    assert f'data-draft="{draft.code}"' in html  # the browser brings back what was typed into this one
    strange = f"{page('online-resume')}?to=//evil.example/"
    again = client.post(strange, {"code": draft.code, "id_number": person.id_number})
    assert again["Location"] == page("online-check")


def test_clerk_does_the_later_acts_from_the_candidates_page(clerk: Client, at: datetime) -> None:
    from zikao.stages.candidates.models import Candidate, Pledge

    here = somebody(at)
    clerk.post(reverse("candidates:issue-card", kwargs=here))
    html = clerk.get(reverse("candidates:candidate", kwargs=here)).content.decode()
    for name, data in {
        "reissue-card": {"why": "lost"},
        "change-contact": {"phone": "13912345678"},
        "paper-pledge": {"sitting_code": "2026-10"},
    }.items():
        url = reverse(f"candidates:{name}", kwargs=here)
        assert url in html
        assert clerk.post(url, data)["Location"] == reverse("candidates:candidate", kwargs=here)
    assert Pledge.objects.get().candidate_id == here["candidate_id"]
    html = clerk.get(reverse("candidates:candidate", kwargs=here)).content.decode()
    assert "补发准考证" in html
    assert "139****5678" in html
    chosen = f"{reverse('candidates:pledge-chosen')}?pick={here['candidate_id']}"
    assert Candidate.objects.get().name in clerk.get(chosen).content.decode()
    assert reverse("candidates:pledge-chosen") in clerk.get(reverse("candidates:list")).content.decode()


def test_list_shows_who_is_registered_in_another_province(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from zikao.stages.candidates.models import Candidate

    here, both = a_candidate(at), a_candidate(at)
    Candidate.objects.filter(pk=both.pk).update(elsewhere="33")
    html = clerk.get(reverse("candidates:list"), {"elsewhere": "yes"}).content.decode()
    assert both.admission_number in html
    assert here.admission_number not in html


def test_candidate_changes_their_phone_and_sees_it_masked(at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from zikao.foundation.access.models import Account

    person = a_candidate(at)
    client = sign_in(Client(), Account.objects.get(candidate_id=person.pk))
    assert client.post(reverse("candidates:my-contact"), {"phone": "1391234"}).status_code == 422
    done = client.post(reverse("candidates:my-contact"), {"phone": "13912345678"}, follow=True).content.decode()
    assert "139****5678" in done
    assert "13912345678" not in done


def test_public_reads_rules_and_decree_on_one_page(client: Client) -> None:
    html = client.get(reverse("public:rules")).content.decode()
    assert "教育部令第33号" in html
    assert "违规会怎样" in html


@pytest.mark.parametrize(("door", "mebibytes"), [("candidates:online-begin", 16), ("portals:staff-sign-in", 16)])
def test_more_than_anybody_has_to_send_is_refused_unread(client: Client, door: str, mebibytes: int) -> None:
    """A stranger cannot fill memory or disk: the length is looked at before anything is read."""
    length = str(mebibytes * 1024 * 1024 + 1)
    answer = client.generic("POST", reverse(door), b"a=b", "application/x-www-form-urlencoded", CONTENT_LENGTH=length)
    assert answer.status_code == 413
    assert f"超过 {mebibytes} 兆字节" in answer.content.decode()
