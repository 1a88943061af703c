"""The letters to the centre about premises of tutoring institutions (EA-A3.1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zikao.foundation import clock, storage
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type
from zikao.foundation.pages import (
    Action,
    Asked,
    Column,
    Fact,
    Filter,
    Item,
    Link,
    Pill,
    Table,
    Waiting,
    action,
    few,
    object_page,
    staff_page,
    steps_of,
    table_page,
    tell,
    waits_for,
)
from zikao.stages.agencies import commands, forms, policies, queries
from zikao.stages.agencies.models import PremisesLetter
from zikao.stages.agencies.states import LetterState
from zikao.stages.agencies.views.tree import session_begins

TONES = {"sent": "due", "acknowledged": "done", "returned": "danger"}
tell(
    **{
        "agencies.premises-letter-sent": "报送使用助学机构场地专函",
        "agencies.premises-letter-answered": "收到教育部考试中心对专函的答复",
    }
)


def _state(letter: PremisesLetter) -> Pill:
    return Pill.of(letter.state, LetterState, TONES)  # type: ignore[arg-type]


@staff_page(posts=policies.SITE_VIEWERS)
def letter_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every letter of the subtree."""
    table = Table(
        queries.letters(actor),
        (
            Column("sent_at", "报送时间", "datetime", sortable=True),
            Column("sitting_code", "考次", "code"),
            Column("site.code", "考点代码", "code"),
            Column("site.name", "考点"),
            Column("number", "函号", "code"),
            Column("state", "状态", "pill", value=_state),
        ),
        filters=(
            Filter("sitting_code", "考次"),
            Filter("state", "状态", kind="choice", choices=LetterState.choices),
        ),
        link=lambda row: reverse("agencies:letter", args=[row.pk]),
        order="-sent_at",
        empty="还没有报送专函。考点设在助学机构场地的，每次考试前在考点页报送。",
    )
    return table_page(request, title="使用助学机构场地专函", table=table)


@staff_page(posts=policies.SITE_VIEWERS)
def letter_page(request: HttpRequest, actor: Actor, letter_id: int) -> HttpResponse:
    """One letter: what it says, where it is, what the centre answered."""
    found = queries.letter(actor, letter_id)
    body = found.body
    document = Action(
        "打印专函", "agencies:letter-document", {"letter_id": letter_id}, "报送的原件，载明摘要。", clause="EA-A3.1",
        posts=policies.SITE_VIEWERS,
    )  # fmt: skip
    again = Action(
        "重新报送", "agencies:send-letter", {"site_id": found.site_id}, "改正后另行报送。", clause="EA-A3.1"
    ).open_if(found.state == LetterState.RETURNED, "没有被退回，不需要重新报送。", "EA-A3.1")
    path = [LetterState.SENT, LetterState(found.state)] if found.state != LetterState.SENT else [
        LetterState.SENT, LetterState.ACKNOWLEDGED]  # fmt: skip
    return object_page(
        request,
        kicker="使用助学机构场地专函",
        title=f"{body['name']}（{found.sitting_code}）",
        pill=_state(found),
        facts=_facts(found),
        steps=steps_of(LetterState, found.state, path=path, reached={"sent": found.sent_at}),
        actions=[document, again],
        history=f"agencies.premisesletter:{found.pk}",
        back=Link("使用助学机构场地专函", reverse("agencies:letters")),
        extra_template="agencies/_letter.html",
        context={"staff": body["staff"]},
    )


def _facts(found: PremisesLetter) -> dict[str, list[Fact]]:
    body = found.body
    return {
        "考点": [
            Fact("考点", str(found.site), "link", href=reverse("agencies:site", args=[found.site_id])),
            Fact("地址", body["address"]),
            Fact("助学机构", body["institution"], clause="EA-24.3"),
            Fact("考场与座位", f"{body['rooms']} 个考场，{body['seats']} 个座位"),
            Fact("设点原因", body["reason"], clause="EA-A3.1"),
            Fact("省级批文", body["approval"], "code"),
            Fact("组织方式", body["run_by"]),
        ],
        "报送与答复": [
            Fact("函号", found.number, "code"),
            Fact("报送时间", found.sent_at, "datetime"),
            Fact("内容摘要", found.digest[:16], "code", note="SM3，前16位"),
            Fact("答复时间", found.answered_at, "datetime"),
            Fact("答复", found.answer or "—"),
        ],
    }


@staff_page(posts=policies.SITE_VIEWERS)
def letter_document(request: HttpRequest, actor: Actor, letter_id: int) -> HttpResponse:
    """The letter as it was sent, as PDF."""
    found = queries.letter(actor, letter_id)
    headers = {"Content-Disposition": f'inline; filename="premises-letter-{letter_id}.pdf"'}
    return HttpResponse(storage.get(found.document), content_type=media_type, headers=headers)


send = action(
    commands.send_premises_letter,
    forms.LetterForm,
    title="报送使用助学机构场地专函",
    what="由登记的考点、考场、设点原因和本考次聘任的主考、副主考、监考员生成专函，签名报送教育部考试中心。",
    clause="EA-A3.1",
    button="报送",
    done="专函已报送，等待教育部考试中心答复。",
    initial=lambda actor, **url: {"sitting_code": queries.next_session(clock.today())},
    back=lambda receipt, site_id: reverse("agencies:letter", args=[receipt.value.pk]),
    about=lambda actor, site_id: str(queries.site_of(actor, site_id)),
)


@waits_for(policies.LETTER_SENDERS, "待报送的助学机构场地专函", "EA-A3.1", stage="agencies")
def letters_owed(actor: Actor) -> Asked:
    """Sites on such premises without a letter for the next session."""
    today = clock.today()
    rows, due = queries.letters_owed(actor, today), session_begins(today)
    yield rows
    count, first = few(rows)
    items = tuple(Item(str(row), reverse("agencies:site", args=[row.pk]), due=due) for row in first)
    return Waiting(count, url=reverse("agencies:letters"), due=due, items=items)
