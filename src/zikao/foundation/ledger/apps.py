from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "zikao.foundation.ledger"
    label = "ledger"
