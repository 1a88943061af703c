"""Addresses of accounts and appointments."""

from django.urls import path

from zikao.portals.accounts.views import accounts, appointments, own

app_name = "accounts"

staff_urls = [
    path("", accounts.account_list, name="list"),
    path("open/", accounts.open_account, name="open"),
    path("<int:account_id>/", accounts.account_page, name="account"),
    path("<int:account_id>/close/", accounts.close_account, name="close"),
    path("<int:account_id>/password/", accounts.reset_password, name="reset-password"),
    path("<int:account_id>/appoint/", appointments.appoint, name="appoint"),
    path("appointments/", appointments.appointment_list, name="appointments"),
    path("appointments/<int:appointment_id>/", appointments.appointment_page, name="appointment"),
    path("appointments/<int:appointment_id>/end/", appointments.end_appointment, name="end-appointment"),
    path("own/", own.own_account, name="own"),
    path("own/password/", own.change_password, name="change-password"),
]
candidate_urls = [path("password/", own.change_candidate_password, name="change-candidate-password")]
