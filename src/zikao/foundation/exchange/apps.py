from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ExchangeConfig(AppConfig):
    name = "zikao.foundation.exchange"
    label = "exchange"

    def ready(self) -> None:
        from zikao.foundation.exchange import announcing  # noqa: F401 - its handlers

        autodiscover_modules("inbox")
