from django.apps import AppConfig


class SecrecyConfig(AppConfig):
    name = "zikao.foundation.secrecy"
    label = "secrecy"
