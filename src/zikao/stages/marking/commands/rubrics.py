"""The rubric of a paper, made by its subject group, under its class from the first version on."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import mac_of
from zikao.foundation.errors import BadInput
from zikao.foundation.secrecy.classes import classify, require_access
from zikao.stages.marking import policies
from zikao.stages.marking.models import Rubric
from zikao.stages.marking.models.rubrics import RUBRIC_TEXT
from zikao.stages.marking.queries import paper_of
from zikao.stages.marking.queries.persons import account_of, may_mark
from zikao.stages.marking.secrets import RUBRIC, matter_of


@command(writes="marking.rubric-made", clauses=("EA-4.2", "EA-10"), posts=policies.RUBRIC_MAKERS)
def make_rubric(*, paper_id: int, text: str, by: Actor, at: datetime) -> Outcome[Rubric]:
    """Write a paper's rubric, sealed and under its class; a further one is a new version.

    Source:  EA-4.2, EA-10 (the leader of a subject group marks, too)
    Writes:  marking.rubric-made
    Raises:  NotPermitted, NotFound, BadInput, Refused (an interest in the sitting, no certificate)
    """
    paper = paper_of(paper_id, lock=True)
    require_access(matter_of(RUBRIC, paper), by=by, at=at)
    may_mark(by.account_id, local_day(at)).require()
    if not text.strip():
        raise BadInput("rubric-empty", field_errors={"text": "请写出评分细则。"}, message="评分细则没有内容。")
    version = Rubric.objects.filter(paper=paper).count() + 1
    rubric = Rubric.objects.create(
        paper=paper,
        version=version,
        text_sealed=RUBRIC_TEXT.seal(text.strip(), paper.pk, version),
        digest=mac_of(f"rubric:{paper.pk}:{text.strip()}").hex(),
        made_by=account_of(by),
        made_by_name=by.name,
        made_at=at,
        agency_code=by.agency_code,
    )
    classify(matter_of(RUBRIC, paper), title=str(paper), national=paper.national, at=at)
    return Outcome(rubric, facts={"paper": paper.pk, "version": version, "digest": rubric.digest})
