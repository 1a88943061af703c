"""The register: a person, certificates, declarations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type, qr, render
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    object_page,
    staff_page,
    table_page,
    tell,
)
from zikao.foundation.regulation import clause
from zikao.stages.agencies.queries import agency_name
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import ID_NUMBER, Certificate, Person
from zikao.stages.personnel.states import PersonKind

tell(
    **{
        "personnel.person-registered": "登记考试工作人员",
        "personnel.persons-registered": "成批登记考试工作人员",
        "personnel.certificate-issued": "发放上岗证",
        "personnel.certificates-issued": "成批发放上岗证",
        "personnel.account-linked": "关联登录账号",
        "personnel.interest-declared": "申报回避事项",
        "personnel.chief-appointed": "聘任主考或副主考",
        "personnel.invigilator-assigned": "聘任监考员",
        "personnel.invigilators-assigned": "随机编排监考员",
        "personnel.duty-handed-over": "更换聘任人员",
    }
)


def _validity(certificate: Certificate) -> Pill:
    today = clock.today()
    if today < certificate.valid_from_on:
        return Pill("尚未生效", "info")
    return Pill("有效", "done") if today < certificate.valid_until else Pill("已过期", "danger")


@staff_page(posts=policies.VIEWERS)
def person_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The exam staff of the actor's subtree."""
    table = Table(
        queries.persons_of(actor),
        (
            Column("name", "姓名"),
            Column("unit", "工作单位"),
            Column("kind", "类别", value=lambda p: p.get_kind_display()),
            Column("title", "职称或职务"),
            Column("agency_code", "机构", "code", sortable=True),
            Column("tutoring_institution.name", "任课的助学机构"),
        ),
        filters=(
            Filter("name", "姓名", lookup="name__startswith"),
            Filter("kind", "类别", kind="choice", choices=PersonKind.choices),
        ),
        link=lambda person: reverse("personnel:person", args=[person.pk]),
        order="agency_code",
        empty="还没有登记考试工作人员。",
    )
    actions = [Action("登记人员", "personnel:register", posts=policies.REGISTRARS)]
    return table_page(request, title="考试工作人员", table=table, actions=actions)


@staff_page(posts=policies.VIEWERS)
def person_page(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """One person: facts, certificates, declarations, duties, actions, history."""
    person = queries.person_of(actor, person_id)
    certificates = list(person.certificates.all())
    held = any(_validity(certificate).tone == "done" for certificate in certificates)
    return object_page(
        request,
        kicker="考试工作人员",
        title=person.name,
        pill=Pill("持有效上岗证", "done") if held else Pill("没有有效上岗证", "due"),
        facts=_facts(person),
        actions=_actions(person),
        history=f"personnel.person:{person.pk}",
        back=Link("考试工作人员", reverse("personnel:persons")),
        extra_template="personnel/_person.html",
        context={
            "certificates": [(certificate, _validity(certificate)) for certificate in certificates],
            "declarations": person.declarations.all(),
            "duties": person.duties.select_related("site", "room"),
        },
    )


def _facts(person: Person) -> list[Fact]:
    facts = [
        Fact("编号", person.pk, "code"),
        Fact("姓名", person.name),
        Fact("性别", person.get_sex_display()),
        Fact("身份证号", ID_NUMBER.text(person), "masked"),
        Fact("工作单位", person.unit),
        Fact("职称或职务", person.title or "—"),
        Fact("类别", person.get_kind_display(), clause="EA-8"),
        Fact("所属机构", person.agency_code, "code"),
        Fact("登录账号", "已关联" if person.account_id else "未关联", clause="EA-11.1"),
        Fact("基本条件确认", person.conditions_confirmed_on, "date", clause="EA-9"),
    ]
    if person.tutoring_institution is not None:
        facts.append(Fact("任课的助学机构", person.tutoring_institution.name, note="不得监考", clause="EA-25.4"))
    return facts


ACTS = (
    (
        "关联登录账号",
        "personnel:link-account",
        "本人申报回避后，这个账号即不能接触试题、参考答案和答卷。",
        "EA-11.1",
        policies.LINKERS,
    ),
    ("发放上岗证", "personnel:certify", "登记培训与考核，发给有期限的上岗证。", "EA-10", policies.CERTIFIERS),
    (
        "申报回避事项",
        "personnel:declare",
        "有直系亲属参加当次考试或有其他利害关系的，登记后不再安排。",
        "EA-11.2",
        policies.DECLARATION_TAKERS,
    ),
    (
        "聘任主考或副主考",
        "personnel:appoint-chief",
        "由考区主任聘任，一个考点一名主考。",
        "EA-24.4",
        policies.CHIEF_APPOINTERS,
    ),
)


def _actions(person: Person) -> list[Action]:
    where = {"person_id": person.pk}
    return [Action(label, url, where, what, clause=law, posts=posts) for label, url, what, law, posts in ACTS]


@staff_page(posts=policies.VIEWERS)
def certificate_pdf(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """The certificate as a paper to wear."""
    certificate = queries.certificate_of(actor, certificate_id)
    pdf = render("personnel/certificate.typ", _certificate_data(certificate))
    name = f'inline; filename="{certificate.number}.pdf"'
    return HttpResponse(pdf, content_type=media_type, headers={"Content-Disposition": name})


def _certificate_data(certificate: Certificate) -> dict[str, Any]:
    person = certificate.person
    return {
        "agency": agency_name(person.agency_code[:2]),
        "number": certificate.number,
        "name": person.name,
        "unit": person.unit,
        "sex": person.get_sex_display(),
        "post": certificate.get_post_kind_display(),
        "title": person.title,
        "trained_on": certificate.trained_on,
        "hours": certificate.training_hours,
        "assessed_on": certificate.assessed_on,
        "from": certificate.valid_from_on,
        "last_day": certificate.last_day,
        "qr": qr(certificate.number),
        "clauses": [clause("EA-10").chip],
    }


register = action(
    commands.register_person,
    forms.PersonForm,
    title="登记考试工作人员",
    what="核实基本条件后登记；身份证号加密保存。",
    clause="EA-9",
    done="人员已登记。",
    back=lambda receipt: reverse("personnel:person", args=[receipt.value.pk]),
)
certify = action(
    commands.issue_certificate,
    forms.CertificateForm,
    title="发放上岗证",
    what="培训、考核合格后发给上岗证；在有效期内才能上岗。",
    clause="EA-10",
    done="上岗证已发放。",
    back="personnel:person",
)
link_account = action(
    commands.link_account,
    forms.AccountForm,
    title="关联登录账号",
    what="写明这名工作人员使用的账号。本人申报的回避事项从此对这个账号生效。",
    clause="EA-11.1",
    button="关联",
    done="已关联。",
    back="personnel:person",
)
declare = action(
    commands.declare_interest,
    forms.DeclarationForm,
    title="申报回避事项",
    what="登记后：兼职人员不再参加这一考次的考试工作，专职人员不再接触试题、参考答案和答卷。",
    clause="EA-11.2",
    done="回避事项已登记。",
    back="personnel:person",
)
