from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zikao.stages.records"
    label = "records"

    def ready(self) -> None:
        from zikao.stages.records.queries import progress  # noqa: F401 - says what its pages show of scores
        from zikao.stages.records.queries.consequences import resting_on
        from zikao.stages.results.queries import consequence

        consequence(resting_on)
