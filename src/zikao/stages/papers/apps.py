from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "zikao.stages.papers"
    label = "papers"

    def ready(self) -> None:
        from zikao.stages.papers import secrets  # noqa: F401 - who handles the questions
