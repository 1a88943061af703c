"""Addresses of accounts and appointments."""

from django.urls import path

from zikao.portals.accounts.views import accounts, appointments, factors, journal, own, resets

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
    path("<int:account_id>/reset-factors/", resets.ask_reset, name="ask-reset"),
    path("resets/", resets.reset_list, name="resets"),
    path("resets/<int:reset_id>/", resets.reset_page, name="reset"),
    path("resets/<int:reset_id>/confirm/", resets.confirm_reset, name="confirm-reset"),
    path("resets/<int:reset_id>/refuse/", resets.refuse_reset, name="refuse-reset"),
    path("sign-ins/", journal.sign_ins, name="sign-ins"),
    path("own/", own.own_account, name="own"),
    path("own/password/", own.change_password, name="change-password"),
    path("own/totp/", factors.set_up_totp, name="set-up-totp"),
    path("own/totp/remove/", factors.remove_totp, name="remove-totp"),
    path("own/passkeys/add/", factors.add_passkey, name="add-passkey"),
    path("own/passkeys/<int:passkey_id>/remove/", factors.remove_passkey, name="remove-passkey"),
    path("own/recovery-codes/", factors.renew_codes, name="renew-codes"),
    path("own/sessions/", own.own_sessions, name="own-sessions"),
    path("own/sessions/<int:session_id>/end/", own.end_session, name="end-session"),
    path("own/sign-ins/", own.own_sign_ins, name="own-sign-ins"),
]
candidate_urls = [path("password/", own.change_candidate_password, name="change-candidate-password")]
