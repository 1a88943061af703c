"""The papers of exam staff, as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from zikao.foundation import clock
from zikao.foundation.actors import Actor
from zikao.foundation.documents import media_type, qr, render, render_batch
from zikao.foundation.errors import NotFound
from zikao.foundation.pages import staff_page
from zikao.foundation.regulation import clause
from zikao.stages.agencies.queries import agency_name
from zikao.stages.personnel import policies, queries
from zikao.stages.personnel.models import Certificate, PayLine
from zikao.stages.personnel.views.printing import AT_ONCE


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at or to keep."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def certificate_data(certificate: Certificate, agency: str) -> dict[str, Any]:
    """What a certificate or badge is made of."""
    person = certificate.person
    return {
        "agency": agency,
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


@staff_page(posts=policies.VIEWERS)
def certificate_pdf(request: HttpRequest, actor: Actor, certificate_id: int) -> HttpResponse:
    """The certificate as a paper to wear."""
    certificate = queries.certificate_of(actor, certificate_id)
    agency = agency_name(certificate.person.agency_code[:2])
    return pdf(render("personnel/certificate.typ", certificate_data(certificate, agency)), certificate.number)


@staff_page(posts=policies.VIEWERS)
def course_certificates(request: HttpRequest, actor: Actor, course_id: int, part: int = 1) -> HttpResponse:
    """The certificates of a course, one a page, five hundred in each part."""
    return _batch(actor, course_id, part, "personnel/certificate.typ", 1, "certificates")


@staff_page(posts=policies.VIEWERS)
def course_badges(request: HttpRequest, actor: Actor, course_id: int, part: int = 1) -> HttpResponse:
    """The badges of a course, eight an A4 page, five hundred in each part."""
    return _batch(actor, course_id, part, "personnel/badges.typ", 8, "badges")


def _batch(actor: Actor, course_id: int, part: int, template: str, a_page: int, name: str) -> HttpResponse:
    course = queries.course_of(actor, course_id)
    agency = agency_name(course.agency_code[:2])
    issued = queries.certificates_issued_on(course)[(part - 1) * AT_ONCE : part * AT_ONCE]
    rows = [certificate_data(each, agency) for each in issued]
    if not rows:
        raise NotFound("no-certificates", message="这一期培训还没有发证。")
    items: Iterable[Mapping[str, Any]] = rows
    if a_page > 1:
        items = [{"badges": rows[at : at + a_page]} for at in range(0, len(rows), a_page)]
    (content,) = render_batch(template, items, chunk=AT_ONCE)
    return pdf(content, f"{name}-{course.pk}-{part}")


@staff_page(posts=policies.VIEWERS)
def dispatch_list(request: HttpRequest, actor: Actor, dispatch_id: int) -> HttpResponse:
    """The list of everybody dispatched, by site."""
    dispatch = queries.dispatch_of(actor, dispatch_id)
    places = list(queries.places_in(dispatch).filter(recalled_at=None))
    rows = [
        (n, str(each.site), each.get_post_kind_display(), each.person.name, each.person.get_sex_display(),
         each.person.unit, each.person.title or "—")
        for n, each in enumerate(places, 1)
    ]  # fmt: skip
    data = {**_dispatch_data(dispatch), "rows": rows}
    return pdf(render("personnel/dispatch_list.typ", data), f"dispatch-{dispatch.pk}")


@staff_page(posts=policies.VIEWERS)
def dispatch_letters(request: HttpRequest, actor: Actor, dispatch_id: int, part: int = 1) -> HttpResponse:
    """A letter to each person's unit, five hundred units in each part."""
    dispatch = queries.dispatch_of(actor, dispatch_id)
    by_unit: dict[str, list[tuple[str, ...]]] = {}
    for each in queries.places_in(dispatch).filter(recalled_at=None):
        row = (each.person.name, str(each.get_post_kind_display()), each.site.name, each.site.address)
        by_unit.setdefault(each.person.unit, []).append(row)
    items = [{"unit": unit, "people": rows} for unit, rows in sorted(by_unit.items())]
    chosen = items[(part - 1) * AT_ONCE : part * AT_ONCE]
    if not chosen:
        raise NotFound("no-letters", message="没有这一部分的调派函。")
    (content,) = render_batch("personnel/dispatch_letter.typ", chosen, shared=_dispatch_data(dispatch), chunk=AT_ONCE)
    return pdf(content, f"letters-{dispatch.pk}-{part}")


def _dispatch_data(dispatch: Any) -> dict[str, Any]:
    return {
        "agency": agency_name(dispatch.agency_code[:2]),
        "number": dispatch.number,
        "sitting": dict(queries.sittings()).get(dispatch.sitting_code, dispatch.sitting_code),
        "first_on": dispatch.first_on,
        "last_on": dispatch.last_on,
        "seed": dispatch.seed,
        "pool": dispatch.pool,
        "digest": dispatch.digest,
        "issued_on": dispatch.drawn_at.astimezone(clock.LOCAL).date(),
        "clauses": [clause("EA-25.5").chip, clause("EA-A3.2").chip],
    }


@staff_page(posts=policies.VIEWERS)
def pay_sheet(request: HttpRequest, actor: Actor, sheet_id: int) -> HttpResponse:
    """The pay sheet to sign on."""
    sheet = queries.sheet_of(actor, sheet_id)
    lines = list(queries.lines_of(sheet))
    data = {
        "agency": agency_name(sheet.agency_code[:4]) or agency_name(sheet.agency_code[:2]),
        "title": f"{dict(queries.sittings()).get(sheet.sitting_code, sheet.sitting_code)}　{sheet.site or '评卷'}",
        "state": sheet.get_state_display(),
        "rows": [_pay_row(number, line) for number, line in enumerate(lines, 1)],
        "total": yuan(sheet.total_fen),
        "drawn_by": sheet.drawn_by,
        "approved_by": sheet.approved_by or "",
        "voucher": sheet.voucher or "",
        "clauses": [clause("EA-7.2").chip],
    }
    return pdf(render("personnel/pay_sheet.typ", data), f"pay-{sheet.sitting_code}-{sheet.pk}")


def yuan(fen: int) -> str:
    """Fen as yuan with two places."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def _pay_row(number: int, line: PayLine) -> tuple[str, ...]:
    note = f"更正：{line.reason}" if line.corrects_id else ""
    return (
        str(number), line.person.name, line.person.unit, str(line.get_post_kind_display()),
        f"{line.quantity}（{line.get_basis_display().removeprefix('每')}）", yuan(line.rate_fen),
        yuan(line.amount_fen), note,
    )  # fmt: skip


@staff_page(posts=policies.VIEWERS)
def conduct_statement(request: HttpRequest, actor: Actor, person_id: int, year: int) -> HttpResponse:
    """A person's year for the appraisal at their unit."""
    person = queries.person_of(actor, person_id)
    year_of = queries.year_of(person, year)
    data = {
        "agency": agency_name(person.agency_code[:4]) or agency_name(person.agency_code[:2]),
        "year": year,
        "name": person.name,
        "unit": person.unit,
        "title": person.title or "—",
        "duties": [(d.sitting_code, d.get_post_kind_display(), d.site.name, n) for d, n in year_of.duties],
        "trainings": [(t.course.title, t.course.held_on, t.course.hours, t.score or "—") for t in year_of.trainings],
        "commendations": [(c.happened_on, c.sitting_code, c.text) for c in year_of.commendations],
        "breaches": [(b.happened_on, b.sitting_code, b.text) for b in year_of.breaches],
        "issued_on": clock.today(),
        "clauses": [clause("EA-7.2").chip, clause("EA-A5.8").chip],
    }
    return pdf(render("personnel/conduct_statement.typ", data), f"conduct-{person.pk}-{year}")


@staff_page(posts=policies.VIEWERS)
def roster_paper(request: HttpRequest, actor: Actor, roster_id: int) -> HttpResponse:
    """The rooms by units, to be put up in the site's office."""
    found = queries.roster_of(actor, roster_id)
    board = queries.board(found.site, found.sitting_code)
    data = {
        "agency": agency_name(found.agency_code[:4]),
        "site": str(found.site),
        "sitting": dict(queries.sittings()).get(found.sitting_code, found.sitting_code),
        "units": [f"第{unit.number}单元\n{unit.on:%m-%d}" for unit in board.units],
        "leaders": [(duty.get_post_kind_display(), duty.person.name) for duty in board.whole],
        "rows": [
            [f"{row.room.number:02d}" if row.room else "流动", *("、".join(_names(cell)) for cell in row.cells)]
            for row in board.rows
        ],
        "seed": found.seed,
        "digest": found.digest,
        "solver": found.solver,
        "clauses": [clause("EA-25.3").chip, clause("EA-25.4").chip],
    }
    return pdf(render("personnel/roster.typ", data), f"roster-{found.site.code}-{found.sitting_code}")


def _names(cell: queries.Cell) -> list[str]:
    return [duty.person.name for duty in cell.duties] or (["—"] if not cell.used else ["缺"])
