from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "zikao.stages.entries"
    label = "entries"
