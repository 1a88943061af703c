from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zikao.foundation.exchange"
    label = "exchange"
