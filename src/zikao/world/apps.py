from django.apps import AppConfig


class WorldConfig(AppConfig):
    name = "zikao.world"
    label = "world"
