from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "zikao.stages.agencies"
    label = "agencies"
