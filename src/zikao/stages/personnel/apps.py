from django.apps import AppConfig


class PersonnelConfig(AppConfig):
    name = "zikao.stages.personnel"
    label = "personnel"

    def ready(self) -> None:
        from zikao.stages.personnel import (
            lettered,  # noqa: F401 - who is on duty at a site
            queries,  # noqa: F401 - who is barred from secret matters
        )
