from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "zikao.stages.programmes"
    label = "programmes"
