"""What the certificate of a passed course (课程合格证) and the statement for a lost one (课程合格证明) are made of."""

from __future__ import annotations

from datetime import date

from zikao.foundation import clock, storage
from zikao.foundation.clock import local_day
from zikao.foundation.documents import Raster
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger import LineView, lines_about
from zikao.foundation.regulation import clause
from zikao.foundation.witness.papers import Told, receipt_qr
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.queries import masked
from zikao.stages.records.models import PassCertificate
from zikao.stages.results.queries import check_shown


def certificate_of(certificate: PassCertificate) -> tuple[dict[str, object], dict[str, bytes]]:
    """The data and pictures of 课程合格证."""
    return _paper(certificate, local_day(certificate.issued_at), ("SR-13.2", "SR-11"))


def replacement_of(certificate: PassCertificate) -> tuple[dict[str, object], dict[str, bytes]]:
    """The data and pictures of 课程合格证明, which stands for a lost certificate; NotFound before it was issued."""
    line = statement_line(certificate)
    if line is None:
        raise NotFound("no-statement", message="还没有签发课程合格证明。")
    data, images = _paper(certificate, local_day(line.at), ("SR-13.3",))
    data |= {"first_issued_on": local_day(certificate.issued_at), "receipt": str(line.id)}
    return data, images


def statement_line(certificate: PassCertificate) -> LineView | None:
    """The newest ledger line by which a statement was issued."""
    lines = lines_about(certificate)
    return next((line for line in lines if line.command == "records.pass-statement-issued"), None)


def _paper(
    certificate: PassCertificate, on: date, clauses: tuple[str, ...]
) -> tuple[dict[str, object], dict[str, bytes]]:
    candidate, score = certificate.record.candidate, certificate.score
    check_shown([score]).decision(clock.today()).require()
    province = candidate.agency_code[:2]
    data: dict[str, object] = {
        "agency": Agency.objects.filter(code=province).values_list("name", flat=True).first() or "",
        "number": certificate.number,
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "id_number": masked(candidate).id_number,
        "admission_number": candidate.admission_number,
        "major": f"{candidate.major.name}（{candidate.major.get_level_display()}）",
        "code": score.course.code,
        "course": score.course.name,
        "score": score.shown,
        "obtained": f"{score.sitting_label[:4]}年{int(score.sitting_label[5:7])}月",
        "how": score.get_how_display(),
        "issued_on": on,
        "qr": _code(certificate),
        "clauses": [clause(name).chip for name in clauses],
    }
    return data, {"portrait": storage.get(candidate.portrait)} if candidate.portrait else {}


def _code(certificate: PassCertificate) -> Raster:
    """The certificate's promise: the line that issued it, and what is printed of the person, course and score."""
    candidate, score = certificate.record.candidate, certificate.score
    return receipt_qr(
        Told(f"records.passcertificate:{certificate.pk}", "records.pass-certificate-issued"),
        kind="课程合格证",
        printed={
            "证书编号": certificate.number,
            "姓名": candidate.name,
            "课程代码": score.course.code,
            "成绩": score.shown,
        },
        otherwise=f"zikao:pass:{candidate.agency_code[:2]}:{certificate.number}:{score.shown}",
    )
