"""Addresses of programmes."""

from django.urls import path

from zikao.stages.programmes.views import (
    corrections,
    detailed_rules,
    imports,
    kinds,
    permissions,
    plans,
    proposals,
    timetables,
)

app_name = "programmes"

staff_urls = [
    path("plans/", plans.plan_list, name="plans"),
    path("plans/workbook/", plans.workbook, name="plans-workbook"),
    path("plans/majors/new/", plans.register_major, name="register-major"),
    path("plans/import/", imports.import_plans, name="import-plans"),
    path("plans/imports/", imports.import_list, name="plan-imports"),
    path("plans/imports/<int:import_id>/", imports.import_page, name="plan-import"),
    path("plans/imports/<int:import_id>/apply/", imports.apply_plan_import, name="apply-plan-import"),
    path("plans/imports/<int:import_id>/drop/", imports.drop_plan_import, name="drop-plan-import"),
    path("plans/<int:plan_id>/", plans.plan_page, name="plan"),
    path("kinds/", kinds.kind_list, name="course-kinds"),
    path("rules/", detailed_rules.rules_list, name="detailed-rules"),
    path("rules/new/", detailed_rules.draft, name="draft-detailed-rules"),
    path("rules/settings/", detailed_rules.settings_page, name="settings"),
    path("rules/<int:rules_id>/", detailed_rules.rules_page, name="detailed-rule"),
    path("rules/<int:rules_id>/set/", detailed_rules.set_value, name="set-detailed-value"),
    path("rules/<int:rules_id>/drop/", detailed_rules.drop_value, name="drop-detailed-value"),
    path("rules/<int:rules_id>/propose/", detailed_rules.propose_rules, name="propose-detailed-rules"),
    path("permissions/", permissions.permission_list, name="permissions"),
    path("permissions/new/", permissions.request_permission, name="request-permission"),
    path("permissions/<int:permission_id>/", permissions.permission_page, name="permission"),
    path("permissions/<int:permission_id>/change/", permissions.record_paper_change, name="record-paper-change"),
    path("sittings/", timetables.sitting_list, name="sittings"),
    path("sittings/open/", timetables.open_sitting, name="open-sitting"),
    path("sittings/draft/", timetables.draft, name="draft"),
    path("sittings/<str:sitting_code>/", timetables.sitting_page, name="sitting"),
    path("sittings/<str:sitting_code>/workbook/", timetables.workbook, name="timetable-workbook"),
    path("sittings/<str:sitting_code>/clashes/", proposals.clash_list, name="clashes"),
    path("sittings/<str:sitting_code>/count/", proposals.order_demand, name="order-demand"),
    path("sittings/<str:sitting_code>/propose/", proposals.order_proposal, name="order-proposal"),
    path("sittings/<str:sitting_code>/correct/", corrections.correct, name="correct"),
    path("corrections/<int:correction_id>/", corrections.correction_page, name="correction"),
    path("corrections/<int:correction_id>/file/", corrections.file_correction, name="file-correction"),
    path("corrections/<int:correction_id>/publish/", corrections.publish_correction, name="publish-correction"),
    path("corrections/<int:correction_id>/drop/", corrections.drop_correction, name="drop-correction"),
    path("proposals/<int:proposal_id>/", proposals.proposal_page, name="proposal"),
    path("proposals/<int:proposal_id>/accept/", proposals.accept_proposal, name="accept-proposal"),
    path("proposals/<int:proposal_id>/drop/", proposals.drop_proposal, name="drop-proposal"),
    path("sittings/<str:sitting_code>/file/", timetables.file_timetable, name="file"),
    path("sittings/<str:sitting_code>/publish/", timetables.publish, name="publish"),
]
public_urls = [
    path("plans/", plans.public_plans, name="public-plans"),
    path("plans/<int:plan_id>/", plans.public_plan, name="public-plan"),
    path("timetable/", timetables.timetable, name="timetable"),
    path("timetable/<str:sitting_code>/<int:number>/", corrections.edition, name="edition"),
    path("timetable/<str:sitting_code>/<int:number>/notice/", corrections.notice, name="correction-notice"),
]
