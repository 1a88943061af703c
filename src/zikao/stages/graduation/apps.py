from django.apps import AppConfig


class GraduationConfig(AppConfig):
    name = "zikao.stages.graduation"
    label = "graduation"

    def ready(self) -> None:
        from zikao.stages.graduation.queries.consequences import resting_on
        from zikao.stages.results.queries import consequence

        consequence(resting_on)
