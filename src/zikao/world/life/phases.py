"""Which function lives which phase, at a province and at the centre. The order stands in `phase_list`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from zikao.world import calendar
from zikao.world.life import (
    arriving,
    changing,
    correcting,
    enrolling,
    entering,
    examining,
    graduating,
    incidents,
    marking,
    moving,
    planning,
    publishing,
    ruling,
    safekeeping,
    setting_up,
    staffing,
)
from zikao.world.life.context import Life

Facts = dict[str, Any]
Lived = Callable[[Life, Facts], Any]


def _meet(life: Life, facts: Facts) -> None:
    setting_up.meet_peers(life, [peer for peer in facts["peers"] if peer["code"] != facts["self"]])


def _alone(function: Callable[[Life], Any]) -> Lived:
    """A phase that asks nothing of the others."""
    return lambda life, facts: function(life)


INCIDENT = {1: incidents.report_from_a_site, 2: incidents.end_it, 3: incidents.close_it}
"""What becomes of the incident in which unit: first, so that its messages travel while the unit is lived."""


def _unit(number: int, life: Life, facts: Facts) -> None:
    if number in INCIDENT:
        INCIDENT[number](life)
    examining.hold_unit(life, number)


def _after_the_exams(life: Life, facts: Facts) -> None:
    publishing.notify_cases(life)
    staffing.pay_and_praise(life, examining.used_sites())


def _in_the_end(life: Life) -> None:
    correcting.correct_scores(life)
    changing.change_registers(life)


AT_PROVINCE: dict[str, Lived] = {
    "meet": _meet,
    "set-up": _alone(setting_up.set_up_province),
    "plans": _alone(planning.adopt_plans),
    "file": _alone(planning.file_timetable),
    "rules": _alone(ruling.write_to_the_centre),
    "publish": _alone(planning.publish_timetable),
    "register": _alone(enrolling.register_everybody),
    "past": _alone(enrolling.bring_earlier_scores),
    "mover": _alone(moving.register_mover),
    "arrive": _alone(arriving.arrive),
    "come-again": _alone(arriving.come_again),
    "window": _alone(entering.open_window),
    "enter": _alone(entering.enter_and_pay),
    "enter-mover": _alone(moving.enter_at_destination),
    "commit": _alone(entering.commit_secrets),
    "freeze": _alone(entering.freeze_list),
    "send-figures": _alone(ruling.report_figures),
    "draw": _alone(entering.draw),
    "duties": _alone(examining.assign_duties),
    "pack": _alone(examining.pack_and_store),
    **{f"unit-{n}": partial(_unit, n) for n in calendar.UNIT_NUMBERS},
    "notify": _after_the_exams,
    "keys": _alone(marking.prepare_marking),
    "scan": _alone(marking.scan_and_read),
    "mark": _alone(marking.mark_and_total),
    "decide-cases": _alone(publishing.decide_cases),
    "results": _alone(publishing.publish_results),
    "leave": moving.apply_to_leave,
    "graduate": _alone(graduating.apply_for_graduation),
    "audit": _alone(graduating.decide),
    "certify": _alone(graduating.certify),
    "report": _alone(graduating.report),
    "hand-out": _alone(graduating.hand_out),
    "upload": _alone(moving.upload),
    "complete": _alone(moving.complete),
    "correct": _alone(_in_the_end),
    "custody": _alone(safekeeping.give_into_custody),
    "factors": _alone(setting_up.set_up_factors),
}

AT_CENTRE: dict[str, Lived] = {
    "meet": _meet,
    "set-up": _alone(setting_up.set_up_centre),
    "issue": _alone(planning.issue_timetable),
    "answers": _alone(ruling.answer_the_provinces),
    "ask-figures": _alone(ruling.ask_for_figures),
    "incident-1": _alone(incidents.receive_and_pass_on),
    "incident-2": _alone(incidents.acknowledge_the_end),
    "incident-3": _alone(incidents.acknowledge_the_closing),
    "custody": _alone(safekeeping.give_into_custody),
    "factors": _alone(setting_up.set_up_factors),
}
