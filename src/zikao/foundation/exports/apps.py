from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "zikao.foundation.exports"
    label = "exports"
