"""Certificates made, gathered, approved and reported; and registered at the centre. All through commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tests.factories.actors import AREA, PROVINCE, the_node
from tests.factories.candidates import a_candidate
from tests.factories.programmes import the_peer
from tests.factories.results import RECORDS_CLERK, RECORDS_HEAD, passed_everything
from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.clock import LOCAL
from zikao.national import commands as national
from zikao.national.models import RegisteredCertificate
from zikao.stages.candidates.models import Candidate
from zikao.stages.graduation import commands as graduation
from zikao.stages.graduation.models import Application, GraduationCertificate
from zikao.stages.graduation.states import ApplicationState, Materials
from zikao.stages.records.commands import open_record
from zikao.stages.registry import commands
from zikao.stages.registry.models import RegistrationBatch
from zikao.stages.registry.states import Registrable

BATCH_ON = date(2026, 12, 30)
NOVEMBER = datetime(2026, 11, 10, 10, 0, tzinfo=LOCAL)
IN_PERIOD = datetime(2026, 12, 30, 10, 0, tzinfo=LOCAL)
CLERK, HEAD = RECORDS_CLERK, RECORDS_HEAD
INBOX = node_actor(PROVINCE)
RECEIVER = Actor("地市经办", Post.PREFECTURE_CLERK, AREA, account_id=931)
REVIEWER = Actor("地市审核", Post.PREFECTURE_CLERK, AREA, account_id=932)
SCHOOL = Actor("主考学校经办", Post.SCHOOL_CLERK, PROVINCE, account_id=933)
REGISTRAR = Actor("全国考籍管理", Post.NATIONAL_REGISTRAR, "", account_id=941)


def an_application(candidate: Candidate, at: datetime) -> Application:
    """A candidate who has finished applies for the batch of December."""
    plan = passed_everything(at, candidate)
    open_record(candidate_id=candidate.pk, by=CLERK, at=at)
    materials = Materials(True, True, True, prior_certificate=f"Z{candidate.admission_number}", prior_verified=True)
    return graduation.apply_for_graduation(
        candidate_id=candidate.pk, plan_id=plan.pk, batch_on=BATCH_ON, materials=materials, by=RECEIVER, at=NOVEMBER
    ).value


def certificates(at: datetime, number: int = 1) -> list[GraduationCertificate]:
    """So many graduates' certificates of the batch of December, made."""
    ids = [an_application(a_candidate(at), at).pk for _ in range(number)]
    for by, to in (
        (REVIEWER, ApplicationState.REVIEWED),
        (HEAD, ApplicationState.APPROVED),
        (SCHOOL, ApplicationState.CONFIRMED),
    ):
        graduation.decide_applications(application_ids=ids, to=to, by=by, at=NOVEMBER)
    graduation.make_certificates(batch_on=BATCH_ON, by=CLERK, at=NOVEMBER)
    return list(GraduationCertificate.objects.order_by("number"))


def a_checked_batch(at: datetime, number: int = 1) -> RegistrationBatch:
    """The certificates gathered and checked."""
    certificates(at, number)
    return commands.check_batch(batch_on=BATCH_ON, by=CLERK, at=IN_PERIOD).value


def an_approved_batch(at: datetime, number: int = 1) -> RegistrationBatch:
    """The same, approved by another."""
    a_checked_batch(at, number)
    return commands.approve_batch(batch_on=BATCH_ON, by=HEAD, at=IN_PERIOD).value


def a_sent_batch(at: datetime, number: int = 1) -> RegistrationBatch:
    """The same, reported to the centre."""
    the_peer(at)
    an_approved_batch(at, number)
    return commands.send_batch(batch_on=BATCH_ON, by=CLERK, at=IN_PERIOD).value


def an_answered_batch(at: datetime, number: int = 1, *, rejected: int = 0) -> RegistrationBatch:
    """The same, answered: the first so many are rejected, the others registered."""
    batch = a_sent_batch(at, number)
    numbers = list(batch.rows.order_by("certificate__number").values_list("certificate__number", flat=True))
    return commands.take_in_answer(
        batch_on=BATCH_ON,
        registered=numbers[rejected:],
        rejected=dict.fromkeys(numbers[:rejected], "注册信息不完整"),
        by=INBOX,
        at=IN_PERIOD,
    ).value


def a_registered_certificate(at: datetime, **more: object) -> RegisteredCertificate:
    """A certificate in the national register, reported by Jiangsu."""
    the_peer(at, "province:32")
    facts = Registrable(
        number="65320102262000018", name="王小雨", sex="2", id_number="320102199903070027", major_code="050101",
        major="汉语言文学", level="bachelor", issued_on="2026-12-30", school="南京师范大学", province="32", portrait="",
    )  # fmt: skip
    facts = replace(facts, **more)  # type: ignore[arg-type]
    national.register_certificates(province="32", batch_on=BATCH_ON, certificates=[facts], by=the_node(), at=IN_PERIOD)
    return RegisteredCertificate.objects.get(number=facts.number)
