"""Who may be taken on, who may stand in a post on a day, and who must keep away."""

from __future__ import annotations

from datetime import date

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.foundation.resident_id import birth_date, check_character, is_shaped

IN_FORCE = date(2020, 9, 27)
SENSITIVE_POSTS = frozenset({"chief", "deputy", "invigilator", "papers", "marker"})

BASIC_CONDITIONS = Rule("personnel.basic-conditions", title="考试工作人员的基本条件")
CERTIFICATION = Rule("personnel.certification", title="培训、考核合格后发证")
POSTING = Rule("personnel.posting", title="持有效证件上岗")
RECUSAL = Rule("personnel.recusal", title="直系亲属或利害关系回避")
INVIGILATOR = Rule("personnel.invigilator", title="不得担任监考员的人员")
STAFFING = Rule("personnel.staffing", title="每个考场的监考员人数")
CHIEFS = Rule("personnel.chiefs", title="每个考点的主考人数")


@BASIC_CONDITIONS.version("EA-9", since=IN_FORCE)
def _(*, confirmed: tuple[str, ...], on: date) -> Decision:
    missing = [name for name in parameter("staff-conditions").on(on) if name not in confirmed]
    return decide("EA-9", not missing, "conditions-not-confirmed", missing=missing)


@CERTIFICATION.version("EA-10", since=IN_FORCE)
def _(*, training_hours: int, trained_on: date, assessed_on: date, assessment_passed: bool, on: date) -> Decision:
    return all_of(
        decide("EA-10", training_hours > 0 and trained_on <= on, "not-trained"),
        decide("EA-10", assessment_passed and trained_on <= assessed_on <= on, "not-assessed", assessed=assessed_on),
    )


@POSTING.version("EA-10", since=IN_FORCE)
def _(*, valid_from_on: date | None, valid_until: date | None, on: date) -> Decision:
    valid = valid_from_on is not None and valid_until is not None and valid_from_on <= on < valid_until
    return decide("EA-10", valid, "no-valid-certificate", on=on, until=valid_until)


@RECUSAL.version(("EA-11.1", "EA-11.2"), since=IN_FORCE)
def _(*, part_time: bool, declared: bool, post_kind: str) -> Decision:
    if part_time:
        return decide("EA-11.2", not declared, "part-time-recused")
    return decide("EA-11.1", not declared or post_kind not in SENSITIVE_POSTS, "full-time-recused")


@INVIGILATOR.version("EA-25.4", since=IN_FORCE)
def _(*, teaches_at_tutoring_institution: bool) -> Decision:
    return decide("EA-25.4", not teaches_at_tutoring_institution, "tutoring-teacher")


@STAFFING.version("EA-25.3", since=IN_FORCE)
def _(*, per_room: int, rooms: int, rovers: int, available: int, on: date) -> Decision:
    least = parameter("invigilators-per-room").on(on)
    needed = per_room * rooms + rovers
    return all_of(
        decide("EA-25.3", per_room >= least, "invigilators-per-room", per_room=per_room, least=least),
        decide("EA-25.3", rovers >= parameter("rovers-per-site").on(on), "no-rover"),
        decide("EA-25.3", available >= needed, "invigilators-too-few", available=available, needed=needed),
    )


@CHIEFS.version("EA-24.4", since=IN_FORCE)
def _(*, chiefs: int, on: date) -> Decision:
    allowed = parameter("site-chiefs").on(on)
    return decide("EA-24.4", chiefs < allowed, "chief-appointed-already", chiefs=chiefs)


def id_number_fault(number: str) -> str | None:
    """What is wrong with a resident ID number (GB 11643), in Chinese; None when its shape and check digit hold."""
    if not is_shaped(number):
        return "身份证号应为18位，前17位为数字。"
    if birth_date(number) is None:
        return "身份证号中的出生日期不存在。"
    return None if check_character(number[:17]) == number[17] else "身份证号的校验码不对，请核对是否录错。"
