import logging

from django.apps import AppConfig

log = logging.getLogger(__name__)


class ProgrammesConfig(AppConfig):
    name = "zikao.stages.programmes"
    label = "programmes"

    def ready(self) -> None:
        """The province's own values are read before each request, as they are before each command."""
        from django.core.signals import request_started

        from zikao.stages.programmes import commands, queries, tasks  # noqa: F401 - values, approvals, the queue

        request_started.connect(read_own_values, dispatch_uid="own-values")


def read_own_values(**_: object) -> None:
    """A request without a database (is the node alive?) goes on with the values it has."""
    from django.db import DatabaseError

    from zikao.foundation.regulation.own_values import freshen

    try:
        freshen()
    except DatabaseError:
        log.warning("own values not read: the database did not answer")
