"""The clerk's pages: the list, the counter's form, one candidate, and the acts on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type as pdf_type
from zikao.foundation.documents import render as render_document
from zikao.foundation.documents import uncovered
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.pages import (
    Action,
    Column,
    Fact,
    Filter,
    Link,
    Pill,
    Table,
    action,
    exportable,
    object_page,
    staff_page,
    steps_of,
    table_page,
)
from zikao.foundation.provinces import province_name
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands, forms, policies, portraits, queries
from zikao.stages.candidates.forms.registration import arguments_of
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.rules import SUSPENSION
from zikao.stages.candidates.states import IN_REGISTER, AccountState, CandidateState, DocumentKind

PATH = (CandidateState.REGISTERED, CandidateState.CARD_ISSUED)
TONES: Mapping[str, Any] = {"registered": "info", "card-issued": "done", "closed": "danger"}


@exportable("candidates.list", "考生名册", posts=policies.READERS)
def candidate_table(actor: Actor) -> Table:
    """The candidates of the actor's subtree."""
    return Table(
        queries.candidates(actor),
        (
            Column("admission_number", "准考证号", "code", sortable=True, personal=True),
            Column("name", "姓名", personal=True),
            Column("sex", "性别", value=lambda row: row.get_sex_display()),
            Column("major", "专业", value=lambda row: str(row.major)),
            Column("agency_code", "报名县（区）", "code", sortable=True),
            Column("registered_at", "注册时间", "datetime"),
            Column("state", "状态", "pill", value=lambda row: Pill.of(row.state, CandidateState, TONES)),
        ),
        filters=(
            Filter("number", "准考证号", lookup=queries.whose_number_begins),
            Filter("name", "姓名", lookup=queries.whose_name_begins),
            Filter("state", "状态", "choice", CandidateState.choices),
        ),
        link=lambda row: reverse("candidates:candidate", args=[row.pk]),
        order="agency_code",
        empty="本机构还没有考生注册。",
        empty_action=Action("报名注册", "candidates:register"),
    )


@staff_page(posts=policies.READERS)
def candidate_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The candidates of the actor's subtree."""
    acts = [
        Action("报名注册", "candidates:register", posts=policies.REGISTRARS),
        Action("按身份证件号码查找", "candidates:find"),
        Action("批量导入", "candidates:import", posts=policies.REGISTRARS),
        Action("登记助学机构名单", "candidates:tutored"),
        Action("身份信息更正", "candidates:corrections"),
        Action("停考名单", "candidates:suspensions"),
    ]
    return table_page(request, title="考生", table=candidate_table(actor), actions=acts)


register = action(
    commands.register_candidate,
    forms.RegistrationForm,
    title="报名注册",
    what="核对证件和照片，编排准考证号，开通考生账户。",
    clause="EA-13.1",
    button="注册并编号",
    form_options=lambda actor: {"actor": actor},
    initial=lambda actor: {"fee_yuan": f"{_fee_fen() / 100:.2f}", "county_code": actor.agency_code},
    arguments=arguments_of,
    done=lambda receipt: f"已注册，准考证号 {queries.number_of(receipt.subject)}。",
    back=lambda receipt, **kwargs: reverse("candidates:candidate", args=[int(receipt.subject.partition(":")[2])]),
    extra_template="candidates/_rules_to_show.html",
)


def _fee_fen() -> int:
    fee: int = parameter("registration-fee").on(clock.today(), province=settings.ZIKAO_NODE_CODE)
    return fee


@staff_page(posts=policies.READERS)
def candidate(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """One candidate in four parts."""
    person = queries.access_candidate(actor, candidate_id)
    return object_page(
        request,
        kicker="考生",
        title=f"{person.name}　{person.admission_number}",
        pill=Pill.of(person.state, CandidateState, TONES),
        back=Link("考生名册", reverse("candidates:list")),
        facts={"身份": _identity(person), "报名": _registration(person), "诚信档案": _integrity(person)},
        steps=steps_of(
            CandidateState, person.state, path=PATH, reached={CandidateState.REGISTERED: person.registered_at}
        ),
        actions=_actions(person),
        history=f"candidates.candidate:{person.pk}",
    )


def _identity(person: Candidate) -> list[Fact]:
    shown = queries.masked(person)
    picture = reverse("candidates:portrait", args=[person.pk])
    return [
        *([Fact("照片", picture, "image", note="已遮蔽，写明事由后可看原图")] if person.portrait else []),
        Fact("准考证号", person.admission_number, "code", clause="EA-14"),
        Fact("姓名", person.name),
        Fact("性别", person.get_sex_display()),
        Fact("出生日期", person.born_on, "date"),
        Fact(DocumentKind(person.document_kind).label, shown.id_number, "code"),
        Fact("联系电话", shown.phone or "未填写", "code"),
        _account(person),
    ]


def _account(person: Candidate) -> Fact:
    """The national learning account, or how far it is."""
    elsewhere = "、".join(province_name(code) for code in person.elsewhere.split(",") if code)
    note = f"在{elsewhere}另有考籍" if elsewhere else ""
    known = person.account_state == AccountState.LINKED
    return Fact("学习账号", person.learning_number if known else AccountState(person.account_state).label,
                "code" if known else "text", clause="EA-15", note=note)  # fmt: skip


def _registration(person: Candidate) -> list[Fact]:
    return [
        Fact("专业", str(person.major)),
        Fact("首次报考", str(person.first_sitting)),
        Fact("报名县（区）", person.agency_code, "code"),
        Fact("助学机构", str(person.tutoring_institution or "没有登记"), clause="EA-24.3"),
        Fact("注册时间", person.registered_at, "datetime"),
        Fact("报名费", person.fee_fen, "money", clause="EA-13.1"),
        Fact("接受考场规则", person.rules_accepted_at, "datetime", clause="EA-A1.1"),
    ]


def _integrity(person: Candidate) -> list[Fact]:
    pledges = person.pledges.select_related("sitting")
    lines = [Fact(f"{each.sitting} 承诺书", each.accepted_at, "datetime", clause="EA-26.1") for each in pledges]
    until = queries.suspended_until(person, clock.today())
    held = [Fact("停考至", until, "date", clause="EA-12.3")] if until else []
    entries = [Fact(each.get_kind_display(), f"{each.text}（{each.code}）") for each in queries.integrity_file(person)]
    return [*held, *lines, *entries] or [Fact("记录", "没有记录")]


def _actions(person: Candidate) -> list[Action]:
    here = {"candidate_id": person.pk}
    state = CandidateState(person.state)
    today = clock.today()
    suspension = SUSPENSION(on=today, suspended_until=queries.suspended_until(person, today))
    return [
        Action("发放准考证", "candidates:issue-card", here, "登记准考证已交考生本人。", clause="EA-13.1",
               posts=policies.BULK_REGISTRARS)
        .open_if(state == CandidateState.REGISTERED, f"考生的状态是“{state.label}”。", "EA-13.1"),
        Action("打印准考证", "candidates:card", here, "生成带照片、条码和二维码的准考证。", clause="EA-13.1"),
        Action("代为报考", "entries:enter-for", here, "为到窗口的考生选择课程、考区。", clause="EA-13.2")
        .open_if(state in IN_REGISTER, f"考生的状态是“{state.label}”。", "EA-13.2")
        .given(suspension),
        Action("查看完整证件信息", "candidates:reveal", here, "写明事由后显示一次，查看记入账本。", clause="EA-47",
               posts=policies.REVEALERS),
        Action("设置考生密码", "candidates:set-password", here, "考生本人在场，重新设置登录密码。",
               posts=policies.REGISTRARS),
        Action("代考生申请便利", "candidates:apply-accommodation", here, "残疾考生申请延长时间、大字号试卷等。",
               clause="EA-52")
        .open_if(state in IN_REGISTER, f"考生的状态是“{state.label}”。", "EA-52"),
        Action("更正身份信息", "candidates:propose-correction", here, "附证明提出，逐级审批后更正。", clause="SR-10.3")
        .open_if(state in IN_REGISTER, f"考生的状态是“{state.label}”。", "SR-10.3"),
        Action("打印诚信档案", "candidates:integrity", here, "承诺书和记入的事项。", clause="EA-26.1"),
        Action("登记助学机构", "candidates:tutoring", here, "考生参加的助学机构。", clause="EA-24.3"),
        Action("登记考生的亲属", "candidates:relative", here, "在考试工作人员中的亲属，安排时回避。", clause="EA-9"),
        Action("登记停考", "candidates:suspend", here, "按处理决定限制报名报考。", clause="EA-12.3", danger=True,
               posts=policies.SUSPENDERS),
    ]  # fmt: skip


@staff_page(posts=policies.READERS)
def portrait(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The portrait, so coarse that nobody is known by it: in full only with a reason."""
    return portrait_response(queries.access_candidate(actor, candidate_id), is_masked=True)


def portrait_response(person: Candidate, *, is_masked: bool = False) -> HttpResponse:
    """The portrait as an answer, masked for others than the candidate; NotFound where there is none."""
    if not person.portrait:
        raise NotFound("portrait-not-found", message="没有采集照片。")
    picture = storage.get(person.portrait)
    if is_masked:
        return HttpResponse(portraits.masked(picture), content_type="image/jpeg")
    return HttpResponse(picture, content_type=portraits.media_type(picture))


@staff_page(posts=policies.READERS)
def integrity(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The integrity file as PDF."""
    return integrity_response(queries.access_candidate(actor, candidate_id))


def integrity_response(person: Candidate) -> HttpResponse:
    """The integrity file (诚信档案) as an answer."""
    pdf = render_document("candidates/integrity.typ", queries.integrity_paper(person, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="integrity-{person.admission_number}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


@staff_page(posts=policies.READERS)
def card(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The admission card as PDF."""
    return card_response(queries.access_candidate(actor, candidate_id))


def card_response(person: Candidate) -> HttpResponse:
    """The admission card (准考证) as an answer; a name that no font here can draw is not printed as boxes."""
    if missing := uncovered(person.name):
        raise WrongState(
            "card-font-missing",
            message=f"姓名中的“{missing}”，本节点的字体里没有，印出来会是空框。",
            remedy="请联系系统管理员装入含有这些字的字体（GB 18030 全字库），装好后即可打印；登记的姓名没有问题。",
            clause="EA-13.1",
        )
    pdf = render_document("candidates/card.typ", *queries.card_of(person))
    headers = {"Content-Disposition": f'inline; filename="{person.admission_number}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


issue_card = action(
    commands.issue_card, title="发放准考证", what="确认已把准考证交给考生本人。", clause="EA-13.1",
    button="已发放", done="已登记发放。", back="candidates:candidate",
)  # fmt: skip
set_password = action(
    commands.set_candidate_password, forms.PasswordForm, title="设置考生密码", clause="EA-13.1",
    what="核对本人身份证后，由考生输入新密码；原密码作废。", button="设置", done="已设置新密码。",
    back="candidates:candidate",
)  # fmt: skip
suspend = action(
    commands.impose_suspension, forms.SuspensionForm, title="登记停考",
    what="停考期内，考生在任何地方、用任何准考证号都不能报名报考；同时记入诚信档案。", clause="EA-12.3",
    button="登记停考", danger=True, done="已登记停考。", back="candidates:candidate",
)  # fmt: skip
