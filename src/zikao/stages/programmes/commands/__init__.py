"""Every write of programmes."""

from zikao.stages.programmes.commands.corrections import (
    drop_correction,
    file_correction,
    publish_correction,
    record_correction_answer,
    stage_correction,
)
from zikao.stages.programmes.commands.demand import keep_demand, order_demand
from zikao.stages.programmes.commands.detailed_rules import (
    draft_detailed_rules,
    drop_detailed_value,
    propose_detailed_rules,
    record_rules_answer,
    set_detailed_value,
)
from zikao.stages.programmes.commands.editions import foreseen_by
from zikao.stages.programmes.commands.filing import (
    acknowledge_timetable,
    file_timetable,
    publish_timetable,
    return_timetable,
)
from zikao.stages.programmes.commands.kinds import take_course_kind
from zikao.stages.programmes.commands.national_editions import (
    take_national_correction,
    take_over_timetable,
)
from zikao.stages.programmes.commands.permissions import (
    record_paper_change,
    record_permission_answer,
    request_permission,
)
from zikao.stages.programmes.commands.plans import (
    apply_plan_import,
    drop_plan_import,
    import_plans,
    register_major,
    stage_plans,
)
from zikao.stages.programmes.commands.proposals import (
    accept_proposal,
    drop_proposal,
    keep_proposal,
    order_proposal,
)
from zikao.stages.programmes.commands.sittings import (
    define_units,
    open_sitting,
)
from zikao.stages.programmes.commands.timetables import draft_timetable

__all__ = [
    "accept_proposal",
    "acknowledge_timetable",
    "apply_plan_import",
    "define_units",
    "draft_detailed_rules",
    "draft_timetable",
    "drop_correction",
    "drop_detailed_value",
    "drop_plan_import",
    "drop_proposal",
    "file_correction",
    "file_timetable",
    "foreseen_by",
    "import_plans",
    "keep_demand",
    "keep_proposal",
    "open_sitting",
    "order_demand",
    "order_proposal",
    "propose_detailed_rules",
    "publish_correction",
    "publish_timetable",
    "record_correction_answer",
    "record_paper_change",
    "record_permission_answer",
    "record_rules_answer",
    "register_major",
    "request_permission",
    "return_timetable",
    "set_detailed_value",
    "stage_correction",
    "stage_plans",
    "take_course_kind",
    "take_national_correction",
    "take_over_timetable",
]
