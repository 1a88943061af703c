from django.apps import AppConfig


class WitnessConfig(AppConfig):
    name = "zikao.foundation.witness"
    label = "witness"
