from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "zikao.national"
    label = "national"
