from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "zikao.stages.entries"
    label = "entries"

    def ready(self) -> None:
        from zikao.foundation.jobs.caretaker import chore
        from zikao.stages.entries import running  # noqa: F401 - sittings entered for
        from zikao.stages.entries.commands.correcting import follow_correction, hold_entries
        from zikao.stages.entries.queries import foresee_correction
        from zikao.stages.entries.tasks import (
            measure_from_time_to_time,
            reconcile_from_time_to_time,
            settle_from_time_to_time,
        )
        from zikao.stages.programmes.entered import when_corrected

        when_corrected(hold=hold_entries, foresee=foresee_correction, settle=follow_correction)
        chore("settle-orders", every_seconds=2.0)(settle_from_time_to_time)
        chore("measure-queues", every_seconds=10.0)(measure_from_time_to_time)
        chore("reconcile", every_seconds=300.0)(reconcile_from_time_to_time)
