"""Pages of exports: the form from a list, the register, one export, a copy collected, a page traced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.pages.test_results import text
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


def an_export_kwargs(at: datetime) -> dict[str, Any]:
    from tests.factories.candidates import a_candidate
    from tests.factories.exports import an_export

    a_candidate(at)
    return {"export_id": an_export(at).pk}


STAFF = {"guest": 302, "candidate": 403}
ROUTES: dict[str, dict[str, Any]] = {
    "exports:mine": {**STAFF, "records-clerk": 200, "marker": 200},
    "exports:register": {**STAFF, "province-head": 200, "auditor@32": 200, "records-clerk": 403, "county-clerk": 403},
    "exports:ask": {**STAFF, "records-clerk": 404, "marker": 404},
    "exports:trace": {**STAFF, "province-head": 200, "auditor@32": 200, "records-clerk": 403},
    "exports:export": {
        "kwargs": an_export_kwargs, **STAFF, "province-head": 200, "auditor@32": 200, "province-head@33": 404,
        "county-clerk": 404, "marker": 404,
    },
    "exports:letter": {"kwargs": an_export_kwargs, **STAFF, "province-head": 404, "county-clerk": 404},
    "exports:collect": {
        "kwargs": lambda at: {**an_export_kwargs(at), "copy_number": 1}, "method": "post", **STAFF,
        "province-head": 404, "county-clerk": 404,
    },
}  # fmt: skip


@pytest.fixture
def clerk(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Post.RECORDS_CLERK)


def ask_url(**params: str) -> str:
    from urllib.parse import urlencode

    return f"{reverse('exports:ask')}?{urlencode({'list': 'candidates.list', **params})}"


def answers(**changes: Any) -> dict[str, Any]:
    return {
        "columns": ["admission_number", "name", "major"], "purpose": "核对十月考试报名人数，供处内会议使用",
        "recipient": "own", "form": "pdf", "copies": "1", "idempotency_key": "k1", **changes,
    }  # fmt: skip


def test_clerk_goes_from_the_list_to_the_form_with_the_present_filter(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate

    people = [a_candidate(at), a_candidate(at)]
    page = text(clerk.get(reverse("candidates:list"), {"number": people[0].admission_number}))
    assert f"number={people[0].admission_number}" in page
    form = text(clerk.get(ask_url(number=people[0].admission_number)))
    assert f"准考证号：{people[0].admission_number}" in form
    assert "导出考生名册" in form
    assert "用途" in form


def test_clerk_exports_a_pdf_with_purpose_and_collects_it_once(clerk: Client, at: datetime) -> None:
    import pymupdf

    from tests.factories.candidates import a_candidate
    from tests.factories.exports import made
    from zikao.foundation.exports.models import Export

    person = a_candidate(at)
    page = text(clerk.post(ask_url(), answers(), follow=True))
    assert "苏考出〔2026〕0001" in page
    assert "已登记，正在生成文件。" in page
    again = text(clerk.post(ask_url(), answers(), follow=True))
    assert "苏考出〔2026〕0001" in again
    export = made(Export.objects.get())
    page = text(clerk.get(reverse("exports:export", args=[export.pk])))
    assert "领取第 1 份" in page
    collect = reverse("exports:collect", args=[export.pk, 1])
    assert clerk.get(collect).status_code == 405
    answer = clerk.post(collect)
    printed = pymupdf.open(stream=answer.content)[0].get_text()
    assert "考生名册" in printed
    assert "苏考出〔2026〕0001" in printed
    assert person.name not in printed
    assert "已经领取过" in text(clerk.post(collect))


def test_form_says_what_is_missing_and_keeps_the_answers(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate

    a_candidate(at)
    page = clerk.post(ask_url(), answers(purpose="短"))
    assert page.status_code == 422
    assert "请写明用途（不少于 8 个字）" in text(page)
    page = text(clerk.post(ask_url(), answers(recipient="outside", recipient_name="某公司")))
    assert "须经教育部或者省级教育行政部门同意" in page
    assert "怎么办" in page


def test_a_list_of_nothing_known_is_not_found(clerk: Client) -> None:
    assert clerk.get(f"{reverse('exports:ask')}?list=../../etc/passwd").status_code == 404
    assert clerk.get(f"{reverse('exports:ask')}?list=results.candidate&candidate_id=abc").status_code in {404, 422}


def test_auditor_reads_whose_copy_a_page_is(at: datetime, signed_in: Callable[..., Client]) -> None:
    import pymupdf

    from tests.factories.candidates import a_candidate
    from tests.factories.exports import an_export, made
    from zikao.foundation import storage

    for _ in range(3):
        a_candidate(at)
    export = made(an_export(at, form="pdf", copies=2))
    content = storage.get(export.copies.get(number=2).digest)
    page = pymupdf.open(stream=content)[0]
    picture = page.get_pixmap(dpi=150, clip=pymupdf.Rect(60, 300, 210, 450)).tobytes("png")
    auditor = signed_in(Post.AUDITOR, "32")
    url = reverse("exports:trace")
    upload = SimpleUploadedFile("found.png", picture, "image/png")
    found = text(auditor.post(url, {"found": upload, "found_where": "某网站帖子"}))
    assert "苏考出〔2026〕0001" in found
    assert "第 2 份，共 2 份" in found
    whole = SimpleUploadedFile("list.pdf", content, "application/pdf")
    assert "第 2 份，共 2 份" in text(auditor.post(url, {"found": whole, "found_where": "某网站帖子"}))
    other = SimpleUploadedFile("other.png", b"\x89PNG nothing", "image/png")
    assert "没有找到这个文件" in text(auditor.post(url, {"found": other, "found_where": "某网站帖子"}))


def test_clerk_acts_on_the_rows_that_are_ticked(clerk: Client, at: datetime) -> None:
    from tests.factories.candidates import a_candidate
    from tests.factories.results import taken_over

    people = [a_candidate(at) for _ in range(3)]
    for person in people:
        taken_over(at, person, "00037")
    page = text(clerk.get(reverse("records:waiting")))
    assert page.count('name="pick"') == 3
    url = reverse("records:open-chosen")
    chosen = [people[0].pk, people[2].pk]
    shown = text(clerk.get(url, {"pick": chosen}))
    assert people[0].name in shown
    assert people[1].name not in shown
    assert "建档（2 项）" in shown
    assert "已为 2 名考生建立考籍档案" in text(clerk.post(url, {"pick": chosen}, follow=True))
    assert "没有选中任何一行" in text(clerk.get(url))
    assert clerk.get(url, {"pick": [999_999]}).status_code == 404
