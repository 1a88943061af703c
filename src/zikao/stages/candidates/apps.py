from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "zikao.stages.candidates"
    label = "candidates"

    def ready(self) -> None:
        from zikao.stages.candidates import (
            kinship,  # noqa: F401 - whose matters somebody keeps away from
            on_record,  # noqa: F401 - how many persons are on record
            personal,  # noqa: F401 - what can be shown in full
            tasks,  # noqa: F401 - housekeeping
        )
