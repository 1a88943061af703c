from django.apps import AppConfig


class SeatingConfig(AppConfig):
    name = "zikao.stages.seating"
    label = "seating"

    def ready(self) -> None:
        from zikao.stages.seating import running  # noqa: F401 - sittings seated
        from zikao.stages.seating.queries import staffing  # noqa: F401 - who sits where, for exam staff
