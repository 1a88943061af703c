from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "zikao.stages.entries"
    label = "entries"

    def ready(self) -> None:
        from zikao.stages.entries import running  # noqa: F401 - sittings entered for
