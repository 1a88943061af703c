"""Every write of candidates."""

from zikao.stages.candidates.commands.account import set_candidate_password
from zikao.stages.candidates.commands.bulk import RowsRefused, register_many
from zikao.stages.candidates.commands.changing import change_contact, change_major
from zikao.stages.candidates.commands.correcting import propose_identity_correction
from zikao.stages.candidates.commands.declaring import declare_relative, declare_tutoring, list_tutored
from zikao.stages.candidates.commands.desk import call_queued, confirm_registration, put_back, return_queued
from zikao.stages.candidates.commands.file import (
    accept_pledge,
    accept_pledges,
    issue_card,
    record_integrity,
    reissue_card,
)
from zikao.stages.candidates.commands.gathering import (
    note_refused_batch,
    report_passes,
    report_registrations,
    take_accounts,
    take_elsewhere,
)
from zikao.stages.candidates.commands.needs import (
    apply_accommodation,
    decide_accommodation,
    withdraw_accommodation,
)
from zikao.stages.candidates.commands.online import (
    accept_terms,
    answer_preregistration,
    attach_portrait,
    begin_preregistration,
    lapse_preregistrations,
    resume_preregistration,
    submit_preregistration,
    withdraw_preregistration,
)
from zikao.stages.candidates.commands.places import (
    close_registration_place,
    open_registration_place,
    set_registration_period,
    take_on_registration_place,
)
from zikao.stages.candidates.commands.portraits import check_portrait, forget_portraits
from zikao.stages.candidates.commands.registration import register_candidate
from zikao.stages.candidates.commands.suspending import (
    Order,
    impose_suspension,
    lift_suspension,
    take_lifting,
    take_suspension,
)

__all__ = [
    "Order",
    "RowsRefused",
    "accept_pledge",
    "accept_pledges",
    "accept_terms",
    "answer_preregistration",
    "apply_accommodation",
    "attach_portrait",
    "begin_preregistration",
    "call_queued",
    "change_contact",
    "change_major",
    "check_portrait",
    "close_registration_place",
    "confirm_registration",
    "decide_accommodation",
    "declare_relative",
    "declare_tutoring",
    "forget_portraits",
    "impose_suspension",
    "issue_card",
    "lapse_preregistrations",
    "lift_suspension",
    "list_tutored",
    "note_refused_batch",
    "open_registration_place",
    "propose_identity_correction",
    "put_back",
    "record_integrity",
    "register_candidate",
    "register_many",
    "reissue_card",
    "report_passes",
    "report_registrations",
    "resume_preregistration",
    "return_queued",
    "set_candidate_password",
    "set_registration_period",
    "submit_preregistration",
    "take_accounts",
    "take_elsewhere",
    "take_lifting",
    "take_on_registration_place",
    "take_suspension",
    "withdraw_accommodation",
    "withdraw_preregistration",
]
