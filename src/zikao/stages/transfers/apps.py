from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "zikao.stages.transfers"
    label = "transfers"
