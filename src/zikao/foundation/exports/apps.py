from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "zikao.foundation.exports"
    label = "exports"

    def ready(self) -> None:
        """Offer the housekeeping of exports: what was not collected in time is closed."""
        from zikao.foundation.jobs.caretaker import chore

        @chore("expire-exports", every_seconds=60.0)
        def close_overdue() -> None:
            from zikao.foundation import clock
            from zikao.foundation.actors import node_actor
            from zikao.foundation.exports import commands, queries

            at = clock.now()
            if queries.overdue(at).exists():
                commands.expire_exports(by=node_actor(), at=at)
