from importlib import import_module

from django.apps import AppConfig


class ViolationsConfig(AppConfig):
    name = "zikao.stages.violations"
    label = "violations"

    def ready(self) -> None:
        import_module("zikao.stages.violations.queries")  # tells retention which cases are open
