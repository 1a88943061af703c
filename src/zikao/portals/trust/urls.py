"""Addresses of the state of trust: for auditors and administrators, and for everybody."""

from django.urls import path

from zikao.portals.trust.views import alarms, log, public, restores, state, verifying, witnesses

app_name = "trust"

staff_urls = [
    path("", state.trust, name="state"),
    path("verifications/", verifying.verifications, name="verifications"),
    path("verifications/<int:verification_id>/", verifying.verification, name="verification"),
    path("verify/", verifying.order, name="verify"),
    path("renewals/", verifying.renewals, name="renewals"),
    path("renew/", verifying.renew, name="renew"),
    path("lines/", log.log, name="log"),
    path("lines/<int:line_id>/", log.line, name="line"),
    path("lines/<int:line_id>/receipt/", verifying.line_receipt, name="line-receipt"),
    path("alarms/", alarms.alarm_list, name="alarms"),
    path("alarms/<int:alarm_id>/", alarms.alarm, name="alarm"),
    path("alarms/<int:alarm_id>/settle/", alarms.settle, name="settle"),
    path("restores/", restores.restore_list, name="restores"),
    path("restores/declare/", restores.declare, name="declare-restore"),
    path("restores/<int:restore_id>/", restores.restore, name="restore"),
    path("restores/<int:restore_id>/accept/", restores.accept, name="accept-restore"),
    path("restores/<int:restore_id>/refuse/", restores.refuse, name="refuse-restore"),
]
public_urls = [
    path("check/", public.check, name="check"),
    path("keys/", public.keys, name="keys"),
    path("keys.json", public.keys_file, name="keys-file"),
    path("witnesses/", witnesses.witnesses, name="witnesses"),
    path("evidence/<int:alarm_id>.txt", witnesses.evidence, name="evidence"),
    path("receipt/<str:code>.txt", public.receipt_file, name="receipt-file"),
]
