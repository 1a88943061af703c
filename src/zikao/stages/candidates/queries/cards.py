"""What the admission card is made of."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation import storage
from zikao.foundation.clock import LOCAL, local_day
from zikao.foundation.documents import Raster, code128
from zikao.foundation.regulation import clause
from zikao.foundation.witness.papers import Told, receipt_qr
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries.register import integrity_file, masked, suspended_until

CARD_NOTES = (
    "1. 本证供报考和考试使用，一人一号，长期有效，请妥善保管，不得转借、涂改。",
    "2. 参加考试须同时携带本证、考试通知单和有效身份证件。",
    "3. 遗失的，到报名县（区）凭身份证补发，号码不变。",
)


def card_of(candidate: Candidate) -> tuple[dict[str, object], dict[str, bytes]]:
    """What the admission card (candidates/card.typ) is made of: its data, and its pictures."""
    names = dict(
        Agency.objects.filter(code__in=[candidate.agency_code, candidate.agency_code[:2]]).values_list("code", "name")
    )
    number = candidate.admission_number
    data: dict[str, object] = {
        "agency": names.get(candidate.agency_code[:2], ""),
        "title": "高等教育自学考试准考证",
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "born_on": candidate.born_on,
        "id_number": masked(candidate).id_number,
        "admission_number": number,
        "county": names.get(candidate.agency_code, candidate.agency_code),
        "major": str(candidate.major),
        "issued_on": local_day(candidate.registered_at),
        "barcode": code128(number),
        "qr": _card_code(candidate),
        "notes": CARD_NOTES,
        "clauses": [clause(name).chip for name in ("EA-13.1", "EA-14", "EA-28")],
    }
    return data, {"portrait": storage.get(candidate.portrait)} if candidate.portrait else {}


def _card_code(candidate: Candidate) -> Raster:
    """The card's promise: the line of the registration, single or in bulk, and the number and name printed."""
    sitting = f"sitting:{candidate.first_sitting.code}"
    return receipt_qr(
        Told(f"candidates.candidate:{candidate.pk}", "candidates.registered"),
        Told(f"candidates.candidate:{candidate.pk}", "candidates.preregistration-confirmed"),
        Told(sitting, "candidates.registered-in-bulk", candidate.registered_at),
        kind="准考证",
        printed={"准考证号": candidate.admission_number, "姓名": candidate.name},
        otherwise=f"zikao:card:{candidate.agency_code[:2]}:{candidate.admission_number}",
    )


def integrity_paper(candidate: Candidate, on: date) -> dict[str, object]:
    """What the printed integrity file (candidates/integrity.typ) is made of."""
    agency = Agency.objects.filter(code=candidate.agency_code[:2]).values_list("name", flat=True).first()
    until = suspended_until(candidate, on)
    return {
        "agency": agency or "",
        "name": candidate.name,
        "admission_number": candidate.admission_number,
        "id_number": masked(candidate).id_number,
        "pledges": [
            {"sitting": str(each.sitting), "at": _moment(each.accepted_at), "digest": each.text_digest[:16]}
            for each in candidate.pledges.select_related("sitting").order_by("accepted_at")
        ],
        "entries": [
            {"kind": each.get_kind_display(), "text": each.text, "at": _moment(each.at)}
            for each in integrity_file(candidate)
        ],
        "suspended_until": f"{until:%Y-%m-%d}（不含）" if until else "",
        "issued_on": on,
        "clauses": [clause("EA-26.1").chip],
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
