"""Who may be taken on, who may stand in a post on a day, and who must keep away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zikao.foundation.regulation import Decision, Rule, all_of, decide, parameter
from zikao.foundation.resident_id import birth_date, check_character, is_shaped

IN_FORCE = date(2020, 9, 27)
SENSITIVE_POSTS = frozenset({"chief", "deputy", "invigilator", "papers", "marker"})
SENT_BY_PROVINCE = frozenset({"chief", "invigilator", "rover"})

BASIC_CONDITIONS = Rule("personnel.basic-conditions", title="考试工作人员的基本条件")
CERTIFICATION = Rule("personnel.certification", title="培训、考核合格后发证")
POSTING = Rule("personnel.posting", title="持有效证件上岗")
RECUSAL = Rule("personnel.recusal", title="直系亲属或利害关系回避")
INVIGILATOR = Rule("personnel.invigilator", title="不得担任监考员的人员")
STAFFING = Rule("personnel.staffing", title="每个考场的监考员人数")
CHIEFS = Rule("personnel.chiefs", title="每个考点的主考人数")
CONDITION = Rule("personnel.condition", title="任职期间保持基本条件")
COURSE = Rule("personnel.course", title="岗前培训的内容和学时")
PASSING = Rule("personnel.passing", title="培训到场并考核合格")
APART = Rule("personnel.apart", title="本人和亲属的报考、成绩、考籍事项由他人办理")
UNDECIDED = Rule("personnel.undecided", title="回避线索未认定前不安排")
DISCIPLINE = Rule("personnel.discipline", title="严重违反纪律的停止工作")
ONE_SITE = Rule("personnel.one-site", title="统一调派的人员只到调派的考点")
DISPATCH = Rule("personnel.dispatch", title="统一调派的人员库")
TUTORING_PREMISES = Rule("personnel.tutoring-premises", title="助学机构场地的主考、监考员由省级从外部选派")
INSPECTED_PREMISES = Rule("personnel.inspected-premises", title="助学机构场地有省级巡视人员")
TOGETHER = Rule("personnel.together", title="同一考场的监考员来自不同学校、没有同场过")
ROSTER = Rule("personnel.roster", title="监考编排能否成立")
READY = Rule("personnel.ready", title="考前人员到岗核对")
RATES = Rule("personnel.rates", title="劳务标准已经制定")
UNITS_HELD = Rule[tuple[int, ...]]("personnel.units-held", title="中途接替的全程岗位，各按实际履行的单元计酬")
TAKING_OVER = Rule("personnel.taking-over", title="已经开考的全程岗位，从哪一单元起接替")
PAY_APPROVAL = Rule("personnel.pay-approval", title="编制与审批分开")


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


@CONDITION.version("EA-9", since=IN_FORCE)
def _(*, lapsed: tuple[str, ...]) -> Decision:
    return decide("EA-9", not lapsed, "conditions-lapsed", lapsed="、".join(lapsed))


@COURSE.version(("EA-10", "EA-A5.1"), since=IN_FORCE)
def _(*, hours: int, topics: int, on: date) -> Decision:
    least = parameter("training-hours").on(on)
    return all_of(
        decide("EA-A5.1", topics > 0, "course-without-topics"),
        decide("EA-10", hours >= least, "course-too-short", hours=hours, least=least),
    )


@PASSING.version(("EA-10", "EA-A5.1"), since=IN_FORCE)
def _(*, attended: bool, score: Decimal | int | None, pass_mark: int) -> Decision:
    return all_of(
        decide("EA-A5.1", attended, "did-not-attend"),
        decide("EA-10", score is not None and score >= pass_mark, "score-below-pass", score=score, mark=pass_mark),
    )


@APART.version("EA-11.1", since=IN_FORCE)
def _(*, relation: str) -> Decision:
    """`relation` in Chinese; empty: the candidate is nobody to the person."""
    return decide("EA-11.1", not relation, "own-relative", relation=relation)


@UNDECIDED.version("EA-11.2", since=IN_FORCE)
def _(*, open_flags: int) -> Decision:
    return decide("EA-11.2", open_flags == 0, "interest-undecided", count=open_flags)


@DISCIPLINE.version("EA-A5.8", since=IN_FORCE)
def _(*, serious_in_sitting: bool) -> Decision:
    return decide("EA-A5.8", not serious_in_sitting, "serious-breach")


@ONE_SITE.version("EA-25.5", since=IN_FORCE)
def _(*, dispatched_to: str, site: str) -> Decision:
    return decide("EA-25.5", dispatched_to in ("", site), "dispatched-elsewhere", site=dispatched_to)


@DISPATCH.version("EA-25.5", since=IN_FORCE)
def _(*, lacking: str) -> Decision:
    return decide("EA-25.5", not lacking, "dispatch-pool-short", lacking=lacking)


@TUTORING_PREMISES.version("EA-A3.2", since=IN_FORCE)
def _(*, on_tutoring_premises: bool, post_kind: str, dispatched: bool, from_outside: bool) -> Decision:
    bound = on_tutoring_premises and post_kind in SENT_BY_PROVINCE
    return all_of(
        decide("EA-A3.2", not bound or dispatched, "not-sent-by-province"),
        decide("EA-A3.2", not bound or from_outside, "not-from-outside"),
    )


@INSPECTED_PREMISES.version("EA-A3.2", since=IN_FORCE)
def _(*, on_tutoring_premises: bool, inspectors: int) -> Decision:
    return decide("EA-A3.2", not on_tutoring_premises or inspectors > 0, "no-provincial-inspector")


@TOGETHER.version("EA-25.3", since=IN_FORCE)
def _(*, same_school: bool, met_before: bool) -> Decision:
    return all_of(
        decide("EA-25.3", not same_school, "same-school"),
        decide("EA-25.3", not met_before, "met-before"),
    )


@ROSTER.version("EA-25.3", since=IN_FORCE)
def _(*, lacking: str) -> Decision:
    return decide("EA-25.3", not lacking, "roster-impossible", lacking=lacking)


@READY.version(("EA-25.3", "EA-24.4"), since=IN_FORCE)
def _(*, rooms_short: tuple[int, ...], rovers: int, chiefs: int, on: date) -> Decision:
    least = parameter("rovers-per-site").on(on)
    rooms = "、".join(f"第{number}考场" for number in rooms_short)
    return all_of(
        decide("EA-24.4", chiefs == parameter("site-chiefs").on(on), "no-chief"),
        decide("EA-25.3", not rooms_short, "rooms-short", rooms=rooms),
        decide("EA-25.3", rovers >= least, "rovers-short", rovers=rovers, least=least),
    )


@RATES.version("EA-7.2", since=IN_FORCE)
def _(*, without: str) -> Decision:
    return decide("EA-7.2", not without, "rate-missing", posts=without)


@UNITS_HELD.version("EA-7.2", since=IN_FORCE)
def _(*, units: tuple[int, ...], since_unit: int | None, until_unit: int | None) -> tuple[int, ...]:
    """Those of the units that were examined in which the post was held: from the one up to the other (exclusive)."""
    return tuple(
        unit
        for unit in sorted(units)
        if (since_unit is None or unit >= since_unit) and (until_unit is None or unit < until_unit)
    )


@TAKING_OVER.version("EA-7.2", since=IN_FORCE)
def _(*, begun: bool, units: tuple[int, ...], since_unit: int | None, from_unit: int | None) -> Decision:
    """`units` of the sitting; `since_unit`: from which the post is held now; `from_unit`: from which by the other."""
    later = tuple(unit for unit in sorted(units)[1:] if since_unit is None or unit > since_unit)
    return all_of(
        decide("EA-7.2", not begun or from_unit is not None, "taking-over-unit-missing"),
        decide(
            "EA-7.2", from_unit is None or from_unit == 0 or from_unit in later, "taking-over-unit-unknown", units=later
        ),
    )


@PAY_APPROVAL.version("EA-7.2", since=IN_FORCE)
def _(*, same_person: bool) -> Decision:
    return decide("EA-7.2", not same_person, "approver-drew-it-up")


def id_number_fault(number: str) -> str | None:
    """What is wrong with a resident ID number (GB 11643), in Chinese; None when its shape and check digit hold."""
    if not is_shaped(number):
        return "身份证号应为18位，前17位为数字。"
    if birth_date(number) is None:
        return "身份证号中的出生日期不存在。"
    return None if check_character(number[:17]) == number[17] else "身份证号的校验码不对，请核对是否录错。"


def phone_of(text: str) -> str:
    """A phone number as it is compared: its digits, without the country's code."""
    digits = "".join(each for each in text if each.isdigit())
    return digits.removeprefix("86") if len(digits) == 13 else digits


def address_of(text: str) -> str:
    """An address as it is compared: without spaces and punctuation."""
    return "".join(each for each in text if each.isalnum())
