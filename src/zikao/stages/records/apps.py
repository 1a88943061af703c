from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zikao.stages.records"
    label = "records"
