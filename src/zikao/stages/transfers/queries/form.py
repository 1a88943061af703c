"""What the two registration forms (登记表, annex tables 1 and 2) hold."""

from __future__ import annotations

from zikao.foundation import storage
from zikao.foundation.clock import local_day
from zikao.foundation.provinces import province_name
from zikao.foundation.regulation import clause
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.models import ID_NUMBER, PHONE
from zikao.stages.programmes.models import Major
from zikao.stages.transfers.models import Transfer, TransferCourse
from zikao.stages.transfers.queries.moving import moving_scores
from zikao.stages.transfers.states import Direction, MovingScore, Way

WAY_NUMBERS = {Way.ORIGINAL: "1", Way.SUBSTITUTION: "2", Way.NONE: "不转入"}


def form_of(transfer: Transfer) -> tuple[dict[str, object], dict[str, bytes]]:
    """The data and pictures of a transfer's form; it holds the whole ID number, as the regulation's table asks."""
    candidate = transfer.candidate
    elsewhere = Major.objects.filter(code=transfer.counterpart_major).first()
    province = candidate.agency_code[:2]
    leaving = transfer.direction == Direction.OUT
    data: dict[str, object] = {
        "leaving": leaving,
        "agency": Agency.objects.filter(code=province).values_list("name", flat=True).first() or "",
        "number": transfer.number,
        "name": candidate.name,
        "sex": candidate.get_sex_display(),
        "born_on": candidate.born_on,
        "id_number": ID_NUMBER.text(candidate),
        "phone": PHONE.text(candidate),
        "admission_number": candidate.admission_number,
        "major_code": candidate.major.code,
        "major": candidate.major.name,
        "level": candidate.major.level,
        "here": province_name(province),
        "reason": transfer.reason,
        "courses": _courses(transfer),
        "conduct": "；".join(transfer.integrity) or "无",
        "elsewhere": province_name(transfer.counterpart),
        "elsewhere_number": transfer.counterpart_admission_number,
        "elsewhere_major_code": transfer.counterpart_major,
        "elsewhere_major": elsewhere.name if elsewhere else "",
        "elsewhere_level": elsewhere.level if elsewhere else "",
        "clauses": [clause(name).chip for name in (("SR-A2.3.1", "SR-A2.3.5") if leaving else ("SR-A2.4.4",))],
    }
    return data, {"portrait": storage.get(candidate.portrait)} if candidate.portrait else {}


def _courses(transfer: Transfer) -> list[dict[str, object]]:
    found = list(transfer.courses.select_related("counts_as").order_by("course_code"))
    if found:
        return [_kept(course) for course in found]
    if transfer.direction == Direction.IN:
        return []
    return [_to_confirm(score) for score in moving_scores(transfer.candidate, local_day(transfer.applied_at))]


def _kept(course: TransferCourse) -> dict[str, object]:
    way = WAY_NUMBERS.get(Way(course.way), "") if course.way else ""
    if course.way == Way.SUBSTITUTION and course.counts_as is not None:
        way = f"2（替换为 {course.counts_as.code}）"
    return {
        "code": course.course_code,
        "name": course.course_name,
        "credits": course.credits,
        "score": course.grade if course.value is None else course.value,
        "passed_in": course.sitting_label,
        "way": way,
    }


def _to_confirm(score: MovingScore) -> dict[str, object]:
    return {
        "code": score.course_code,
        "name": score.course,
        "credits": score.credits,
        "score": score.grade if score.value is None else score.value,
        "passed_in": score.sitting_label,
        "way": "",
    }
