"""The clerk's pages: the list, the counter's form, card and integrity file, and the first acts on a candidate."""

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
    Bulk,
    Column,
    Filter,
    Pill,
    Table,
    action,
    exportable,
    staff_page,
    table_page,
)
from zikao.foundation.regulation import parameter
from zikao.stages.candidates import commands, forms, policies, portraits, queries
from zikao.stages.candidates.forms.registration import arguments_of
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.states import CandidateState

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
            Filter("elsewhere", "外省考籍", "choice", [("yes", "在外省另有")], lookup=queries.who_is_elsewhere),
        ),
        bulk=[Bulk("登记纸质承诺书", "candidates:pledge-chosen")],
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


def whom(actor: Actor, candidate_id: int) -> str:
    """The candidate on whom an act is done, as it stands above the act's title."""
    person = queries.access_candidate(actor, candidate_id)
    return f"{person.name}　{person.admission_number}"


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
    check_printable(person)
    pdf = render_document("candidates/integrity.typ", queries.integrity_paper(person, clock.today()))
    headers = {"Content-Disposition": f'inline; filename="integrity-{person.admission_number}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


@staff_page(posts=policies.READERS)
def card(request: HttpRequest, actor: Actor, candidate_id: int) -> HttpResponse:
    """The admission card as PDF."""
    return card_response(queries.access_candidate(actor, candidate_id))


def card_response(person: Candidate) -> HttpResponse:
    """The admission card (准考证) as an answer."""
    check_printable(person)
    pdf = render_document("candidates/card.typ", *queries.card_of(person))
    headers = {"Content-Disposition": f'inline; filename="{person.admission_number}.pdf"'}
    return HttpResponse(pdf, content_type=pdf_type, headers=headers)


def check_printable(person: Candidate) -> None:
    """Raise WrongState where no font here can draw the name: it is not printed as boxes."""
    if missing := uncovered(person.name):
        raise WrongState(
            "card-font-missing",
            message=f"姓名中的“{missing}”，本节点的字体里没有，印出来会是空框。",
            remedy="请联系系统管理员装入含有这些字的字体（GB 18030 全字库），装好后即可打印；登记的姓名没有错。",
            clause="EA-13.1",
        )


issue_card = action(
    commands.issue_card, title="发放准考证", what="确认已把准考证交给考生本人。", clause="EA-13.1",
    button="已发放", done="已登记发放。", back="candidates:candidate", about=whom,
)  # fmt: skip
set_password = action(
    commands.set_candidate_password, forms.PasswordForm, title="设置考生密码", clause="EA-13.1",
    what="核对本人身份证后，由考生输入新密码；原密码作废。", button="设置", done="已设置新密码。",
    back="candidates:candidate", about=whom,
)  # fmt: skip
suspend = action(
    commands.impose_suspension, forms.SuspensionForm, title="登记停考",
    what="停考期内，考生在任何地方、用任何准考证号都不能报名报考；同时记入诚信档案。", clause="EA-12.3",
    button="登记停考", danger=True, done="已登记停考。", back="candidates:candidate",
    about=whom,
)  # fmt: skip
