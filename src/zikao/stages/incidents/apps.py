from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "zikao.stages.incidents"
    label = "incidents"

    def ready(self) -> None:
        import_module("zikao.stages.incidents.personal")  # what of a secret incident can be shown
