"""Every write of programmes."""

from zikao.stages.programmes.commands.detailed_rules import (
    draft_detailed_rules,
    drop_detailed_value,
    propose_detailed_rules,
    record_rules_answer,
    set_detailed_value,
)
from zikao.stages.programmes.commands.filing import (
    acknowledge_timetable,
    file_timetable,
    publish_timetable,
    return_timetable,
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
from zikao.stages.programmes.commands.timetables import (
    draft_timetable,
    take_over_timetable,
)

__all__ = [
    "accept_proposal",
    "acknowledge_timetable",
    "apply_plan_import",
    "define_units",
    "draft_detailed_rules",
    "draft_timetable",
    "drop_detailed_value",
    "drop_plan_import",
    "drop_proposal",
    "file_timetable",
    "import_plans",
    "keep_proposal",
    "open_sitting",
    "order_proposal",
    "propose_detailed_rules",
    "publish_timetable",
    "record_paper_change",
    "record_permission_answer",
    "record_rules_answer",
    "register_major",
    "request_permission",
    "return_timetable",
    "set_detailed_value",
    "stage_plans",
    "take_over_timetable",
]
