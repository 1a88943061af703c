from django.apps import AppConfig


class ViolationsConfig(AppConfig):
    name = "zikao.stages.violations"
    label = "violations"
