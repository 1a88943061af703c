from importlib import import_module

from django.apps import AppConfig


class ConductConfig(AppConfig):
    name = "zikao.stages.conduct"
    label = "conduct"

    def ready(self) -> None:
        import_module("zikao.stages.conduct.queries")  # tells exam staff whose sheets are signed
