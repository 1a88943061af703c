"""Whom an institution tutors and whom a teacher teaches, from files: every wrong row named, then taken whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.lists import confirmed, faults, uploaded
from zikao.foundation.actors import Post

pytestmark = pytest.mark.django_db


def test_clerk_takes_an_institutions_list_after_every_wrong_row_is_named(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.candidates import a_candidate, candidates
    from zikao.stages.agencies.models import TutoringInstitution
    from zikao.stages.candidates.models import Candidate

    old, new = (
        TutoringInstitution.objects.create(code=code, name=name, agency_code="3201")
        for code, name in (("T01", "金陵助学站"), ("T02", "钟山助学站"))
    )
    one, two = candidates(at, 2)
    Candidate.objects.filter(pk=one.pk).update(tutoring_institution=old)
    theirs, heads = a_candidate(at, "320104"), ("准考证号", "姓名")
    clerk, url = signed_in(Post.COUNTY_CLERK, "320102"), reverse("candidates:tutored")
    good = [(one.admission_number, one.name), (two.admission_number, "")]
    bad = uploaded(
        clerk, url, heads, *good, (one.admission_number, ""), (theirs.admission_number, ""), ("12", ""),
        institution_code="T02",
    )  # fmt: skip
    assert [(line, column) for line, column, _ in faults(bad)] == [(4, "准考证号"), (5, "准考证号"), (6, "准考证号")]
    wrong = uploaded(clerk, url, heads, (one.admission_number, two.name + "甲"), institution_code="T02")
    assert [(line, column) for line, column, _ in faults(wrong)] == [(2, "姓名")]
    assert "looked_at" not in bad.content.decode()
    page = uploaded(clerk, url, heads, *good, institution_code="T02", kind="xlsx")
    assert "1 人，改为本机构" in page.content.decode()
    assert "已登记 2 人" in confirmed(clerk, url, page).content.decode()
    assert Candidate.objects.filter(tutoring_institution=new).count() == 2


def test_clerk_takes_a_teachers_pupils_once_and_no_page_shows_their_numbers(
    signed_in: Callable[..., Client], at: datetime
) -> None:
    from tests.factories.personnel import a_person, an_id_number
    from zikao.stages.personnel.models import ID_NUMBER, KIN_NUMBER, Kin

    teacher = a_person(at, "320102")
    numbers, heads = [an_id_number() for _ in range(3)], ("姓名", "身份证号")
    clerk, url = signed_in(Post.COUNTY_CLERK, "320102"), reverse("personnel:declare-pupils", args=[teacher.pk])
    bad = uploaded(
        clerk, url, heads, ("学生甲", numbers[0]), ("学生乙", numbers[0]), ("学生丙", "1"),
        ("学生丁", ID_NUMBER.text(teacher)), ("", numbers[1]),
    )  # fmt: skip
    named = [(line, column) for line, column, _ in faults(bad)]
    assert named == [(3, "身份证号"), (4, "身份证号"), (5, "身份证号"), (6, "姓名")]
    page = uploaded(clerk, url, heads, *((f"学生{n}", number) for n, number in enumerate(numbers)))
    done = confirmed(clerk, url, page)
    for text in (page.content.decode(), done.content.decode()):
        assert not any(number in text for number in numbers)
    assert "已登记 3 名学生" in done.content.decode()
    assert "没有重复办理" in confirmed(clerk, url, page).content.decode()
    assert "所教学生 3 人" in done.content.decode()
    assert sorted(map(KIN_NUMBER.text, Kin.objects.filter(person=teacher, relation="pupil"))) == sorted(numbers)
    again = uploaded(clerk, url, heads, ("学生甲", numbers[0]))
    assert "1 人，不再重复登记" in again.content.decode()
    assert "looked_at" not in again.content.decode()
