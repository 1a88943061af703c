from importlib import import_module

from django.apps import AppConfig


class MarkingConfig(AppConfig):
    name = "zikao.stages.marking"
    label = "marking"

    def ready(self) -> None:
        import_module("zikao.stages.marking.secrets")  # says who handles which secret matter
        import_module("zikao.stages.marking.queries.keeping")  # tells retention which files are its scans
        import_module("zikao.stages.marking.queries.persons")  # tells exam staff how much was marked
