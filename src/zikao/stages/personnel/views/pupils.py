"""A list of somebody's pupils: looked at row by row, then taken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Link, Listing, Looked, list_page, sample_file, staff_page, tell
from zikao.foundation.pages.acting import REPEATED
from zikao.stages.personnel import commands, policies, queries
from zikao.stages.personnel.forms.pupils import PUPIL_SAMPLES, read_pupils
from zikao.stages.personnel.models import Person
from zikao.stages.personnel.states import PupilRow

tell(**{"personnel.pupils-declared": "登记所教学生名单"})


@staff_page(posts=policies.DECLARATION_TAKERS)
def declare_pupils(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """The pupils of a member of staff, from a file."""
    person = queries.person_of(actor, person_id)
    listing = Listing(
        name="pupils",
        title="登记所教学生名单",
        what="任课教师、班主任的学生名单，登记一次，以后每个考次抽签和安排监考时避开他们所在的考场。先逐行核对，再确认；"
        "有一行不对，全部不登记。",
        hint="身份证号加密保存，只用于比对，页面上不显示。样例：",
        undone="全部没有登记",
        clause="EA-25.4",
        kicker=str(person),
        back=Link("返回", reverse("personnel:person", args=[person.pk])),
        look=partial(_look, person),
        write=partial(_write, person, actor),
        samples={each.upper(): reverse("personnel:pupils-sample", args=[each]) for each in PUPIL_SAMPLES},
    )
    return list_page(request, actor, listing)


@staff_page(posts=policies.DECLARATION_TAKERS)
def sample(request: HttpRequest, actor: Actor, ending: str) -> HttpResponse:
    """The sample of a list of pupils, as CSV or XLSX."""
    return sample_file(PUPIL_SAMPLES, "pupils", ending)


def _look(person: Person, data: bytes, answers: Mapping[str, Any]) -> Looked:
    pupils, faults = read_pupils(data)
    faults = [*faults, *queries.pupil_faults(person, pupils)]
    new = queries.pupils_not_declared(person, pupils)
    counts = [("名单", f"{len(pupils)} 人"), ("以前申报过", f"{len(pupils) - len(new)} 人，不再重复登记")]
    given = None if faults or not new else [[each.line, each.name, each.id_number] for each in new]
    return Looked(counts, faults, given, f"登记这 {len(new)} 人")


def _write(person: Person, actor: Actor, given: list[list[Any]], key: str) -> tuple[Any, str]:
    pupils = [PupilRow(*row) for row in given]
    done = commands.declare_pupils(person_id=person.pk, pupils=pupils, key=key, by=actor, at=clock.now())
    return done, REPEATED if done.repeated else f"已登记 {done.value} 名学生。"
