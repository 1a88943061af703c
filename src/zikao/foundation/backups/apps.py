from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "zikao.foundation.backups"
    label = "backups"
