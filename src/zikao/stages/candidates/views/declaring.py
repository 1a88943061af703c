"""Tutoring institutions and relatives, declared by candidates or at the counter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import (
    Link,
    Listing,
    Looked,
    action,
    candidate_page,
    list_page,
    sample_file,
    staff_page,
)
from zikao.stages.agencies.models import TutoringInstitution
from zikao.stages.candidates import commands, policies, queries
from zikao.stages.candidates.forms.changes import RelativeForm, TutoredForm, TutoringForm, institution_choices
from zikao.stages.candidates.forms.tutored import TUTORED_SAMPLES, read_tutored
from zikao.stages.candidates.models import RELATIVE
from zikao.stages.candidates.views.own import own
from zikao.stages.candidates.views.staff import whom


@candidate_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I declared."""
    person = own(actor)
    relatives = [(RELATIVE.text(each), each.relation, each.unit) for each in person.declared_relatives.all()]
    return render(request, "candidates/declared.html", {"person": person, "relatives": relatives})


def _mine(actor: Actor) -> dict[str, Any]:
    return {"candidate_id": actor.candidate_id or 0}


tutoring = action(
    commands.declare_tutoring, TutoringForm, title="登记助学机构", clause="EA-24.3", button="登记",
    what="登记考生参加哪个助学机构；该机构的场地作考点时，不成建制地安排本机构的考生。", done="已登记。",
    back="candidates:candidate", about=whom, posts=policies.REGISTRARS,
)  # fmt: skip
relative = action(
    commands.declare_relative, RelativeForm, title="登记考生的亲属", clause="EA-9", button="登记",
    what="考生申报在考试工作人员中的亲属，安排考务时回避。", done="已登记。", back="candidates:candidate", about=whom,
    posts=policies.REGISTRARS,
)  # fmt: skip


@staff_page(posts=policies.REGISTRARS)
def tutored(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An institution's list of whom it tutors: looked at; after the confirmation, taken."""
    listing = Listing(
        name="tutored",
        title="登记助学机构考生名单",
        what="按助学机构报来的名单登记，其场地作考点时不成建制地安排这些考生。先逐行核对，再确认；有一行不对，全部不登记。",
        hint="“姓名”可以不填；填了的，与考生姓名核对，可以查出抄错的号码。样例：",
        undone="全部没有登记",
        clause="EA-24.3",
        back=Link("考生", reverse("candidates:list")),
        look=partial(_look_at_tutored, actor),
        write=partial(_list_tutored, actor),
        samples={each.upper(): reverse("candidates:tutored-sample", args=[each]) for each in TUTORED_SAMPLES},
        form=TutoredForm,
    )
    return list_page(request, actor, listing)


@staff_page(posts=policies.REGISTRARS)
def tutored_sample(request: HttpRequest, actor: Actor, ending: str) -> HttpResponse:
    """The sample of an institution's list, as CSV or XLSX."""
    return sample_file(TUTORED_SAMPLES, "tutored", ending)


def _look_at_tutored(actor: Actor, data: bytes, answers: Mapping[str, Any]) -> Looked:
    listed, faults = read_tutored(data)
    found, missing = queries.tutored_found(listed, actor)
    code = answers["institution_code"]
    institutions = dict(institution_choices())
    other = set(TutoringInstitution.objects.exclude(code=code).values_list("pk", flat=True))
    moved = sum(each.tutoring_institution_id in other for each in found)
    counts = [("助学机构", institutions[code]), ("可以登记", f"{len(found)} 人")]
    if moved:
        counts.append(("其中原登记在其他机构", f"{moved} 人，改为本机构"))
    faults = [*faults, *missing]
    given = None if faults else {"code": code, "numbers": [each.admission_number for each in found]}
    return Looked(counts, faults, given, f"登记这 {len(found)} 人")


def _list_tutored(actor: Actor, given: dict[str, Any], key: str) -> tuple[Any, str]:
    done = commands.list_tutored(
        institution_code=given["code"], admission_numbers=given["numbers"], key=key, by=actor, at=clock.now()
    )
    return done, f"已登记 {len(given['numbers'])} 人。"


my_tutoring = action(
    commands.declare_tutoring, TutoringForm, title="我的助学机构", clause="EA-24.3", button="保存", door="candidate",
    what="您参加的助学机构如果借作考点，考场不会整批安排它的考生。", done="已保存。", back="candidates:my-declared",
    given=_mine,
)  # fmt: skip
my_relative = action(
    commands.declare_relative, RelativeForm, title="申报亲属", clause="EA-9", button="申报", door="candidate",
    what="您的亲属如果是考试工作人员，请申报，他们不会被安排到您的考场。", done="已申报。", given=_mine,
    back="candidates:my-declared",
)  # fmt: skip
