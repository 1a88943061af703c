from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "zikao.stages.transfers"
    label = "transfers"

    def ready(self) -> None:
        from zikao.stages.entries.passed import answer_moved
        from zikao.stages.results.archive import when_filed
        from zikao.stages.results.states import ListKind
        from zikao.stages.transfers.commands.arriving import scores_filed
        from zikao.stages.transfers.queries.moves import areas_moved_to

        answer_moved(areas_moved_to)
        when_filed(ListKind.TRANSFER)(scores_filed)
