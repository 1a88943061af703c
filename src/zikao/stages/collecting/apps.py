from importlib import import_module

from django.apps import AppConfig


class CollectingConfig(AppConfig):
    name = "zikao.stages.collecting"
    label = "collecting"

    def ready(self) -> None:
        import_module("zikao.stages.collecting.commands.leaving")  # whoever is out of post is out of the place
