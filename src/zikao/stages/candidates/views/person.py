"""One candidate in four parts: who, what is registered and recorded, and what can be done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.pages import Action, Fact, Link, Pill, object_page, staff_page, steps_of
from zikao.foundation.provinces import province_name
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates import policies, queries
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.rules import SUSPENSION
from zikao.stages.candidates.states import IN_REGISTER, AccountState, CandidateState, DocumentKind
from zikao.stages.candidates.views.staff import TONES

PATH = (CandidateState.REGISTERED, CandidateState.CARD_ISSUED)


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
        Fact("报名县（区）", f"{person.agency_code} {_place(person)}"),
        Fact("助学机构", str(person.tutoring_institution or "没有登记"), clause="EA-24.3"),
        Fact("注册时间", person.registered_at, "datetime"),
        Fact("报名费", person.fee_fen, "money", clause="EA-13.1"),
        Fact("接受考场规则", person.rules_accepted_at, "datetime", clause="EA-A1.1"),
    ]


def _place(person: Candidate) -> str:
    return Agency.objects.filter(code=person.agency_code).values_list("name", flat=True).first() or ""


def _integrity(person: Candidate) -> list[Fact]:
    pledges = person.pledges.select_related("sitting")
    lines = [Fact(f"{each.sitting} 承诺书", each.accepted_at, "datetime", clause="EA-26.1") for each in pledges]
    until = queries.suspended_until(person, clock.today())
    held = [Fact("停考至", until, "date", clause="EA-12.3")] if until else []
    entries = [Fact(each.get_kind_display(), f"{each.text}（{each.code}）") for each in queries.integrity_file(person)]
    return [*held, *lines, *entries] or [Fact("记录", "没有记录")]


def _actions(person: Candidate) -> list[Action]:
    here, state = {"candidate_id": person.pk}, CandidateState(person.state)
    return [*_card_actions(here, state), *_entry_actions(person, here, state), *_file_actions(here, state)]


def _why(state: CandidateState) -> str:
    return f"考生的状态是“{state.label}”。"


def _card_actions(here: dict[str, int], state: CandidateState) -> list[Action]:
    return [
        Action("发放准考证", "candidates:issue-card", here, "登记准考证已交考生本人。", clause="EA-13.1",
               posts=policies.BULK_REGISTRARS)
        .open_if(state == CandidateState.REGISTERED, _why(state), "EA-13.1"),
        Action("打印准考证", "candidates:card", here, "生成带照片、条码和二维码的准考证。", clause="EA-13.1"),
        Action("补发准考证", "candidates:reissue-card", here, "遗失、损毁的，核对证件后补发。", clause="EA-14")
        .open_if(state == CandidateState.CARD_ISSUED, _why(state), "EA-13.1"),
        Action("查看完整证件信息", "candidates:reveal", here, "写明事由后显示一次，查看记入账本。", clause="EA-47",
               posts=policies.REVEALERS),
        Action("设置考生密码", "candidates:set-password", here, "考生本人在场，重新设置登录密码。",
               posts=policies.REGISTRARS),
    ]  # fmt: skip


def _entry_actions(person: Candidate, here: dict[str, int], state: CandidateState) -> list[Action]:
    today = clock.today()
    suspension = SUSPENSION(on=today, suspended_until=queries.suspended_until(person, today))
    present = state in IN_REGISTER
    return [
        Action("代为报考", "entries:enter-for", here, "为到窗口的考生选择课程、考区。", clause="EA-13.2")
        .open_if(present, _why(state), "EA-13.2")
        .given(suspension),
        Action("改报专业", "candidates:change-major", here, "有特殊要求的专业，核对证明；准考证号不变。",
               clause="EA-12.1").open_if(present, _why(state), "EA-12.1"),
        Action("更改联系方式", "candidates:change-contact", here, "换了电话或住址的。", posts=policies.REGISTRARS)
        .open_if(present, _why(state)),
        Action("代考生申请便利", "candidates:apply-accommodation", here, "残疾考生申请延长时间、大字号试卷等。",
               clause="EA-52").open_if(present, _why(state), "EA-52"),
        Action("更正身份信息", "candidates:propose-correction", here, "附证明提出，逐级审批后更正。", clause="SR-10.3")
        .open_if(present, _why(state), "SR-10.3"),
        Action("登记助学机构", "candidates:tutoring", here, "考生参加的助学机构。", clause="EA-24.3"),
        Action("登记考生的亲属", "candidates:relative", here, "在考试工作人员中的亲属，安排时回避。", clause="EA-9"),
    ]  # fmt: skip


def _file_actions(here: dict[str, int], state: CandidateState) -> list[Action]:
    return [
        Action("登记纸质承诺书", "candidates:paper-pledge", here, "考生在窗口签了纸质承诺书的。", clause="EA-26.1",
               posts=policies.REGISTRARS).open_if(state in IN_REGISTER, _why(state), "EA-26.1"),
        Action("打印诚信档案", "candidates:integrity", here, "承诺书和记入的事项。", clause="EA-26.1"),
        Action("记入诚信档案", "candidates:record-integrity", here, "按处理决定或法定程序记一条，记入后不能改。",
               clause="EA-26.1"),
        Action("登记停考", "candidates:suspend", here, "按处理决定限制报名报考。", clause="EA-12.3", danger=True,
               posts=policies.SUSPENDERS),
    ]  # fmt: skip
