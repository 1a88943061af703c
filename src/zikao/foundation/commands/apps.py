from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CommandsConfig(AppConfig):
    name = "zikao.foundation.commands"
    label = "commands"

    def ready(self) -> None:
        """New connections learn which rows they show."""
        from zikao.foundation.commands.rows import tell_again

        connection_created.connect(tell_again, dispatch_uid="zikao.rows")
