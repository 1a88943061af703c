from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "zikao.stages.transfers"
    label = "transfers"

    def ready(self) -> None:
        from zikao.stages.results.archive import when_filed
        from zikao.stages.results.states import ListKind
        from zikao.stages.transfers.commands.arriving import scores_filed

        when_filed(ListKind.TRANSFER)(scores_filed)
