"""Addresses of programmes."""

from django.urls import path

from zikao.stages.programmes.views import imports, permissions, plans, timetables

app_name = "programmes"

staff_urls = [
    path("plans/", plans.plan_list, name="plans"),
    path("plans/import/", imports.import_plans, name="import-plans"),
    path("plans/imports/", imports.import_list, name="plan-imports"),
    path("plans/imports/<int:import_id>/", imports.import_page, name="plan-import"),
    path("plans/imports/<int:import_id>/apply/", imports.apply_plan_import, name="apply-plan-import"),
    path("plans/imports/<int:import_id>/drop/", imports.drop_plan_import, name="drop-plan-import"),
    path("plans/<int:plan_id>/", plans.plan_page, name="plan"),
    path("permissions/", permissions.permission_list, name="permissions"),
    path("permissions/new/", permissions.request_permission, name="request-permission"),
    path("permissions/<int:permission_id>/", permissions.permission_page, name="permission"),
    path("permissions/<int:permission_id>/change/", permissions.record_paper_change, name="record-paper-change"),
    path("sittings/", timetables.sitting_list, name="sittings"),
    path("sittings/open/", timetables.open_sitting, name="open-sitting"),
    path("sittings/draft/", timetables.draft, name="draft"),
    path("sittings/<str:sitting_code>/", timetables.sitting_page, name="sitting"),
    path("sittings/<str:sitting_code>/file/", timetables.file_timetable, name="file"),
    path("sittings/<str:sitting_code>/publish/", timetables.publish, name="publish"),
]
public_urls = [
    path("plans/", plans.public_plans, name="public-plans"),
    path("plans/<int:plan_id>/", plans.public_plan, name="public-plan"),
    path("timetable/", timetables.timetable, name="timetable"),
]
