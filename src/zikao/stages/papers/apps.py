from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "zikao.stages.papers"
    label = "papers"
