"""Every write of personnel."""

from zikao.stages.personnel.commands.certificates import (
    issue_certificate,
    issue_certificates,
    withdraw_certificate,
)
from zikao.stages.personnel.commands.conduct import (
    annul_conduct,
    record_conduct,
)
from zikao.stages.personnel.commands.dispatching import (
    dispatch_people,
    recall_person,
)
from zikao.stages.personnel.commands.duties import (
    appoint_chief,
    assign_duty,
    assign_invigilator,
    record_duties_done,
)
from zikao.stages.personnel.commands.handing_over import hand_over_duty
from zikao.stages.personnel.commands.interests import (
    decide_flag,
    declare_interest,
    declare_kin,
    declare_own_interest,
    declare_own_kin,
    declare_staff_kin,
    order_detection,
    record_findings,
    withdraw_interest,
    withdraw_kin,
)
from zikao.stages.personnel.commands.linking import (
    link_account,
)
from zikao.stages.personnel.commands.pay import (
    approve_pay,
    correct_pay,
    draw_up_marking_pay,
    draw_up_pay,
    mark_paid,
    set_rate,
    supplement_pay,
)
from zikao.stages.personnel.commands.posts import (
    appoint_to_post,
    end_post,
)
from zikao.stages.personnel.commands.pupils import declare_pupils
from zikao.stages.personnel.commands.register import (
    RowsRefused,
    amend_person,
    import_staff,
    register_person,
    register_persons,
    review_conditions,
)
from zikao.stages.personnel.commands.rosters import (
    assign_invigilators,
    draw_roster,
)
from zikao.stages.personnel.commands.training import (
    certify_course,
    enrol_staff,
    plan_course,
    record_attendance,
    record_scores,
)

__all__ = [
    "RowsRefused",
    "amend_person",
    "annul_conduct",
    "appoint_chief",
    "appoint_to_post",
    "approve_pay",
    "assign_duty",
    "assign_invigilator",
    "assign_invigilators",
    "certify_course",
    "correct_pay",
    "decide_flag",
    "declare_interest",
    "declare_kin",
    "declare_own_interest",
    "declare_own_kin",
    "declare_pupils",
    "declare_staff_kin",
    "dispatch_people",
    "draw_roster",
    "draw_up_marking_pay",
    "draw_up_pay",
    "end_post",
    "enrol_staff",
    "hand_over_duty",
    "import_staff",
    "issue_certificate",
    "issue_certificates",
    "link_account",
    "mark_paid",
    "order_detection",
    "plan_course",
    "recall_person",
    "record_attendance",
    "record_conduct",
    "record_duties_done",
    "record_findings",
    "record_scores",
    "register_person",
    "register_persons",
    "review_conditions",
    "set_rate",
    "supplement_pay",
    "withdraw_certificate",
    "withdraw_interest",
    "withdraw_kin",
]
