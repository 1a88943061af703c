"""What the papers of graduation are made of: roster, certificate, graduate form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from zikao.foundation import storage
from zikao.foundation.clock import local_day
from zikao.foundation.documents import qr
from zikao.foundation.regulation import clause, parameter
from zikao.foundation.witness.papers import Told, receipt_qr
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.models import ID_NUMBER, Candidate
from zikao.stages.graduation.models import Application, GraduationCertificate, Roster
from zikao.stages.graduation.queries.applications import passing_scores
from zikao.stages.graduation.queries.shares import Share
from zikao.stages.graduation.tokens import certificate_token, packed

RECIPIENTS = ("省级教育考试机构", "地级教育考试机构", "主考学校")


def roster_of(
    roster: Roster, certificates: Iterable[GraduationCertificate], province: str, kept_by: Share | None = None
) -> dict[str, object]:
    """The roster (毕业生名册) by school and major, in order of number: all copies, or the one that a body keeps."""
    rows = sorted(certificates, key=_place)
    copies = int(parameter("graduate-roster-copies").on(roster.batch_on))
    kinds = [RECIPIENTS[i] for i in range(copies) if kept_by is None or RECIPIENTS[i] == kept_by.kind]
    name = kept_by.name if kept_by else ""
    return {
        "agency": _name(province),
        "batch": roster.batch_on,
        "count": len(rows),
        "digest": roster.digest,
        "copies": [{"number": RECIPIENTS.index(kind) + 1, "of": copies, "keeper": name or kind} for kind in kinds],
        "rows": [_row(number, each) for number, each in enumerate(rows, 1)],
        "clauses": [clause(name).chip for name in ("SR-18.3", "SR-17")],
    }


def _place(certificate: GraduationCertificate) -> tuple[str, str, str]:
    application = certificate.application
    return application.school.code, application.plan.major.code, certificate.number


def _row(number: int, certificate: GraduationCertificate) -> dict[str, object]:
    application = certificate.application
    candidate, plan = application.candidate, application.plan
    return {
        "number": str(number),
        "certificate": certificate.number,
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "admission_number": candidate.admission_number,
        "major": plan.major.name,
        "level": plan.major.get_level_display(),
        "school": application.school.name,
        "credits": str(application.credits),
    }


def certificate_of(certificate: GraduationCertificate) -> tuple[dict[str, object], dict[str, bytes]]:
    """The inner page of 毕业证书; the whole ID number stands on it, as on every diploma."""
    candidate, plan = certificate.application.candidate, certificate.application.plan
    data: dict[str, object] = {
        "committee": _committee(candidate.agency_code[:2]),
        "school": certificate.application.school.name,
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "born_on": candidate.born_on,
        "id_number": ID_NUMBER.text(candidate),
        "major": plan.major.name,
        "level": plan.major.get_level_display(),
        "number": certificate.number,
        "issued_on": certificate.issued_on,
        "qr": qr(_address(certificate)),
        "receipt_qr": receipt_qr(
            Told(f"graduation.roster:{certificate.roster_id}", "graduation.certified"),
            kind="毕业证书",
            printed={"证书编号": certificate.number, "姓名": candidate.name},
            otherwise=_address(certificate),
        ),
    }
    return data, _portrait(candidate)


def form_of(application: Application, issued_number: str) -> tuple[dict[str, object], dict[str, bytes]]:
    """毕业生登记表: identity, the plan, every passing score, and the opinions of the three bodies."""
    candidate, plan = application.candidate, application.plan
    points = dict(plan.courses.values_list("course__code", "credits"))
    data: dict[str, object] = {
        "agency": _name(candidate.agency_code[:2]),
        "batch": application.batch_on,
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "born_on": candidate.born_on,
        "id_number": ID_NUMBER.text(candidate),
        "admission_number": candidate.admission_number,
        "major": f"{plan.major.name}（{plan.major.get_level_display()}）",
        "plan": plan.version,
        "school": application.school.name,
        "prior": application.prior_certificate or "—",
        "number": issued_number or "—",
        "credits": application.credits,
        "courses": application.courses,
        "appraisal": "合格" if application.appraisal_passed else "不合格",
        "rows": [_score(row, points) for row in passing_scores(candidate.pk) if row.course.code in points],
        "opinions": _opinions(application),
        "clauses": [clause(name).chip for name in ("SR-9", "SR-18.2")],
    }
    return data, _portrait(candidate)


def _score(row: Any, points: Mapping[str, int]) -> dict[str, object]:
    return {
        "code": row.course.code,
        "course": row.course.name,
        "credits": str(points[row.course.code]),
        "score": row.shown,
        "obtained": row.sitting_label,
        "how": row.get_how_display(),
    }


def _opinions(application: Application) -> list[dict[str, object]]:
    steps = (
        ("地级教育考试机构审核意见", application.reviewed_at),
        ("省级教育考试机构审定意见", application.approved_at),
        ("主考学校审定意见", application.confirmed_at),
    )
    return [{"body": body, "said": "同意毕业" if at else "", "at": local_day(at) if at else ""} for body, at in steps]


def _address(certificate: GraduationCertificate) -> str:
    """Where a phone goes that scans the certificate: the page that checks the signed facts in the address."""
    page = reverse("public:verify-certificate", args=[packed(certificate_token(certificate))])
    return f"{settings.ZIKAO_PUBLIC_URL.rstrip('/')}{page}"


def _portrait(candidate: Candidate) -> dict[str, bytes]:
    return {"portrait": storage.get(candidate.portrait)} if candidate.portrait else {}


def _name(province: str) -> str:
    return Agency.objects.filter(code=province).values_list("name", flat=True).first() or ""


def _committee(province: str) -> str:
    name = _name(province)
    place = name.split("省")[0] + "省" if "省" in name else name.split("市")[0] + "市" if "市" in name else ""
    return f"{place}高等教育自学考试委员会"
