from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "zikao.stages.candidates"
    label = "candidates"

    def ready(self) -> None:
        from zikao.stages.candidates import personal, tasks  # noqa: F401 - what can be shown in full; housekeeping
