from django.apps import AppConfig


class MarkingConfig(AppConfig):
    name = "zikao.stages.marking"
    label = "marking"
