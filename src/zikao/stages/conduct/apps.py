from django.apps import AppConfig


class ConductConfig(AppConfig):
    name = "zikao.stages.conduct"
    label = "conduct"
