from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "zikao.foundation.custody"
    label = "custody"

    def ready(self) -> None:
        from zikao.foundation.custody import housekeeping  # noqa: F401 - its chores and effects
