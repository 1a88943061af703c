"""Everything that marking writes, from the key to the totals."""

from zikao.stages.marking.commands.cards import receive_scans, record_readings
from zikao.stages.marking.commands.comparison import compare_readings
from zikao.stages.marking.commands.corrections import (
    confirm_data_correction,
    propose_data_correction,
    refuse_data_correction,
)
from zikao.stages.marking.commands.keys import enter_key, register_questions, sign_key
from zikao.stages.marking.commands.marking import appoint_marker, give_mark, next_script, open_scripts
from zikao.stages.marking.commands.rubrics import make_rubric
from zikao.stages.marking.commands.rulings import place_set_aside, resolve_doubts
from zikao.stages.marking.commands.taking_back import take_back_script
from zikao.stages.marking.commands.totals import score_objective, total_scripts

__all__ = [
    "appoint_marker",
    "compare_readings",
    "confirm_data_correction",
    "enter_key",
    "give_mark",
    "make_rubric",
    "next_script",
    "open_scripts",
    "place_set_aside",
    "propose_data_correction",
    "receive_scans",
    "record_readings",
    "refuse_data_correction",
    "register_questions",
    "resolve_doubts",
    "score_objective",
    "sign_key",
    "take_back_script",
    "total_scripts",
]
