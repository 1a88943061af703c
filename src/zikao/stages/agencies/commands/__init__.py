"""Every write of agencies."""

from zikao.stages.agencies.commands.changing import (
    close_agency,
    mark_seat,
    merge_agency,
    recode_agency,
    rename_agency,
    split_agency,
)
from zikao.stages.agencies.commands.exceptions import (
    apply_for_exception,
    record_consent,
)
from zikao.stages.agencies.commands.facilities import (
    end_facility,
    end_secure_room,
    register_facility,
    register_secure_room,
    renew_facility,
    renew_secure_room,
)
from zikao.stages.agencies.commands.groups import (
    end_duty_phone,
    set_duty_phone,
    set_emergency_group,
    set_working_groups,
)
from zikao.stages.agencies.commands.institutions import (
    change_supporting_school,
    end_supporting_school,
    name_school_clerk,
    register_school,
    register_supporting_school,
    register_tutoring_institution,
    rename_school,
    rename_tutoring_institution,
)
from zikao.stages.agencies.commands.letters import (
    answer_premises_letter,
    send_premises_letter,
)
from zikao.stages.agencies.commands.recordkeeping import (
    assign_record_work,
    change_record_department,
    end_record_department,
    end_record_staff,
    engage_record_staff,
    record_staff_training,
    set_up_record_department,
)
from zikao.stages.agencies.commands.rooms import (
    add_rooms,
    change_room,
    remove_room,
)
from zikao.stages.agencies.commands.sites import (
    accept_site,
    change_site,
    close_site,
    disqualify_site,
    inspect_site,
    propose_site,
    suspend_site,
)
from zikao.stages.agencies.commands.tree import (
    open_agency,
    set_committee,
)

__all__ = [
    "accept_site",
    "add_rooms",
    "answer_premises_letter",
    "apply_for_exception",
    "assign_record_work",
    "change_record_department",
    "change_room",
    "change_site",
    "change_supporting_school",
    "close_agency",
    "close_site",
    "disqualify_site",
    "end_duty_phone",
    "end_facility",
    "end_record_department",
    "end_record_staff",
    "end_secure_room",
    "end_supporting_school",
    "engage_record_staff",
    "inspect_site",
    "mark_seat",
    "merge_agency",
    "name_school_clerk",
    "open_agency",
    "propose_site",
    "recode_agency",
    "record_consent",
    "record_staff_training",
    "register_facility",
    "register_school",
    "register_secure_room",
    "register_supporting_school",
    "register_tutoring_institution",
    "remove_room",
    "rename_agency",
    "rename_school",
    "rename_tutoring_institution",
    "renew_facility",
    "renew_secure_room",
    "send_premises_letter",
    "set_committee",
    "set_duty_phone",
    "set_emergency_group",
    "set_up_record_department",
    "set_working_groups",
    "split_agency",
    "suspend_site",
]
