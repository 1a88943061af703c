"""Consulting a record: for how long, by whom, which parts, and only where it was approved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter

IN_FORCE = date(2020, 9, 27)

CONSULTATION_TIME = Rule("records.consultation-time", title="查阅考籍档案的时间由批准确定")
CONSULTATION_LETTER = Rule("records.consultation-letter", title="外单位查阅考籍档案须持介绍信")
READING = Rule("records.reading", title="非考籍管理人员未经批准不得查阅考籍档案")
SCORES_READ = Rule("records.scores-read", title="未经批准不得查阅成绩")


@CONSULTATION_TIME.version("SR-10.4", since=IN_FORCE)
def _(*, at: datetime, opens_at: datetime, closes_at: datetime, on: date) -> Decision:
    hours = int(parameter("consultation-hours").on(on))
    days = int(parameter("consultation-ahead-days").on(on))
    return all_of(
        decide("SR-10.4", closes_at > opens_at, "consultation-ends-first"),
        decide("SR-10.4", closes_at > at, "consultation-in-the-past"),
        decide("SR-10.4", closes_at - opens_at <= timedelta(hours=hours), "consultation-too-long", hours=hours),
        decide("SR-10.4", opens_at - at <= timedelta(days=days), "consultation-too-far", days=days),
    )


@CONSULTATION_LETTER.version("SR-10.4", since=IN_FORCE)
def _(*, visitor: bool, letter: bool) -> Decision:
    return decide("SR-10.4", letter or not visitor, "consultation-without-letter")


@READING.version("SR-10.4", since=IN_FORCE)
def _(*, at: datetime, opens_at: datetime, closes_at: datetime, attended: bool, part_approved: bool) -> Decision:
    return all_of(
        decide("SR-10.4", at >= opens_at, "consultation-not-yet", opens_at=opens_at),
        decide("SR-10.4", at < closes_at, "consultation-over", closes_at=closes_at),
        decide("SR-10.4", attended, "consultation-not-attended"),
        decide("SR-10.4", part_approved, "consultation-part"),
    )


@SCORES_READ.version("SR-A1.12", since=IN_FORCE)
def _(*, scores_asked: bool, approved: bool) -> Decision:
    return decide("SR-A1.12", approved or not scores_asked, "scores-not-approved")
