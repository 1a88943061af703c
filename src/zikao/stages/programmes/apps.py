from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "zikao.stages.programmes"
    label = "programmes"

    def ready(self) -> None:
        """The province's own values are read before each request, as they are before each command."""
        from django.core.signals import request_started

        from zikao.foundation.regulation.own_values import freshen
        from zikao.stages.programmes import commands, queries, tasks  # noqa: F401 - values, approvals, the queue

        request_started.connect(freshen, dispatch_uid="own-values")
