from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "zikao.foundation.approvals"
    label = "approvals"
