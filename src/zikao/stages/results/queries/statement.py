"""What a result statement (成绩通知单) is made of."""

from __future__ import annotations

from datetime import date

from zikao.foundation import storage
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import NotFound
from zikao.foundation.ledger import lines_about
from zikao.foundation.regulation import clause
from zikao.foundation.witness.papers import Told, receipt_qr
from zikao.stages.agencies.models import Agency
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import masked
from zikao.stages.results.models import Publication, Score
from zikao.stages.results.queries.scores import published_scores
from zikao.stages.results.queries.shown import check_shown
from zikao.stages.results.states import Standing

NOTES = (
    "1. 60分（等第为及格）以上为合格；合格的课程不必重考。",
    "2. “缺考”指考场记录中没有到考；“成绩取消”指依照处理决定该科成绩无效。两者都可以下次重新报考。",
    "3. 对成绩有疑问的，请在省级教育考试机构公布的时间内申请成绩复核。",
)


def statement_of(candidate: Candidate, sitting_code: str, on: date) -> tuple[dict[str, object], dict[str, bytes]]:
    """The data and pictures of the statement of a published sitting; NotFound where nothing of it may be told."""
    rows = list(published_scores(candidate.pk).filter(sitting__code=sitting_code).order_by("course__code"))
    if not rows:
        raise NotFound("no-published-scores", message="这一考次没有已公布的成绩。")
    check = check_shown(rows)
    check.decision(on).require()
    number, province = candidate.admission_number, candidate.agency_code[:2]
    digest = sm3(canonical([[row.course.code, row.shown] for row in rows])).hex()[:16]
    receipt = _receipt(rows[0])
    agency = Agency.objects.filter(code=province).values_list("name", flat=True).first() or ""
    data: dict[str, object] = {
        "agency": agency,
        "sitting": str(rows[0].sitting),
        "name": candidate.name,
        "id_number": masked(candidate).id_number,
        "admission_number": number,
        "major": str(candidate.major),
        "rows": [_line(row) for row in rows],
        "passed": sum(row.passed for row in rows),
        "count": len(rows),
        "notes": NOTES,
        "receipt": receipt,
        "digest": digest,
        "check_code": check.code,
        "issued_on": on,
        "qr": receipt_qr(
            Told(f"results.publication:{_publication(rows[0]).pk}", "results.published"),
            kind="成绩通知单",
            printed={"准考证号": number, "姓名": candidate.name, "内容摘要": digest},
            otherwise=f"zikao:scores:{province}:{number}:{sitting_code}:{digest}:{receipt}",
        ),
        "clauses": [clause(name).chip for name in ("SR-13.1", "EA-42", "SR-A1.14")],
    }
    return data, {"portrait": storage.get(candidate.portrait)} if candidate.portrait else {}


def _line(row: Score) -> dict[str, object]:
    valid = row.standing == Standing.VALID
    verdict = ("合格" if row.passed else "不合格") if valid else "—"
    return {"code": row.course.code, "course": row.course.name, "score": row.shown, "verdict": verdict}


def _receipt(row: Score) -> str:
    lines = [each for each in lines_about(_publication(row)) if each.command == "results.published"]
    return str(lines[0].id) if lines else ""


def _publication(row: Score) -> Publication:
    return Publication.objects.get(sitting=row.sitting)
