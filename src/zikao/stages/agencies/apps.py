from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "zikao.stages.agencies"
    label = "agencies"

    def ready(self) -> None:
        from zikao.stages.agencies import (
            commands,  # noqa: F401 - what follows an approval
            personal,  # noqa: F401 - what can be shown in full
        )
