"""The register: a person, certificates, declarations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
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
from zikao.stages.personnel import commands, forms, policies, queries
from zikao.stages.personnel.models import ADDRESS, ID_NUMBER, PHONE, Certificate, Person
from zikao.stages.personnel.states import PersonKind, Relation
from zikao.stages.personnel.views import naming
from zikao.stages.personnel.views.conduct import pill_of

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
        "personnel.staff-imported": "从名单导入考试工作人员",
        "personnel.interests-found": "比对发现回避线索",
    }
)


def _validity(certificate: Certificate) -> Pill:
    today = clock.today()
    if certificate.withdrawn_at is not None:
        return Pill("已注销" if today >= certificate.valid_until else "将注销", "danger")
    if today < certificate.valid_from_on:
        return Pill("尚未生效", "info")
    return Pill("有效", "done") if today < certificate.valid_until else Pill("已过期", "danger")


@staff_page(posts=policies.VIEWERS)
def person_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The exam staff of the actor's subtree."""
    table = Table(
        queries.persons_of(actor),
        (
            Column("pk", "编号", "code"),
            Column("name", "姓名"),
            Column("unit", "工作单位"),
            Column("kind", "类别", value=lambda p: p.get_kind_display()),
            Column("title", "职称或职务"),
            Column("agency_code", "机构", "code", sortable=True),
            Column("tutoring_institution.name", "任课的助学机构"),
        ),
        filters=(
            Filter("name", "姓名", lookup="name__startswith"),
            Filter("unit", "工作单位", lookup="unit__startswith"),
            Filter("kind", "类别", kind="choice", choices=PersonKind.choices),
        ),
        link=lambda person: reverse("personnel:person", args=[person.pk]),
        order="agency_code",
        empty="还没有登记考试工作人员。",
    )
    actions = [
        Action("登记人员", "personnel:register", posts=policies.REGISTRARS),
        Action("导入名单", "personnel:import", posts=policies.REGISTRARS),
    ]
    return table_page(request, title="考试工作人员", table=table, actions=actions)


@staff_page(posts=policies.VIEWERS)
def person_page(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """One person: facts, certificates, declarations, duties, actions, history."""
    person = queries.person_of(actor, person_id)
    certificates = list(person.certificates.all())
    conduct = [(record, pill_of(record)) for record in queries.conduct_of(person)]
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
            "person": person,
            "declarations": person.declarations.all(),
            "postings": queries.postings_of(person),
            "kin": queries.kin_of_person(person).exclude(relation=Relation.PUPIL),
            "pupils": queries.kin_of_person(person).filter(relation=Relation.PUPIL),
            "trainings": person.trainings.select_related("course").order_by("-course__held_on"),
            "conduct": conduct,
            "duties": queries.duties_held(person).select_related("site", "room"),
            "year": clock.today().year,
            "actor_post": actor.post,
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
    if person.conditions_lapsed:
        facts.append(Fact("已不具备的条件", "、".join(person.conditions_lapsed), note="不能聘任和上岗", clause="EA-9"))
    for field, label in ((PHONE, "联系电话"), (ADDRESS, "通信地址")):
        if getattr(person, field.column):
            facts.append(Fact(label, "已登记", note="加密保存，只用于比对", clause="EA-11.2"))
    if person.tutoring_institution is not None:
        facts.append(Fact("任课的助学机构", person.tutoring_institution.name, note="不得监考", clause="EA-25.4"))
    return facts


ACTS = (
    (
        "更改登记",
        "personnel:amend",
        "工作单位、职称、所属机构、联系方式有变化的，写明依据后更改；改动留在历史里。",
        "EA-8",
        policies.REGISTRARS,
    ),
    (
        "关联登录账号",
        "personnel:link-account",
        "本人申报回避后，这个账号即不能接触试题、参考答案和答卷。",
        "EA-11.1",
        policies.LINKERS,
    ),
    (
        "登记外单位培训的上岗证",
        "personnel:certify",
        "本系统的培训班在发证时自动登记；其他培训在这里登记。",
        "EA-10",
        policies.CERTIFIERS,
    ),
    ("聘任到岗位", "personnel:give-post", "持有效上岗证，从一天起聘在一个岗位上。", "EA-10", policies.POST_APPOINTERS),
    ("重新核实基本条件", "personnel:review", "不再具备的，随即不能上岗。", "EA-9", policies.REGISTRARS),
    ("申报亲属和学生", "personnel:declare-kin", "登记一次，每个考次自动比对。", "EA-11.2", policies.DECLARATION_TAKERS),
    (
        "登记所教学生名单",
        "personnel:declare-pupils",
        "上传任课教师、班主任的学生名单，监考时避开他们的考场。",
        "EA-25.4",
        policies.DECLARATION_TAKERS,
    ),
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
    ("安排岗位", "personnel:assign-duty", "考务员、试卷保管员、巡考员，全程在岗。", "EA-A4.2", policies.DUTY_POSTS),
    ("登记履职记录", "personnel:record-conduct", "违反工作纪律或者表扬。", "EA-A5.8", policies.CONDUCT_RECORDERS),
)


def _actions(person: Person) -> list[Action]:
    where = {"person_id": person.pk}
    return [Action(label, url, where, what, clause=law, posts=posts) for label, url, what, law, posts in ACTS]


register = action(
    commands.register_person,
    forms.PersonForm,
    title="登记考试工作人员",
    what="核实基本条件后登记；身份证号加密保存。",
    clause="EA-9",
    done="人员已登记。",
    back=lambda receipt: reverse("personnel:person", args=[receipt.value.pk]),
)
amend = action(
    commands.amend_person, forms.ChangeForm,
    about=naming.of_another(naming.person, policies.OWN_REGISTER, person_id=Person),
    title="更改人员登记", clause="EA-8", button="更改",
    what="更改工作单位、职称、类别、所属机构、任课的助学机构或者联系方式。身份证号不能更改，登记错了的另行登记。"
    "已经编排的不变，需要调整的请换人。", done="已更改。", back="personnel:person",
    initial=lambda actor, person_id, **url: queries.entry_of(actor, person_id),
)  # fmt: skip
withdraw_certificate = action(
    commands.withdraw_certificate, forms.WithdrawalForm, about=naming.certificate,
    title="注销上岗证", clause="EA-10", button="注销", danger=True,
    what="调离、退休或者不再符合条件的，从所填日期起上岗证失效，不再抽到；已有的聘任请换人。", done="已注销。",
    back=lambda receipt, **url: reverse("personnel:person", args=[receipt.value.person_id]),
)  # fmt: skip
certify = action(
    commands.issue_certificate,
    forms.CertificateForm,
    about=naming.of_another(naming.person, policies.OWN_CERTIFICATE, person_id=Person),
    title="登记外单位培训的上岗证",
    what="培训、考核合格后发给上岗证；在有效期内才能上岗。",
    clause="EA-10",
    done="上岗证已发放。",
    back="personnel:person",
)
link_account = action(
    commands.link_account,
    forms.AccountForm,
    about=naming.person,
    title="关联登录账号",
    what="写明这名工作人员使用的账号。本人申报的回避事项从此对这个账号生效。",
    clause="EA-11.1",
    button="关联",
    done="已关联。",
    back="personnel:person",
)
appoint_to_post = action(
    commands.appoint_to_post, forms.PostForm, about=naming.person, title="聘任到岗位", clause="EA-10", button="聘任",
    what="核实基本条件、持有这一岗位当日有效的上岗证后聘任；以前的聘期保留。", done="已聘任。", back="personnel:person",
)  # fmt: skip
end_post = action(
    commands.end_post, forms.EndPostForm, about=naming.posting,
    title="结束聘期", clause="EA-10", button="结束", danger=True,
    what="聘期到所填日期为止，记录保留。", done="聘期已结束。",
    back=lambda receipt, **url: reverse("personnel:person", args=[receipt.value.person_id]),
)  # fmt: skip
review = action(
    commands.review_conditions, forms.ConditionsForm,
    about=naming.of_another(naming.person, policies.OWN_CONDITIONS, person_id=Person),
    title="重新核实基本条件", clause="EA-9", button="登记",
    what="没有勾选的即为不再具备；不具备的不能聘任、不能上岗。", done="已登记。", back="personnel:person",
    initial=lambda actor, person_id, **url: {"confirmed": queries.conditions_held(actor, person_id, clock.today())},
)  # fmt: skip
